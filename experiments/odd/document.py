"""The whole description: the documentation's text on the model with this run in it, equations, and appendices."""

from experiments.odd import declared, this_run
from experiments.odd.prose import run_text
from experiments.odd.receipt import Receipt

LEAD = (
    "This document describes what was simulated, after the ODD+D protocol. It is made by `thuis odd` from the "
    "declarations in the code that ran and from the receipt of the run; no number in it was typed."
)


def write_document(receipt: Receipt) -> str:
    """The description of a run or comparison in Markdown."""
    parts, values = this_run.parts_of(receipt), receipt.parameters
    what = "a comparison" if receipt.several else "a run"
    sections = [
        f"# ODD+D of {what} with Thuis: {receipt.summary['title']}",
        LEAD,
        run_text("model", parts, values),
        run_text("equations", parts, values, deeper=2),
        "## Appendix A. Parameters",
        declared.parameters(values, "###"),
        "## Appendix B. Levers and their values in the baseline",
        this_run.all_levers(),
        "## Appendix C. What was asked",
        this_run.requested(receipt),
        "## Appendix D. What came out",
        this_run.outcome(receipt),
        "## Appendix E. Words and symbols",
        run_text("glossary", parts, values),
    ]
    return "\n\n".join(sections) + "\n"
