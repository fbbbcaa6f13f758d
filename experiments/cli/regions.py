"""`thuis regions`: the municipalities that can be simulated, listed and searched."""

import sys
from collections import Counter
from collections.abc import Sequence

from scenarios.errors import InputError
from scenarios.regions.register import YEAR, key_of, municipalities, seven_counts
from scenarios.synthesis import diversity

HELP = """\
List and search the municipalities of the Netherlands: what they are called in region=NAME, and their figures.

  thuis regions                 the provinces, and how to go on
  thuis regions TEXT ...        municipalities by name (or a part of it, or nearly), code or province
  thuis regions all             all of them

Examples
  thuis regions gouda
  thuis regions bergen
  thuis regions zeeland

In thuis run, compare, sweep and view: region=gouda, region=GM0513, region=[gouda,waddinxveen], region=zuid-holland,
region=all. Capitals, accents and signs do not matter."""


def main(argv: Sequence[str]) -> int:
    """Run `thuis regions` with these words."""
    words = list(argv)
    if {"--help", "-h", "help"} & set(words):
        print(HELP)
        return 0
    print(listing(" ".join(words)) if words else overview())
    return 0


def overview() -> str:
    """The provinces with their number of municipalities and residents."""
    rows = municipalities().values()
    count = Counter(row["province"] for row in rows)
    residents = Counter[str]()
    for row in rows:
        residents[row["province"]] += row["residents"]
    lines = [f"{len(rows)} municipalities, figures of {YEAR} (Statistics Netherlands)", ""]
    lines += [
        f"  {name:<15} {count[name]:>3} municipalities {residents[name]:>11,} residents" for name in sorted(count)
    ]
    return "\n".join([*lines, "", "thuis regions TEXT searches by name, code or province; thuis regions all lists all"])


def listing(text: str) -> str:
    """The municipalities that a text means, a line each.

    Raises
    ------
    InputError
        Nothing is like it.
    """
    from scenarios.regions.archetypes import archetype_names
    from scenarios.regions.names import search

    codes = sorted(municipalities()) if text == "all" else search(text)
    if not codes:
        raise InputError(f"no municipality is like '{text}' (all: thuis regions all)")
    names = {code: key_of(code, municipalities()[code]["name"]) for code in codes}
    width = max(6, *map(len, names.values()))
    lines = [f"{'region':<{width}}  code    residents  districts  diversity  name, province"]
    for code, name in sorted(names.items(), key=lambda item: item[1]):
        row = municipalities()[code]
        counts = seven_counts(row)
        also = "; by default with its figures of 2017" if name in archetype_names() else ""
        lines.append(
            f"{name:<{width}}  {code}  {row['residents']:>9,}  {row['neighbourhoods']:>9}  "
            f"{diversity(counts / counts.sum()):>9.2f}  {row['name']}, {row['province']}{also}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
