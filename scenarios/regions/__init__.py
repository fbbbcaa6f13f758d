"""Any municipality of the Netherlands by name: what it is called, its figures, its neighbourhoods made up or real."""
