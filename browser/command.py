"""`thuis view`: look at a simulation in the browser."""

import sys
from collections.abc import Sequence
from typing import Any

from scenarios.errors import InputError, close_matches

HELP = """\
Look at a simulation in the browser: a map, people, time, policy levers, two policies side by side.

  thuis view [KEY=VALUE ...]

  region=vaals        place to begin with: a municipality of Thuis, or cbs, netherlands, file with a table
  region.table=FILE   and region.codes, region.extra, region.geometry, ...: as for thuis run
  port=8765           port to listen on; 0 takes any free one
  host=127.0.0.1      address to listen on; 0.0.0.0 lets other machines in
  open=true           open the browser
  visitors=20         simulations at the same time
  per_address=10      of them from one address; behind a web server that says for whom it asks (X-Forwarded-For)
  agents=1000000      agents per simulation; larger regions get several residents per agent
  idle=30             minutes without a sign of life after which a simulation is released
  names=              names under which others reach this server, such as names=[thuis.example.nl]

Examples
  thuis view
  thuis view region=urk port=9000 open=false
  thuis view region=file region.table=my_city.csv region.geometry=my_city.geojson
  thuis view region=cbs region.table=wijken.csv region.geometry=wijken.geojson region.codes=[GM0518]"""
WHOLE = {
    "port": (8765, 0, 65535), "visitors": (20, 1, 1000), "per_address": (10, 1, 1000),
    "agents": (1_000_000, 1000, 50_000_000), "idle": (30, 1, 1440),
}  # fmt: skip
KNOWN = ("region", *WHOLE, "host", "open", "names")
LOCAL = ["127.0.0.1", "localhost", "[::1]", "::1"]


def read_words(words: Sequence[str]) -> dict[str, Any]:
    """Options from KEY=VALUE words, checked.

    Raises
    ------
    InputError
    """
    import yaml

    region: dict[str, Any] = {"name": "vaals"}
    found: dict[str, Any] = {"host": "127.0.0.1", "open": True, "names": []}
    found |= {key: about[0] for key, about in WHOLE.items()}
    for word in words:
        key, equals, text = word.partition("=")
        if not equals:
            raise InputError(f"'{word}' is not KEY=VALUE (see: thuis view --help)")
        try:
            value = yaml.safe_load(text)
        except (yaml.YAMLError, ValueError, RecursionError):  # a date such as 2020-13-45 is a ValueError
            value = text
        if key == "region":
            region["name"] = text
        elif key.startswith("region."):
            region[key.removeprefix("region.")] = value
        elif key in WHOLE:
            found[key] = whole(key, value)
        elif key == "open":
            if not isinstance(value, bool):
                raise InputError(f"open={text} is not allowed; allowed is true or false")
            found[key] = value
        elif key == "host":
            found[key] = text
        elif key == "names":
            found[key] = [str(name) for name in (value if isinstance(value, list) else [value])]
        else:
            near = close_matches(key, KNOWN)
            raise InputError(f"{key} is not an option of thuis view{near} (list: thuis view --help)")
    return found | {"region": region}


def whole(key: str, value: Any) -> int:
    """A whole number in its range."""
    _, low, high = WHOLE[key]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise InputError(f"{key}={value} is not allowed; allowed is a whole number from {low} to {high}")
    return value


def make_house(options: dict[str, Any]) -> Any:
    """What visitors share, for these options."""
    from browser.house import OWN, House, Limits
    from experiments.options.settings import region_from
    from scenarios.archetypes import archetype_names
    from scenarios.region import load_region

    region = {key: value for key, value in region_from(options["region"]).items() if value is not None}
    name = region.pop("name")
    table = load_region(name, **region)
    limits = Limits(**{key: options[key] for key in ("visitors", "per_address", "agents", "idle")})
    plain = name in archetype_names() and "codes" not in region
    return House(name, None, limits) if plain else House(OWN, table, limits)


def main(argv: Sequence[str]) -> int:
    """Run `thuis view` with these words until it is stopped with Ctrl-C."""
    if any(word in ("--help", "-h", "help") for word in argv):
        print(HELP)
        return 0
    options = read_words(argv)
    house = make_house(options)
    from browser.server import make_app, make_server, warm_up

    host = options["host"]
    anywhere = host in ("0.0.0.0", "::") and not options["names"]
    app = make_app(house, ["*"] if anywhere else [*LOCAL, host, *options["names"]])
    warm_up(house)

    def ready(port: int) -> None:
        shown = "127.0.0.1" if host in ("0.0.0.0", "::") else host
        address = f"http://{shown}:{port}/"
        print(f"Thuis: {address}  (stop with Ctrl-C)", flush=True)
        if options["open"]:
            import threading
            import webbrowser

            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()

    try:
        make_server(app, host, options["port"], ready, connections=100 + 10 * options["visitors"]).run()
    except SystemExit as stop:  # uvicorn's word for a port that is taken
        if stop.code:
            problem = f"port={options['port']} on {host} cannot be used: is another thuis view running?"
            raise InputError(problem) from stop
    except KeyboardInterrupt:
        print(file=sys.stderr)
    return 0
