"""Output for any terminal: characters that its encoding does not have are replaced by similar ones."""

import codecs
import sys
import unicodedata

LIKE = {"→": "->", "−": "-", "–": "-", "—": "-", "…": "...", "’": "'", "‘": "'", "“": '"', "”": '"', "·": ".", "×": "x",
        "≥": ">=", "≤": "<=", "±": "+-", "€": "EUR ", "ø": "o", "Ø": "O", "ß": "ss", "æ": "ae", "³": "3", "²": "2",
        "│": "|", "─": "-", "█": "#", "▏": "|", "●": "*", "○": "o"}  # fmt: skip
"""Replacements of characters that an encoding does not have."""


def make_readable() -> None:
    """Let standard output and error write what their encoding cannot (LC_ALL=C) in plain signs, not stop at it."""
    codecs.register_error("thuis-plain", _in_plain_signs)
    for stream in (sys.stdout, sys.stderr):
        encoding = (getattr(stream, "encoding", None) or "").lower().replace("-", "")
        if encoding != "utf8" and hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="thuis-plain")


def _in_plain_signs(error: UnicodeError) -> tuple[str, int]:
    """The nearest plain signs for the part of a text that cannot be encoded."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    text = error.object[error.start : error.end]
    plain = "".join(LIKE.get(sign) or _without_accents(sign) or "?" for sign in text)
    return plain, error.end


def _without_accents(sign: str) -> str:
    return unicodedata.normalize("NFKD", sign).encode("ascii", "ignore").decode()
