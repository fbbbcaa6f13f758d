"""What the reader of a table assumed or filled in, one plain sentence each, in English and Dutch."""

from collections.abc import Iterable

FACILITIES_NL = {
    "shops": "winkels",
    "library": "bibliotheek",
    "park": "parken",
    "sports": "sport",
    "community_centre": "buurthuis",
    "school": "scholen",
    "association": "verenigingen",
}


class Note(str):
    """An English sentence that knows itself in Dutch.

    Attributes
    ----------
    dutch : str
    """

    dutch: str

    def __new__(cls, english: str, dutch: str) -> "Note":
        """Make one of the two sentences."""
        note = super().__new__(cls, english)
        note.dutch = dutch
        return note

    def __getnewargs__(self) -> tuple[str, str]:  # type: ignore[override]
        """Both sentences, for copies and other processes."""
        return str(self), self.dutch


def in_dutch(notes: Iterable[str]) -> list[str]:
    """The notes in Dutch; one without a translation stays as it is."""
    return [note.dutch if isinstance(note, Note) else note for note in notes]
