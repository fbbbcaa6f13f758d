"""Warnings to the user about assumptions, printed before a run begins."""

import sys
from collections.abc import Iterable

from scenarios.notes import Warned, in_dutch


def warn(notes: Iterable[str], language: str = "en") -> None:
    """Print the warnings among notes on standard error, a line each."""
    warnings = [note for note in notes if isinstance(note, Warned)]
    word = {"en": "look at this", "nl": "let op"}[language]
    for text in in_dutch(warnings) if language == "nl" else warnings:
        print(f"thuis: {word}: {text}", file=sys.stderr, flush=True)
