"""A survey of one's own: what the areas of one municipality tell about the parameters, beside the national fit."""
