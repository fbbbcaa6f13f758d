"""Policies ready to use, as Hydra reads them: `policy=libraries`."""
