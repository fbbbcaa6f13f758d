"""What a region is called: its municipality, several, or how many there are."""

import re
from collections.abc import Sequence

YEAR = re.compile("(19|20)[0-9]{2}")
UNNAMED = ("table", "map")  # areas from Python or from a visitor's file, which came without a name
MOST_NAMED = 4
WORDS = {
    "en": {"own": "your area", "many": "{count:,} municipalities", "and": "and"},
    "nl": {"own": "uw gebied", "many": "{count:,} gemeenten", "and": "en"},
}


def title_of_places(names: Sequence[str], language: str) -> str:
    """The names of municipalities in a sentence; how many there are where they are many.

    Parameters
    ----------
    language : {"en", "nl"}
    """
    words = WORDS[language]
    if len(names) > MOST_NAMED:
        text = words["many"].format(count=len(names))
        return text.replace(",", ".") if language == "nl" else text
    if len(names) == 1:
        return words["own"] if names[0] in UNNAMED else names[0]
    return f"{', '.join(names[:-1])} {words['and']} {names[-1]}"


def name_from_file(stem: str) -> str:
    """A name that can be read, from that of a file: `new_town_2020` is New town; the year is that of its figures."""
    words = stem.replace("_", " ").replace("-", " ").split()
    while len(words) > 1 and YEAR.fullmatch(words[-1]):
        words = words[:-1]
    if stem in UNNAMED or not words:
        return stem
    text = " ".join(words)
    return text[0].upper() + text[1:]
