"""`thuis levers check`: whether each lever moves what it is for the right way, with all else equal."""
