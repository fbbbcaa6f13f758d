"""`thuis levers check`: whether each lever moves its target in the intended direction, all else equal."""
