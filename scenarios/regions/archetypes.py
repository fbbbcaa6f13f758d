"""The municipalities of the WRR typology, with neighbourhoods synthesised from cited figures of 2017.

Figures stand in ``conf/municipality/*.yaml``, each with its source and how sure it is. The neighbourhoods are not real
ones: they reproduce the municipality's composition, segregation and spread of diversity, not its map.
"""

from functools import cache
from importlib import resources
from typing import Any

from conf.files import read_yaml
from scenarios.areas import AreaTable
from scenarios.errors import InputError, close_matches
from scenarios.notes import Note
from scenarios.regions.neighbourhoods import make_neighbourhoods


@cache
def archetype_names() -> list[str]:
    """Names of the municipalities of the typology."""
    folder = resources.files("conf.municipality")
    return sorted(f.name.removesuffix(".yaml") for f in folder.iterdir() if f.name.endswith(".yaml"))


def figures(name: str) -> dict[str, Any]:
    """Return the cited figures of a municipality, as in its YAML file (``value``, ``source``, ``certainty``).

    Raises
    ------
    InputError
        For an unknown name, with the nearest that are known.
    """
    if name not in archetype_names():
        known = archetype_names()
        raise InputError(f"unknown municipality '{name}' (allowed: {', '.join(known)}){close_matches(name, known)}")
    return read_yaml("conf.municipality", f"{name}.yaml")


@cache
def archetype(name: str) -> AreaTable:
    """Return the neighbourhoods of a municipality of the typology.

    Raises
    ------
    InputError
        For an unknown name.
    """
    data = figures(name)
    title = data["title"]["en"]
    source = Note(
        f"{title}: CBS figures of {data['year']}, synthesised neighbourhoods (conf/municipality/{name}.yaml)",
        f"{title}: cijfers van het CBS over {data['year']}, nagebootste wijken (conf/municipality/{name}.yaml)",
    )
    return make_neighbourhoods(data, source, [], _text(name).encode())


def _text(name: str) -> str:
    return resources.files("conf.municipality").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
