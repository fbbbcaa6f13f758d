"""Experiments with the model (run, compare, sweep, calibrate, validate, report) and the `thuis` command.

In Python they are called through `thuis` (thuis.py).
"""
