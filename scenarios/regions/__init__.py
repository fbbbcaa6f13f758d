"""Any municipality of the Netherlands by name: its names, its figures, and its neighbourhoods, synthetic or real."""
