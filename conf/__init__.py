"""Configuration and figures, shipped inside the wheel."""
