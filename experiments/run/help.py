"""`thuis run --help`: options, regions, policies, parameters and examples, made from their declarations."""

import textwrap
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from experiments.options.settings import Options, names_in

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
    "region.year": "year of these areas, or of the CBS table",
}
EXAMPLES = """\
thuis run                                               Westland, every resident, ten years
thuis run region=vaals years=5 out=vaals                a small town, in a folder of its own
thuis run region=gouda                                  any municipality (list: thuis regions)
thuis run region=[gouda,waddinxveen] areas=wijken       two, by their real districts (fetched once)
thuis run region=the_hague scale=20 language=nl         one agent per 20 residents, page in Dutch
thuis run policy=libraries policy.libraries.funding=2   twice the libraries
thuis run region=cbs region.table=wijk_2017.csv region.codes=[GM0363,GM0599]
thuis run region=file region.table=my_city.csv
thuis run parameters.base=0.5 seed=7                    any parameter of the model
thuis run -m seed=1,2,3 out=three                       several runs: three/0, three/1, three/2
thuis run years=30 checkpoint_every=60 out=long         stopped? thuis run resume=long.checkpoint out=long"""


def range_of(about: Mapping[str, Any]) -> str:
    """What an option allows, in a few words."""
    if about["kind"] == "whole":
        return f"{about['low']}..{about['high']}" if about["high"] < 10**9 else f"{about['low']}..2^63-1"
    return {"choice": "|".join(about.get("choices", ())), "flag": "true|false", "path": "FILE"}[about["kind"]]


def entry(name: str, text: str, width: int = 22) -> str:
    """A name and its explanation, wrapped."""
    lines = textwrap.wrap(text, WIDTH - width - 4) or [""]
    head = f"  {name:<{width}}  {lines[0]}"
    return "\n".join([head, *(" " * (width + 4) + line for line in lines[1:])])


def option_lines() -> str:
    """The options with default, range and text."""
    lines = []
    for f in fields(Options):
        shown = "" if f.default is None else f"; default {str(f.default).lower()}"
        lines.append(entry(f"{f.name}=", f"{f.metadata['text']} ({range_of(f.metadata)}{shown})"))
    return "\n".join(lines)


def parameter_lines() -> str:
    """The parameters of the model with default, range, unit and meaning."""
    from sim.parameter import describe
    from sim.parameters import Parameters

    described = describe(Parameters).values()
    return "\n".join(
        entry(d.name, f"{d.default:g} ({d.low:g}..{d.high:g} {d.unit}) [{d.certainty}] {d.text}", 26) for d in described
    )


def run_help() -> str:
    """The whole text."""
    from sim.parameter import CERTAINTY

    regions = [name for name in names_in("conf.region") if name not in ("cbs", "netherlands", "file")]
    region_text = (
        "any municipality by name or code, several in a list, a province, or all (list and search: thuis regions); "
        f"examples with figures of 2017: {', '.join(regions)}; or cbs, netherlands, file with region.table "
        "(default westland)"
    )
    sure = textwrap.fill("; ".join(f"{letter} {meaning}" for letter, meaning in CERTAINTY.items()), WIDTH - 2)
    policies = ", ".join(names_in("conf.policy"))
    levers = "its levers: policy.MEASURE.LEVER=VALUE, and policy.start, policy.where, policy.budget"
    region_lines = "\n".join(entry(f"{key}=", text) for key, text in REGION_TEXT.items())
    return f"""\
Simulate a region and write a result folder: page.html to read, tables (Parquet), figures, summary.json.

  thuis run [KEY=VALUE ...]      thuis run -m [KEY=A,B ...]      thuis run --cfg job   (show all values)

Examples
{textwrap.indent(EXAMPLES, "  ")}

Options
{entry("region=", region_text)}
{region_lines}
{entry("policy=", f"{policies} (default baseline); {levers}")}
{option_lines()}

Parameters of the model: parameters.NAME=VALUE, default (range unit) and how sure it is
{textwrap.indent(sure, "  ")}
{parameter_lines()}

A value with blanks or signs is quoted twice: "out='my folder'".
Exit codes: 0 done, 2 wrong input, 1 failure, 130 interrupt."""
