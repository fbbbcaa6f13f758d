"""Recipes that make a table of areas from what a city or an office publishes; see docs/own_areas.md."""
