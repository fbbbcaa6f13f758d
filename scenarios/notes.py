"""Notes for users: what the reader of a table assumed or filled in, one plain sentence each, in English and Dutch."""

from collections.abc import Iterable

TARGET_NAMES: dict[str, dict[str, str]] = {
    "labour_eu": {"nl": "arbeidsmigranten uit de EU", "en": "labour migrants from the EU"},
    "knowledge": {"nl": "kennismigranten", "en": "knowledge migrants"},
    "study": {"nl": "studenten", "en": "students"},
    "family": {"nl": "gezinsmigranten", "en": "family migrants"},
    "asylum": {"nl": "asielmigranten", "en": "asylum migrants"},
    "other_eu": {"nl": "andere EU-migranten", "en": "other EU migrants"},
    "shops": {"nl": "buurtwinkels", "en": "neighbourhood shops"},
    "library": {"nl": "bibliotheek", "en": "library"},
    "park": {"nl": "parken", "en": "parks"},
    "sports": {"nl": "sport", "en": "sports"},
    "community_centre": {"nl": "buurthuis", "en": "community centre"},
    "school": {"nl": "school", "en": "school"},
    "association": {"nl": "verenigingen", "en": "associations"},
}
"""What motives and kinds of facilities are called, by language."""


class Note(str):
    """A sentence in English, with its Dutch translation.

    Attributes
    ----------
    dutch : str
    """

    dutch: str

    def __new__(cls, english: str, dutch: str) -> "Note":
        """Make a note of the two sentences."""
        note = super().__new__(cls, english)
        note.dutch = dutch
        return note

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """Both sentences, for copies and other processes."""
        return str(self), self.dutch


class Warned(Note):
    """A warning, to be read before a result is used: it is also printed on the screen."""


def in_dutch(notes: Iterable[str]) -> list[str]:
    """The notes in Dutch; one without a translation stays as it is."""
    return [note.dutch if isinstance(note, Note) else note for note in notes]
