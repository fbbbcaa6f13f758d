"""Launchers for `thuis run -m hydra/launcher=NAME`."""
