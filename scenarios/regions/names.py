"""Municipalities from what users write: names in any usual spelling, codes, provinces, several at once."""

import re
from collections.abc import Sequence
from difflib import get_close_matches
from functools import cache
from typing import Any

from scenarios.errors import InputError
from scenarios.regions import register
from scenarios.regions.register import municipalities, spellings
from scenarios.regions.spelling import simplified

ALL = "all"
EVERYWHERE = ("all", "alle", "heel_nederland", "whole_country")
PROVINCE = "province_"
JOINED = "+"
"""Separator of the keys of several municipalities, as in gouda+waddinxveen."""
SHOWN = 5
_CODE = re.compile(r"(gm)?(\d{1,4})")


class RegionError(InputError):
    """A name that is unknown or of several municipalities."""


def region_key(requested: str | Sequence[str]) -> str:
    """Return the key of the municipalities that are meant.

    Parameters
    ----------
    requested : str or sequence of str
        Names or codes of municipalities and provinces; ``all`` for the whole country; several in a list, or as
        ``[gouda,waddinxveen]`` or ``gouda+waddinxveen``.

    Returns
    -------
    str
        ``gouda``, ``gouda+waddinxveen``, ``province_zuid_holland`` or ``all``: the same for every spelling.

    Raises
    ------
    InputError
        For a name that is unknown (with the nearest) or that several municipalities have.
    """
    names = _listed(requested)
    if not names:
        raise RegionError(
            "region is empty (allowed: a municipality, several in a list, a province, or all)",
            "er is geen plaats genoemd (toegestaan: een gemeente, enkele in een lijst, een provincie, of all)",
        )
    keys = list(dict.fromkeys(_one_key(name) for name in names))
    return ALL if ALL in keys else JOINED.join(keys)


def municipality_codes(key: str) -> list[str]:
    """Return the codes that a key of `region_key` stands for, sorted."""
    codes: set[str] = set()
    for one in key.split(JOINED):
        if one == ALL:
            codes |= set(municipalities())
        elif one.startswith(PROVINCE):
            codes |= {code for code, row in municipalities().items() if simplified(row["province"]) == one[9:]}
        else:
            codes.add(_keys()[one])
    return sorted(codes)


def municipality_keys() -> list[str]:
    """Return the keys of all municipalities, sorted."""
    return sorted(_keys())


def title_of(key: str) -> tuple[str, str]:
    """Return what a key is called, in English and Dutch."""
    if key == ALL:
        return "The Netherlands", "Nederland"
    english, dutch = zip(*(_one_title(one) for one in key.split(JOINED)), strict=True)
    if len(english) > 3:
        return f"{len(english)} places", f"{len(english)} plaatsen"
    return ", ".join(english), ", ".join(dutch)


def listed_regions() -> list[dict[str, Any]]:
    """Return all municipalities, the provinces and the country: name (key), title by language, residents, areas."""
    provinces = [f"{PROVINCE}{simplified(name)}" for name in spellings()["provinces"]]
    found = []
    for key in (*municipality_keys(), *provinces, ALL):
        rows = [municipalities()[code] for code in municipality_codes(key)]
        english, dutch = title_of(key)
        residents, areas = (sum(row[column] for row in rows) for column in ("residents", "neighbourhoods"))
        found.append({"name": key, "title": {"en": english, "nl": dutch}, "residents": residents, "areas": areas})
    return found


def search(text: str) -> list[str]:
    """Return the codes of the municipalities that a text may mean: by code, province, part of a name, or nearly so."""
    requested = simplified(text)
    found = _meant(requested)
    if found:
        return sorted(found)
    if (province := _province(requested)) is not None:
        return municipality_codes(f"{PROVINCE}{simplified(province)}")
    names = [(row["name"], code) for code, row in municipalities().items()] + list(spellings()["names"].items())
    parts = {code for name, code in names if _joined(requested) in _joined(simplified(name))}
    return sorted(parts) or [_keys()[key] for key in _near(requested)]


def _listed(requested: str | Sequence[str]) -> list[str]:
    if not isinstance(requested, str):
        return [name for one in requested for name in _listed(str(one))]
    text = requested.strip()
    if text.startswith("[") and text.endswith("]"):
        return [name for part in text[1:-1].split(",") for name in _listed(part)]
    return [name.strip().strip('"') for name in text.split(JOINED) if name.strip()]


def _one_key(name: str) -> str:
    requested = simplified(name)
    if requested in EVERYWHERE:
        return ALL
    codes = _meant(requested)
    if len(codes) == 1:
        return _key(next(iter(codes)))
    if codes:
        which = [f"{_key(c)} ({c}, {municipalities()[c]['province']})" for c in sorted(codes)]
        raise RegionError(
            f"region '{name}' is the name of {len(codes)} municipalities (allowed: {' or '.join(which)})",
            f"'{name}' is de naam van {len(codes)} gemeenten (toegestaan: {' of '.join(which)})",
        )
    province = _province(requested)
    if province is not None:
        return f"{PROVINCE}{simplified(province)}"
    raise unknown_region(name)


def unknown_region(name: str) -> RegionError:
    """Return the error for an unknown name, with the nearest names."""
    requested = simplified(name)
    for entry in spellings()["merged"].values():
        if simplified(entry["name"]) == requested:
            into = municipalities()[entry["into"]]["name"]
            return RegionError(
                f"unknown region '{name}': it is part of {into} since {entry['year']}",
                f"'{name}' is geen gemeente meer: het hoort sinds {entry['year']} bij {into}",
            )
    near = ", ".join(_near(requested))
    hint, wenk = (f"; did you mean {near}?", f"; bedoelt u {near}?") if near else ("", "")
    return RegionError(
        f"unknown region '{name}'{hint} (all names: thuis regions all)", f"onbekende plaats '{name}'{wenk}"
    )


def _near(requested: str) -> list[str]:
    known = {_joined(spelled): code for spelled, codes in _spelled().items() for code in sorted(codes)}
    close = get_close_matches(_joined(requested), list(known), n=SHOWN, cutoff=0.6)
    return list(dict.fromkeys(_key(known[spelled]) for spelled in close))


def _meant(requested: str) -> set[str]:
    """Return the codes of the municipalities that have this name or code."""
    code = _CODE.fullmatch(requested)
    if code:
        full = f"GM{int(code[2]):04d}"
        return {full} if full in municipalities() else set()
    short = re.sub(r"^(gemeente|municipality_of)_|_(gemeente|municipality)$", "", requested)
    return _spelled().get(_joined(short), set())


def _province(requested: str) -> str | None:
    short = re.sub(r"^(provincie|province)_(of_)?|_(provincie|province)$", "", requested)
    named = {simplified(n): name for name, others in spellings()["provinces"].items() for n in (name, *others)}
    return named.get(short)


def _one_title(key: str) -> tuple[str, str]:
    if key.startswith(PROVINCE):
        name = next(n for n in spellings()["provinces"] if simplified(n) == key[9:])
        return f"{name} (province)", f"{name} (provincie)"
    code = _keys()[key]
    title = register.title_of(code, municipalities()[code]["name"])
    return title["en"], title["nl"]


def _key(code: str) -> str:
    return register.key_of(code, municipalities()[code]["name"])


def _joined(spelled: str) -> str:
    """Leave out what is written now joined and now apart, and 'aan de' for 'aan den'."""
    return re.sub(r"(^|_)aan_(de|den|het)_", "_ad_", spelled).replace("_", "")


@cache
def _keys() -> dict[str, str]:
    return {_key(code): code for code in municipalities()}


@cache
def _spelled() -> dict[str, set[str]]:
    """Return the codes by every spelling, without blanks: official name, with and without addition, other names."""
    found: dict[str, set[str]] = {}

    def add(name: str, code: str) -> None:
        found.setdefault(_joined(simplified(name)), set()).add(code)

    for code, row in municipalities().items():
        bare = re.sub(r" *\(.*\)$", "", row["name"])
        for name in (row["name"], bare, f"{bare} {row['province']}", _key(code)):
            add(name, code)
    for name, code in spellings()["names"].items():
        if not found.get(_joined(simplified(name)), set()) - {code}:
            add(name, code)
    return found
