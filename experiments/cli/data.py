"""`thuis data`: real areas and own tables; and comparison of a result with observed figures."""

import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from experiments.options.declaration import choice, file_path, number, options_from, several, words, yes_or_no
from experiments.options.help import help_of
from experiments.options.words import Command, Request, asks_for_help, read_words
from scenarios.download.cache import write_atomically
from scenarios.download.check import check
from scenarios.download.fetch import FetchResult, fetch
from scenarios.download.tables import LEVELS, known_years
from scenarios.download.transport import Patience
from scenarios.download.words import counted
from scenarios.errors import InputError
from scenarios.preparation import files_of, prepare, read_recipe, recipe_names

HELP = """\
Real areas, and a check of any table.

  thuis data fetch YEAR MUNICIPALITY ...     download a year of Dutch districts or neighbourhoods
  thuis data prepare RECIPE                  make a table of areas from files of a city or an office
  thuis data check FILE                      what is missing or odd in a table, and what will be assumed
  thuis data observed RESULT TABLE           how far a result agrees with figures of your own

  thuis data fetch --help, and so on         options of each"""


@dataclass(frozen=True)
class FetchOptions:
    """Options of `thuis data fetch`."""

    folder: str = file_path("where to write", "data")
    level: str = choice("wijk", tuple(sorted(LEVELS)), "wijk = district, buurt = neighbourhood")
    no_outlines: bool = yes_or_no("without outlines and positions")
    offline: bool = yes_or_no("only from what was fetched before")
    refresh: bool = yes_or_no("read everything anew")
    protocol: str = choice("v3", ("v3", "v4"), "version of OData")
    cbs_url: str | None = words("another server of CBS' protocol (or $THUIS_CBS_URL)")
    pdok_url: str | None = words("another server of PDOK's protocol (or $THUIS_PDOK_URL)")
    timeout: float = number(30.0, 0.1, 3600.0, "seconds without an answer")


@dataclass(frozen=True)
class PrepareOptions:
    """Options of `thuis data prepare`."""

    source: str = file_path("folder of the files that the recipe names", ".")
    folder: str = file_path("where to write", "data")


@dataclass(frozen=True)
class ObservedOptions:
    """Options of `thuis data observed`."""

    at_least: float | None = number(None, 0.0, 1e9, "residents of the areas that count; default 100")


@dataclass(frozen=True)
class CheckOptions:
    """Options of `thuis data check`."""

    geometry: str | None = file_path("map with the outlines, checked with it")
    extra: tuple[str, ...] = several("tables beside it")


FETCH = Command(
    "data fetch",
    f"Download a year ({known_years()[0]} to {known_years()[-1]}) of Dutch districts or neighbourhoods.",
    FetchOptions,
    operands="YEAR MUNICIPALITY ...",
    notes="MUNICIPALITY is a code (GM0363), a name (Amsterdam), or all.",
)
PREPARE = Command(
    "data prepare",
    "Make a table of areas from files of a city or an office.",
    PrepareOptions,
    operands="RECIPE",
    notes=f"RECIPE is {', '.join(recipe_names())}, or a file NAME.yaml of your own.",
)
CHECK = Command(
    "data check", "Say what is missing or odd in a table, and what will be assumed.", CheckOptions, operands="FILE"
)
OBSERVED = Command(
    "data observed",
    "How far the simulated areas agree with observed ones.",
    ObservedOptions,
    operands="RESULT TABLE",
    notes="""\
RESULT is a folder of thuis run; TABLE its areas, or any table by code. Every column of TABLE that is called
observed_NAME is set beside the column NAME of the result (turnover, belonging, at_home, cohesion, diversity, ...; see
`months` in the documentation): rank correlation (Spearman) with its 95 % interval, ordinary correlation (Pearson), and
both means, over the areas of which both are known. Nothing is fitted.""",
)


def main(argv: Sequence[str]) -> int:
    """Run `thuis data` with these words."""
    known: dict[str, tuple[Command, Callable[[Request], int]]] = {
        "fetch": (FETCH, fetch_areas),
        "prepare": (PREPARE, prepare_areas),
        "check": (CHECK, check_table),
        "observed": (OBSERVED, compare_with_observed),
    }
    first, rest = (argv[0], argv[1:]) if argv else ("--help", [])
    if first in ("--help", "-h", "help"):
        print(HELP)
        return 0
    if first not in known:
        raise InputError(f"unknown word '{first}' (allowed: {', '.join(known)})")
    command, work = known[first]
    if asks_for_help(rest):
        print(help_of(command))
        return 0
    request = read_words(command, rest)
    needed = len([word for word in command.operands.split() if word != "..."])
    exact = not command.operands.endswith("...")
    if len(request.operands) < needed or (exact and len(request.operands) > needed):
        raise InputError(f"write: thuis {command.name} {command.operands}")
    return work(request)


def fetch_areas(request: Request) -> int:
    """Download areas and say what was written."""
    o = options_from(FetchOptions, request.values, FETCH.name)
    year, *municipalities = request.operands
    if not year.isdecimal():
        raise InputError(f"{year} is not a year; write: thuis {FETCH.name} {FETCH.operands}")
    everywhere = [name.lower() for name in municipalities] == ["all"]
    try:
        result = fetch(
            int(year),
            None if everywhere else municipalities,
            o.folder,
            base_url=o.cbs_url,
            geometry=not o.no_outlines,
            offline=o.offline,
            progress=lambda line: print(line, file=sys.stderr, flush=True),
            level=o.level,
            refresh=o.refresh,
            pdok_url=o.pdok_url,
            protocol=o.protocol,
            patience=Patience(timeout=o.timeout),
        )
    except KeyboardInterrupt:
        print("thuis: fetching again goes on where it stopped", file=sys.stderr)
        raise
    print(describe_fetched(result))
    return 0


def describe_fetched(result: FetchResult) -> str:
    """What was fetched, in lines."""
    files = [result.table, *([result.outlines] if result.outlines else []), result.attribution, result.manifest]
    lines = [
        f"{counted(result.areas, 'area')} ({result.level}), {counted(result.municipalities, 'municipality')}, "
        f"{counted(result.residents, 'resident')}, {result.year}, origin scheme {result.scheme}",
        *[f"  {path}" for path in files],
        *[f"note: {note}" for note in result.notes],
        "Bron: CBS, CC BY 4.0 (keep the attribution file with the data)",
    ]
    return "\n".join(lines)


def prepare_areas(request: Request) -> int:
    """Make a table of areas by a recipe and say what was written."""
    o, recipe = options_from(PrepareOptions, request.values, PREPARE.name), request.operands[0]
    prepared = prepare(read_recipe(recipe), o.source)
    name, folder, rows = Path(recipe).stem, Path(o.folder), prepared.table
    content = files_of(prepared, name)
    for file in sorted(content, key=lambda n: n.endswith(".csv")):  # the table last: with it all is there
        write_atomically(folder / file, content[file])
    geometry = f" region.geometry={folder / name}.geojson" if prepared.outlines else ""
    lines = [
        f"{counted(len(rows), 'area')}, {counted(int(rows['residents'].sum()), 'resident')}, "
        f"{counted(len(prepared.outlines), 'outline')}: {prepared.recipe.get('title', name)}",
        *[f"  {folder / file}" for file in content],
        *[f"note: {note}" for note in prepared.notes],
        *([prepared.recipe["attribution"]] if "attribution" in prepared.recipe else []),
        f"now: thuis run region=file region.table={folder / name}.csv{geometry}",
    ]
    print("\n".join(lines))
    return 0


def check_table(request: Request) -> int:
    """Say what is missing or odd in a table; 2 when it cannot be simulated."""
    file, o = request.operands[0], options_from(CheckOptions, request.values, CHECK.name)
    found = check(file, o.geometry, o.extra)
    for finding in found:
        print(finding)
    errors = sum(f.level == "error" for f in found)
    odd = sum(f.level == "odd" for f in found)
    if errors:
        print(f"{file}: cannot be simulated: {counted(errors, 'error')}, {odd} odd")
        return 2
    print(f"{file}: can be simulated" + (f"; {odd} odd" if odd else ""))
    return 0


def compare_with_observed(request: Request) -> int:
    """Compare a result with observed figures."""
    from experiments.validate.observed import agreement, as_text

    options = options_from(ObservedOptions, request.values, OBSERVED.name)
    result, table = request.operands
    print(as_text(agreement(result, table, options.at_least)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
