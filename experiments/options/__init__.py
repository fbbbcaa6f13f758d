"""What can be asked of a run, and how words, files and Python values become checked settings."""
