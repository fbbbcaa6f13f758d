"""The report of a comparison: one self-contained page that a council can read, in Dutch and in English."""

from experiments.compare.report.page import write_reports

__all__ = ["write_reports"]
