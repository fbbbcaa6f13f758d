"""One palette: no other file names a colour, and what is written in it can be read."""

import re
from pathlib import Path

import pytest

from experiments.results.palette import palette, style_rules

REPOSITORY = Path(__file__).parents[2]
COLOUR = re.compile(r"""#[0-9a-fA-F]{6}\b|["':\s]#[0-9a-fA-F]{3}\b(?=[;"'\s])""")
BLACK_OR_WHITE = {"#000000", "#ffffff"}  # of letters on a colour, whichever can be read


def test_no_other_file_names_a_colour():
    kinds = ("py", "js", "css", "j2", "html")
    files = [
        file for room in ("browser", "experiments") for kind in kinds for file in (REPOSITORY / room).rglob(f"*.{kind}")
    ]
    own = [file for file in files if "vendor" not in file.parts]
    named = {
        f"{file.relative_to(REPOSITORY)}: {colour}"
        for file in own
        for colour in COLOUR.findall(file.read_text(encoding="utf-8"))
        if colour not in BLACK_OR_WHITE
    }
    assert len(own) > 100 and not named


def luminance(colour: str) -> float:
    """Relative luminance by WCAG 2."""
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("theme", [0, 1])
@pytest.mark.parametrize("ink", ["ink", "quiet", "accent", "orange_ink", "green_ink", "purple_ink"])
def test_letters_can_be_read_on_the_page(theme, ink):
    colours = palette()["theme"] | palette()["hues"]
    for behind in ("paper", "soft"):
        light, dark = sorted((luminance(colours[name][theme]) for name in (ink, behind)), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 4.5


def test_every_property_of_the_style_sheets_is_declared():
    sheets = [file for room in ("browser", "experiments") for file in (REPOSITORY / room).rglob("*.css")]
    texts = [style_rules(dark=True), *(sheet.read_text(encoding="utf-8") for sheet in sheets)]
    declared, used = (set(re.findall(look, "".join(texts))) for look in (r"(--[\w-]+):", r"var\((--[\w-]+)\)"))
    assert len(used) > 30 and used <= declared
