"""Options of a run: arguments, files and Python values become checked settings."""
