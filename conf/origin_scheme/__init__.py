"""Origin schemes: which groups the source statistics distinguish, as data."""
