"""Calibration to a local survey: the national posterior updated by the areas of one municipality."""
