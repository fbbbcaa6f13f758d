"""`thuis view`: look at a simulation in the browser."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from browser.static_files import LANGUAGES
from experiments.options.declaration import choice, file_path, options_from, several, whole, words, yes_or_no
from experiments.options.help import help_of
from experiments.options.settings import LARGEST_SEED, parameters_from, region_from
from experiments.options.words import Command, asks_for_help, read_words
from scenarios.errors import InputError
from scenarios.policy import package_names
from sim.parameters import Parameters

SPARE = 5  # places besides those of a class: the teacher, and pages that are loaded again
LOCAL = ["127.0.0.1", "localhost", "[::1]", "::1"]


@dataclass(frozen=True)
class ViewOptions:
    """Options of `thuis view`."""

    port: int = whole(8765, 0, 65535, "port to listen on; 0 takes any free one")
    host: str = words("address to listen on; 0.0.0.0 lets other machines in", "127.0.0.1")
    open: bool = yes_or_no("open the browser", True)
    visitors: int = whole(20, 1, 1000, "simulations at the same time")
    per_address: int = whole(10, 1, 1000, "of them from one address (X-Forwarded-For, behind a web server)")
    agents: int = whole(1_000_000, 1000, 50_000_000, "agents per simulation; larger regions get several residents each")
    students: int = whole(0, 0, 1000, "a class of so many behind one address: there is room for all of them")
    idle: int = whole(30, 1, 1440, "minutes without a sign of life after which a simulation is released")
    export: str | None = file_path("folder for one page that opens from the disk, without a server; none is started")
    policy: str = choice("libraries", tuple(package_names()), "package that an exported page sets beside today's")
    years: int = whole(5, 1, 30, "years of the exported page")
    seed: int = whole(1, 0, LARGEST_SEED, "seed of all random draws of the exported page")
    language: str = choice("en", LANGUAGES, "language in which the exported page opens")
    sweep: str | None = file_path(
        "a sweep to show at /sweep/, with its runs; its emulator answers at once if it has one"
    )
    names: tuple[str, ...] = several("names under which others reach this server, such as names=[thuis.example.nl]")


COMMAND = Command(
    "view",
    "Look at a simulation in the browser: a map, people, time, policy levers, two policies side by side.",
    ViewOptions,
    parts=("region", "parameters"),
    usual_region="gouda",
    examples=(
        "thuis view",
        "thuis view region=urk port=9000 open=false",
        "thuis view region=vaals parameters.effect_turnover=0",
        "thuis view sweep=out/lhs",
        "thuis view export=my_page region=gouda policy=libraries years=5 language=nl",
        "thuis view region=file region.table=my_city.csv region.geometry=my_city.geojson",
        "thuis view region=cbs region.table=wijken.csv region.geometry=wijken.geojson region.codes=[GM0518]",
    ),
)


def read_view(argv: Sequence[str]) -> tuple[ViewOptions, dict[str, Any], Parameters]:
    """Options, region and parameters that words ask for, checked; those of a sweep where they do not say.

    Raises
    ------
    InputError
    """
    request = read_words(COMMAND, argv)
    options = options_from(ViewOptions, request.values, COMMAND.name)
    region, fixed = request.nested()["region"], {}
    if options.sweep is not None:
        from experiments.sweep.plan import load_plan

        plan = load_plan(Path(options.sweep))
        fixed = plan.fixed["parameters"]
        region = region if request.region else plan.fixed.get("region", COMMAND.usual_region)
    return options, region_from(region), parameters_from(fixed | request.parameters)


def make_house(options: ViewOptions, requested: dict[str, Any], parameters: Parameters) -> Any:
    """What visitors share, for these options, this region and these parameters."""
    from browser.house import OWN, House, Limits
    from scenarios.regions.region import is_by_name_alone, load_region

    region = {key: value for key, value in requested.items() if value is not None}
    name = region.pop("name")
    table = load_region(name, **region)
    many = options.students + SPARE if options.students else 0
    limits = Limits(max(options.visitors, many), max(options.per_address, many), options.agents, options.idle)
    named = is_by_name_alone(requested)
    house = House(name, None, limits, parameters) if named else House(OWN, table, limits, parameters)
    if options.sweep is not None:
        from browser.sweep_pages import SweepPages

        house.sweep = SweepPages(options.sweep)
        house.emulator = house.sweep.emulator
    return house


def export(options: ViewOptions, house: Any) -> int:
    """Write a comparison as a page of its own."""
    from browser.export import Saved, write_page

    saved = Saved(house.default, [(0, "policy", options.policy)], options.years, options.seed, options.language)
    print(f"Thuis: {write_page(house, saved, Path(str(options.export)))}")
    return 0


def main(argv: Sequence[str]) -> int:
    """Run `thuis view` with these words until it is stopped with Ctrl-C."""
    if asks_for_help(argv):
        print(help_of(COMMAND))
        return 0
    options, region, parameters = read_view(argv)
    house = make_house(options, region, parameters)
    if options.export is not None:
        return export(options, house)
    from browser.server import make_app, make_server
    from browser.warming import warm_up

    host = options.host
    anywhere = host in ("0.0.0.0", "::") and not options.names
    app = make_app(house, ["*"] if anywhere else [*LOCAL, host, *options.names])
    warm_up(house)

    def ready(port: int) -> None:
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
        address = f"http://{shown}:{port}/"
        print(f"Thuis: {address}  (stop with Ctrl-C)", flush=True)
        if options.open:
            import threading
            import webbrowser

            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    try:
        limits = house.limits
        make_server(app, host, options.port, ready, 100 + 10 * limits.visitors, limits.per_address).run()
    except SystemExit as stop:  # uvicorn's word for a port that is taken
        if stop.code:
            problem = f"port={options.port} on {host} cannot be used: is another thuis view running?"
            raise InputError(problem) from stop
    except KeyboardInterrupt:
        print(file=sys.stderr)
    return 0
