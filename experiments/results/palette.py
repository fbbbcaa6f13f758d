"""The colours of pages, reports and figures, from `conf/palette.yaml`."""

from functools import cache
from itertools import chain
from typing import Any

from conf.files import read_yaml

SERIES = ("blue", "orange", "green", "purple", "black", "amber", "sky")
"""Hues in the order in which lines of a figure take them."""


@cache
def palette() -> dict[str, Any]:
    """The file as it stands."""
    found: dict[str, Any] = read_yaml("conf", "palette.yaml")
    return found


def hue(name: str) -> str:
    """A colour on paper, by its name among `hues` or `theme`."""
    known = palette()
    colour: str = (known["hues"] | known["theme"])[name][0]
    return colour


def series() -> tuple[str, ...]:
    """Colours for lines and dots that stand for different things."""
    return tuple(hue(name) for name in SERIES)


def amounts_map() -> Any:
    """The colour map of Matplotlib for amounts, from low to high, with grey for what is not known."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("amounts", palette()["amounts"]).with_extremes(bad=palette()["none"])


def style_rules(dark: bool = False) -> str:
    """The palette as custom properties of a style sheet (`--ink`, `--less-0` …), on request for the dark theme too."""
    known = palette()
    named = {**known["theme"], **known["hues"]}
    ramps = {f"{name}_{at}": colour for name in ("less", "more", "amounts") for at, colour in enumerate(known[name])}
    light = {name: pair[0] for name, pair in named.items()} | {name: known[name] for name in ("none", "hatch")} | ramps
    rules = f":root {{ {declared(light)} color-scheme: light; }}\n"
    if dark:
        darker = declared({name: pair[1] for name, pair in named.items()})
        rules += f':root[data-theme="dark"] {{ {darker} color-scheme: dark; }}\n'
    return rules


def declared(colours: dict[str, str]) -> str:
    """Declarations of custom properties."""
    return " ".join(chain.from_iterable((f"--{name.replace('_', '-')}:", f"{colours[name]};") for name in colours))
