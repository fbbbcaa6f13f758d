"""`thuis compare`: policies on the same random draws, their paired differences, costs and what is uncertain."""
