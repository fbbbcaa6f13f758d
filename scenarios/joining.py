"""Matching of outlines with areas: by code, with names compared, since codes are re-used for other areas."""

import difflib
import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

import numpy as np

from scenarios.codes import CODE, bare_code
from scenarios.errors import wrong
from scenarios.findings import Findings

ENOUGH, WARNED = 0.5, 0.95
"""Below the first share of areas joined the join is refused, below the second there is a warning."""
ALIKE, ALIKE_WHERE_DIVIDED_ANEW = 0.5, 0.9
"""Similarity (0 to 1) below which two names of one code are two areas: the code was re-used. The limit is higher where
some codes of the municipality are not found, since its districts were divided differently."""
SHOWN = 4


def match_outlines(
    codes: Sequence[str],
    names: Sequence[str],
    there: Mapping[str, str],
    chosen: np.ndarray,
    found: Findings,
    file: object,
) -> dict[str, str]:
    """Return the code of the outline per code of area.

    Parameters
    ----------
    codes, names : sequences of str, length J
    there : mapping of str to str
        Names of the outlines by their codes; an empty text where it is unknown.
    chosen : bool[J]
        Requested areas: they decide whether enough was joined.
    found : Findings
        Where notes go.
    file : path
        For messages.

    Raises
    ------
    InputError
        When less than half of the requested areas have an outline.
    """
    requested = {code: name for code, name, keep in zip(codes, names, chosen, strict=True) if keep}
    joined = _by_code(list(requested), there, found, file)
    anew = {code[2:6] for code in codes if CODE.fullmatch(code) and code not in there}
    joined = _without_reused(joined, requested, anew, there, found, file)
    joined |= _by_name(joined, requested, there, found, file)
    _judge(list(requested), joined, there, found, file)
    return joined


@lru_cache(maxsize=100_000)
def plain_name(name: str) -> str:
    """A name in lower case, without accents, signs and the number of a district."""
    text = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    text = re.sub(r"^wijk \w{1,3}( |$)", "", text)
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text).split())


def _by_code(codes: Sequence[str], there: Mapping[str, str], found: Findings, file: object) -> dict[str, str]:
    joined = {code: code for code in codes if code in there}
    if len(joined) * 2 >= len(codes):
        return joined
    counts = Counter(bare_code(code) for code in there)
    bare = {bare_code(code): code for code in there if counts[bare_code(code)] == 1}
    ours = Counter(bare_code(code) for code in codes)
    more = {c: bare[bare_code(c)] for c in codes if ours[bare_code(c)] == 1 and bare_code(c) in bare}
    if len(more) <= len(joined):
        return joined
    first = next(code for code in more)
    found.say(
        f"{_name(file)}: codes were compared without letters and zeros in front ('{first}' is '{more[first]}').",
        f"{_name(file)}: codes zijn vergeleken zonder letters en nullen ervoor ('{first}' is '{more[first]}').",
    )
    return more


def _without_reused(
    joined: dict[str, str],
    requested: Mapping[str, str],
    anew: set[str],
    there: Mapping[str, str],
    found: Findings,
    file: object,
) -> dict[str, str]:
    """Leave out codes of CBS whose names differ too much; ``anew`` are municipalities with new districts."""
    reused = {}
    for code, outline in joined.items():
        ours, theirs = plain_name(requested[code]), plain_name(there[outline])
        if ours and theirs and ours != theirs and CODE.fullmatch(code):
            least = ALIKE_WHERE_DIVIDED_ANEW if code[2:6] in anew else ALIKE
            if difflib.SequenceMatcher(None, ours, theirs).ratio() < least:
                reused[code] = (there[outline], requested[code])
    if not reused:
        return joined
    count, first = len(reused), list(reused.items())[:SHOWN]
    more = f"; and {count - SHOWN} more" if count > SHOWN else ""
    found.warn(
        f"{_name(file)}: {count} codes belong to areas of another name and were not used: "
        f"{'; '.join(f'{code} ({theirs}, here {ours})' for code, (theirs, ours) in first)}{more}.",
        f"{_name(file)}: {count} codes horen daar bij gebieden met een andere naam en zijn niet gebruikt: "
        f"{'; '.join(f'{code} ({theirs}, hier {ours})' for code, (theirs, ours) in first)}"
        f"{more.replace('and', 'en nog').replace(' more', '')}.",
    )
    return {code: outline for code, outline in joined.items() if code not in reused}


def _by_name(
    joined: dict[str, str], requested: Mapping[str, str], there: Mapping[str, str], found: Findings, file: object
) -> dict[str, str]:
    """Areas of CBS without an outline whose name occurs once in their municipality, here and there."""
    open_areas = {code: name for code, name in requested.items() if code not in joined and CODE.fullmatch(code)}
    if not open_areas:
        return {}

    def key(code: str, name: str) -> tuple[str, str]:
        return code[:6], plain_name(name)  # kind and municipality, and the name

    taken = set(joined.values())
    theirs = Counter(key(code, name) for code, name in there.items())
    ours = Counter(key(code, name) for code, name in requested.items())
    free = {key(code, name): code for code, name in there.items() if code not in taken and plain_name(name)}
    once = {k for k in free if theirs[k] == ours[k] == 1}
    more = {code: free[key(code, name)] for code, name in open_areas.items() if key(code, name) in once}
    if more:
        listed = ", ".join(f"{code} ({outline})" for code, outline in list(more.items())[:SHOWN])
        found.warn(
            f"{_name(file)}: {len(more)} areas were found by name, under another code: {listed}.",
            f"{_name(file)}: {len(more)} gebieden zijn op naam gevonden, onder een andere code: {listed}.",
        )
    return more


def _judge(
    requested: list[str], joined: dict[str, str], there: Mapping[str, str], found: Findings, file: object
) -> None:
    """Refuse a join of less than half, warn of one that is not nearly whole."""
    count = sum(code in joined for code in requested)
    absent = [code for code in requested if code not in joined]
    share = count / max(len(requested), 1)
    if share < ENOUGH:
        theirs = ", ".join(list(there)[:3])
        found.refuse(
            wrong(
                f"has outlines of {count} of {len(requested)} areas; not of {', '.join(absent[:3])} "
                f"(its codes: {theirs})",
                file=str(file),
                allowed="at least half of the areas, by the same codes and of the same year",
            )
        )
    elif share < WARNED:
        more = f" and {len(absent) - SHOWN} more" if len(absent) > SHOWN else ""
        found.warn(
            f"{_name(file)}: {len(absent)} of {len(requested)} areas have no outline: "
            f"{', '.join(absent[:SHOWN])}{more}.",
            f"{_name(file)}: {len(absent)} van de {len(requested)} gebieden hebben geen omtrek: "
            f"{', '.join(absent[:SHOWN])}{more.replace('and', 'en nog').replace(' more', '')}.",
        )


def _name(file: object) -> str:
    return Path(str(file)).name
