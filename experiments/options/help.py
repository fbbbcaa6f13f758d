"""The text of --help, made from the declaration of a command."""

import textwrap
from collections.abc import Collection, Mapping
from typing import Any

from experiments.options.declaration import declared, range_of
from experiments.options.words import Command

WIDTH = 110
REGION_TEXT = {
    "region.table": "file of areas, for region=cbs, netherlands or file",
    "region.codes": "codes or names of areas and municipalities, such as [GM1783,GM0363]",
    "region.extra": "further tables of CBS with the same codes (facilities, socio-economic scores), a list",
    "region.geometry": "GeoJSON file with outlines, for maps and neighbours",
    "region.geometry_code": "property of the outlines that holds the code",
    "region.adjacency": "file of neighbouring areas",
    "region.scheme": "origin scheme, for region=file",
    "region.areas": "of a municipality: wijken or buurten as they are (fetched once), or made_up to match its figures",
    "region.year": "year of these areas, or of the CBS table, in which the run begins",
    "region.arrivals": "arrivals from abroad by year: none (every year as 2018), history, low, middle or high",
    "region.homes": "tables with dwellings in two or more years: so many homes are built, a list",
}
LEVERS = "its levers: policy.MEASURE.LEVER=VALUE, and policy.start, policy.where, policy.budget"
ENDS = "Exit codes: 0 done, 2 wrong input, 1 failure, 130 interrupt."


def help_of(command: Command, full: bool = False, only: Collection[str] = ()) -> str:
    """The help of a command.

    Parameters
    ----------
    full : bool
        With every option of a region; else they are referred to.
    only : collection of str
        The plain options that are shown; all where there are none.
    """
    usage = command.usage or (" ".join(filter(None, ("thuis", command.name, command.operands, "[KEY=VALUE ...]"))),)
    parts = [command.summary, "\n".join(f"  {line}" for line in usage)]
    if command.examples:
        parts.append("Examples\n" + "\n".join(f"  {line}" for line in command.examples))
    lines = [*part_lines(command, full), *option_lines(command.options, only)]
    parts.append("Options\n" + "\n".join(lines))
    return "\n\n".join([*parts, *([command.notes] if command.notes else []), ENDS])


def part_lines(command: Command, full: bool) -> list[str]:
    """The lines on region, policy, parameters, factors and Slurm."""
    from experiments.options.settings import names_in

    lines = []
    if "region" in command.parts:
        regions = ", ".join(name for name in names_in("conf.region") if name not in ("cbs", "netherlands", "file"))
        examples = f"examples with figures of 2017: {regions}; " if full else ""
        text = (
            "any municipality by name or code, several in a list, a province, or all (list and search: thuis regions); "
            f"{examples}or cbs, netherlands, file with region.table (default {command.usual_region})"
        )
        lines.append(entry("region=", text))
        more = {"region.*=": "table, codes, geometry, ... see thuis run --options"}
        lines += [entry(f"{key.rstrip('=')}=", text) for key, text in (REGION_TEXT if full else more).items()]
    if "policy" in command.parts:
        lines.append(entry("policy=", f"{', '.join(names_in('conf.policy'))} (default baseline); {LEVERS}"))
    if "parameters" in command.parts and not full:
        lines.append(
            entry("parameters.NAME=", "any parameter of the model, see thuis parameters; several: parameters=FILE")
        )
    return lines


def option_lines(options: type, only: Collection[str] = ()) -> list[str]:
    """The options with range, default and text; all, or only some."""
    shown = {name: about for name, about in declared(options).items() if not only or name in only}
    return [entry(f"{name}=", f"{about['text']} ({allowed(about)})") for name, about in shown.items()]


def allowed(about: Mapping[str, Any]) -> str:
    """Range and default of an option."""
    usual = about["default"]
    shown = f"[{','.join(usual)}]" if isinstance(usual, tuple) else str(usual).lower()
    return range_of(about) if usual in (None, ()) else f"{range_of(about)}; default {shown}"


def entry(name: str, text: str, width: int = 22) -> str:
    """A name and its explanation, wrapped."""
    lines = textwrap.wrap(text, WIDTH - width - 4) or [""]
    head = f"  {name:<{width}}  {lines[0]}"
    return "\n".join([head, *(" " * (width + 4) + line for line in lines[1:])])
