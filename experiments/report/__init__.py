"""The report of a comparison: one self-contained page."""


def write_reports(folder, summary, table, language):
    """Stub."""
