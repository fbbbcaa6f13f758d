"""``thuis data fetch``, ``prepare`` and ``check``: plain lines on the screen, exit codes 0, 1, 2 and 130."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from scenarios.download.cache import write_atomically
from scenarios.download.check import check
from scenarios.download.fetch import FetchResult, fetch
from scenarios.download.tables import LEVELS, known_years
from scenarios.download.transport import Patience
from scenarios.download.words import counted
from scenarios.errors import InputError
from scenarios.preparation import files_of, prepare, read_recipe, recipe_names


def data_command(argv: Sequence[str] | None = None) -> int:
    """Run ``thuis data …``.

    Parameters
    ----------
    argv : sequence of str, optional
        Words after ``thuis data``; those of the process when left out.

    Returns
    -------
    int
        0 done; 2 a wrong wish, a download that was refused, or a table with errors; 1 a fault of Thuis itself;
        130 stopped by the user.
    """
    try:
        wish = _parser().parse_args(argv)
    except SystemExit as stop:  # argparse has already said why
        return stop.code if isinstance(stop.code, int) else 2
    try:
        return {"fetch": _fetch, "prepare": _prepare, "check": _check}[wish.action](wish)
    except InputError as error:
        print(f"thuis data {wish.action}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"thuis data {wish.action}: stopped; fetching again goes on where it stopped", file=sys.stderr)
        return 130
    except OSError as error:
        print(f"thuis data {wish.action}: {error.filename or 'the disk'}: {error.strerror or error}", file=sys.stderr)
        return 2
    except Exception as error:
        print(f"thuis data {wish.action}: a fault of Thuis: {type(error).__name__}: {error}", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    years = known_years()
    parser = argparse.ArgumentParser(prog="thuis data", description="Real areas, and a check of any table.")
    parser.epilog = "thuis data observed --help: how far a result agrees with figures of your own"
    actions = parser.add_subparsers(dest="action", required=True, metavar="fetch|prepare|check|observed")
    get = actions.add_parser("fetch", help="download a year of districts or neighbourhoods")
    get.add_argument("year", type=int, help=f"{years[0]} to {years[-1]}")
    get.add_argument("municipalities", nargs="+", help="codes (GM0363), names (Amsterdam), or all")
    get.add_argument("--folder", default="data", help="where to write (default: data)")
    get.add_argument("--level", choices=sorted(LEVELS), default="wijk", help="wijk = district, buurt = neighbourhood")
    get.add_argument("--no-outlines", action="store_true", help="without outlines and positions")
    get.add_argument("--offline", action="store_true", help="only from what was fetched before")
    get.add_argument("--refresh", action="store_true", help="read everything anew")
    get.add_argument("--protocol", choices=("v3", "v4"), default="v3", help="version of OData (default: v3)")
    get.add_argument("--cbs-url", help="another server of CBS' protocol (or $THUIS_CBS_URL)")
    get.add_argument("--pdok-url", help="another server of PDOK's protocol (or $THUIS_PDOK_URL)")
    get.add_argument("--timeout", type=_seconds, default=30.0, help="seconds without an answer (default: 30)")
    make = actions.add_parser("prepare", help="make a table of areas from files of a city or an office")
    make.add_argument("recipe", help=f"{', '.join(recipe_names())}, or a file NAME.yaml of your own")
    make.add_argument("--source", default=".", help="folder of the files that the recipe names (default: here)")
    make.add_argument("--folder", default="data", help="where to write (default: data)")
    look = actions.add_parser("check", help="what is missing or odd in a table, and what will be assumed")
    look.add_argument("file")
    look.add_argument("--geometry", help="map with the outlines, checked with it")
    look.add_argument("--extra", nargs="*", default=(), help="tables beside it")
    return parser


def _seconds(text: str) -> float:
    value = float(text)
    if not 0.1 <= value <= 3600:
        raise argparse.ArgumentTypeError(f"'{text}' is outside the range (allowed: 0.1 to 3600)")
    return value


def _fetch(wish: argparse.Namespace) -> int:
    everywhere = [name.lower() for name in wish.municipalities] == ["all"]
    result = fetch(
        wish.year,
        None if everywhere else wish.municipalities,
        wish.folder,
        base_url=wish.cbs_url,
        geometry=not wish.no_outlines,
        offline=wish.offline,
        progress=lambda line: print(line, file=sys.stderr, flush=True),
        level=wish.level,
        refresh=wish.refresh,
        pdok_url=wish.pdok_url,
        protocol=wish.protocol,
        patience=Patience(timeout=wish.timeout),
    )
    print(_told(result))
    return 0


def _told(result: FetchResult) -> str:
    files = [result.table, *([result.outlines] if result.outlines else []), result.attribution, result.manifest]
    lines = [
        f"{counted(result.areas, 'area')} ({result.level}), {counted(result.municipalities, 'municipality')}, "
        f"{counted(result.residents, 'resident')}, {result.year}, origin scheme {result.scheme}",
        *[f"  {path}" for path in files],
        *[f"note: {note}" for note in result.notes],
        "Bron: CBS, CC BY 4.0 (keep the attribution file with the data)",
    ]
    return "\n".join(lines)


def _prepare(wish: argparse.Namespace) -> int:
    prepared = prepare(read_recipe(wish.recipe), wish.source)
    name, folder, rows = Path(wish.recipe).stem, Path(wish.folder), prepared.table
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


def _check(wish: argparse.Namespace) -> int:
    found = check(wish.file, wish.geometry, tuple(wish.extra))
    for finding in found:
        print(finding)
    errors = sum(f.level == "error" for f in found)
    odd = sum(f.level == "odd" for f in found)
    if errors:
        print(f"{wish.file}: cannot be simulated: {counted(errors, 'error')}, {odd} odd")
        return 2
    print(f"{wish.file}: can be simulated" + (f"; {odd} odd" if odd else ""))
    return 0
