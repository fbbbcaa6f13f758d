"""What people see: the page, its server, and Mesa's own viewer beside it."""
