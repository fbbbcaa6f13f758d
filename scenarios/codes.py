"""Codes of Statistics Netherlands: ``GM0363``, ``WK036300``, ``BU03630000``, in all usual spellings."""

import re

CODE = re.compile(r"(NL\d\d|GM\d{4}|WK\d{4}[0-9A-Z]{2}|BU\d{4}[0-9A-Z]{4})")
LEVELS = {"buurten": "BU", "wijken": "WK", "gemeenten": "GM"}
"""Kinds of areas, and the letters their codes begin with."""
_DIGITS = {"GM": 4, "WK": 6, "BU": 8}
_SHORT = re.compile(r"(GM|WK|BU)\s*(\d{1,8})", re.IGNORECASE)


def full_code(code: str) -> str:
    """A code of CBS with capitals and all its zeros (``GM363`` is GM0363); any other code as it is."""
    match = _SHORT.fullmatch(code)
    if not match or len(match[2]) > _DIGITS[match[1].upper()]:
        return code
    return match[1].upper() + match[2].zfill(_DIGITS[match[1].upper()])


def bare_code(code: str) -> str:
    """A code without the letters and zeros that people leave out: ``GM0363`` and ``363`` are the same."""
    return re.sub(r"^(GM|WK|BU)?\s*0*", "", code.strip().upper()) or code.strip()
