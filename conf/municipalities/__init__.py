"""All municipalities of the Netherlands: figures (a table), where they come from, and what places are called."""
