"""Calibration of the uncertain parameters on measured areas and national patterns: `thuis calibrate`."""
