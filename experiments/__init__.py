"""Questions asked of the model (run, compare, sweep, calibrate, validate, report) and the `thuis` command.

In Python they are asked through `thuis` (thuis.py).
"""
