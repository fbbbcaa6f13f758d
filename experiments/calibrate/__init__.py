"""Fitting the uncertain parameters to measured places and national patterns: `thuis calibrate`."""
