"""Questions of speed, a script each; see README.md. Nothing of Thuis imports from here."""
