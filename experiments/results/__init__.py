"""Results of a run: tables, figures, summary and page, and the folder they are written in."""
