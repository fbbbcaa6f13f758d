"""Setting the simulator beside measured figures: patterns of the country, and any table of measured outcomes."""
