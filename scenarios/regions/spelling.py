"""Normalised spelling of names: capitals, accents, signs and blanks do not matter."""

import re
import unicodedata

LETTERS = str.maketrans(
    {"ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ł": "l", "'": "", "’": "", "‘": "", "`": ""}
)
SHORT = ((r"\ba/d\b|\ba\.? ?d\.?(?= )", "aan den"), (r"\bst\.? ", "sint "), (r"&", " en "))


def simplified(name: str) -> str:
    """Return a name in small letters a to z and digits with single underscores: ``'s-Gravenhage`` is s_gravenhage."""
    text = str(name).strip().lower().translate(LETTERS)
    for pattern, full in SHORT:
        text = re.sub(pattern, full, text)
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")
