"""Municipalities of the WRR typology: cited figures, one file each."""
