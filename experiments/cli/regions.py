"""`thuis regions`: the municipalities that can be simulated, listed and searched."""

import re
import sys
from collections import Counter
from collections.abc import Sequence

from experiments.cli.lists import nothing_like, read_search
from scenarios.regions.register import YEAR, key_of, municipalities, seven_counts
from scenarios.synthesis import diversity

HELP = """\
List and search the municipalities of the Netherlands: what they are called in region=NAME, and their figures.

  thuis regions                 the provinces, and how to go on
  thuis regions TEXT ...        municipalities by name (or a part of it, or nearly), code or province
  thuis regions all             all of them
  thuis regions language=nl     in Dutch

Examples
  thuis regions gouda
  thuis regions bergen
  thuis regions zeeland

In thuis run, compare, sweep and view: region=gouda, region=GM0513, region=[gouda,waddinxveen], region=zuid-holland,
region=all. Capitals, accents and signs do not matter."""


WORDS: dict[str, dict[str, str]] = {
    "en": {
        "overview": "{count} municipalities, figures of {year} (Statistics Netherlands)",
        "province": "  {name:<15} {count:>3} municipalities {residents:>11,} residents",
        "more": "thuis regions TEXT searches by name, code or province; thuis regions all lists all",
        "columns": f"{'residents':>9}  {'districts':>9}  {'diversity':>11}  name, province",
        "of 2017": "; by default with its figures of 2017",
    },
    "nl": {
        "overview": "{count} gemeenten, cijfers van {year} (CBS)",
        "province": "  {name:<15} {count:>3} gemeenten {residents:>11,} inwoners",
        "more": "thuis regions TEKST zoekt op naam, code of provincie; thuis regions all geeft alle",
        "columns": f"{'inwoners':>9}  {'wijken':>9}  {'diversiteit':>11}  naam, provincie",
        "of 2017": "; zonder region.year met de cijfers van 2017",
    },
}


def main(argv: Sequence[str]) -> int:
    """Run `thuis regions` with these words."""
    words = list(argv)
    if {"--help", "-h", "help"} & set(words):
        print(HELP)
        return 0
    language, text = read_search(words)
    print(listing(text, language) if text else overview(language))
    return 0


def thousands(text: str, language: str) -> str:
    """A line with the points of Dutch numbers."""
    return re.sub(r"(?<=\d),(?=\d{3})", ".", text) if language == "nl" else text


def overview(language: str = "en") -> str:
    """The provinces with their number of municipalities and residents."""
    rows, words = municipalities().values(), WORDS[language]
    count = Counter(row["province"] for row in rows)
    residents = Counter[str]()
    for row in rows:
        residents[row["province"]] += row["residents"]
    lines = [words["province"].format(name=n, count=count[n], residents=residents[n]) for n in sorted(count)]
    head = words["overview"].format(count=len(rows), year=YEAR)
    return "\n".join([head, "", *(thousands(line, language) for line in lines), "", words["more"]])


def listing(text: str, language: str = "en") -> str:
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
        raise nothing_like(text, "municipality", "regions all")
    names = {code: key_of(code, municipalities()[code]["name"]) for code in codes}
    width = max(6, *map(len, names.values()))
    lines = [f"{'region':<{width}}  code    {WORDS[language]['columns']}"]
    for code, name in sorted(names.items(), key=lambda item: item[1]):
        row = municipalities()[code]
        counts = seven_counts(row)
        also = WORDS[language]["of 2017"] if name in archetype_names() else ""
        mixture = f"{diversity(counts / counts.sum()):.2f}".replace(".", "," if language == "nl" else ".")
        people = thousands(f"{row['residents']:>9,}", language)
        lines.append(
            f"{name:<{width}}  {code}  {people}  {row['neighbourhoods']:>9}  "
            f"{mixture:>11}  {row['name']}, {row['province']}{also}"
        )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
