"""The parts of the description that are of one run: its size, its policy, its data, its start, its numbers."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from experiments.odd import declared
from experiments.odd.constants import constants_of
from experiments.odd.rates import rates_of_run
from experiments.odd.receipt import Receipt, as_text
from experiments.results.export_tables import meaning_of
from experiments.results.repeat import repeat_commands
from scenarios.policy import Policy, policy_in_words
from scenarios.policy.levers import levers

START, HOUSEHOLDS = "scenarios/start.py", "scenarios/households.py"
MOST_AREAS = 60  # that are listed one by one
AT_START = ("residents", "adults", "dwellings", "households", "vacant", "diversity")
SIZES = {
    "residents_start": "residents at the start", "residents": "residents at the end", "agents": "agents at the end",
    "scale": "residents for each agent", "neighbourhoods": "neighbourhoods", "municipalities": "municipalities",
    "years": "years simulated", "months": "months simulated", "seed": "seed of all draws",
    "replicates": "replicates", "units": "independent units among them", "parameters_drawn": "parameters drawn",
}  # fmt: skip


def parts_of(receipt: Receipt) -> dict[str, Callable[[], str]]:
    """What makes each part of the run, by the name that the text asks for it by."""
    made = (purpose, scales, policy, recorded, implementation, initialisation, data)
    own = {part.__name__: (lambda part=part: part(receipt)) for part in made}
    shared = {part.__name__: part for part in (state, reading, declared.phases, declared.measures, declared.rules)}
    return {**own, **shared, "input": own.pop("data")}


def in_this_run(text: str = "") -> str:
    """A paragraph that is of this run; without a text the head of a table."""
    return f"**In this run.** {text}" if text else "**In this run:**"


def purpose(receipt: Receipt) -> str:
    """Patterns, and what the run was asked."""
    s = receipt.summary
    titles = "; ".join(p.title["en"] for p in receipt.policies)
    what = f"policies compared on the same draws: {titles}" if receipt.several else f"policy: {titles}"
    aims = " ".join(dict.fromkeys(p.text["en"] for p in receipt.policies if p.text.get("en")))
    text = f"{s['title']}, simulated years: {s['years']}, from a settled start; {what}. {aims}"
    return declared.patterns() + "\n\n" + in_this_run(text.strip())


def scales(receipt: Receipt) -> str:
    """How much was run, and for how long."""
    s = receipt.summary
    rows = [[text, as_text(s[key])] for key, text in SIZES.items() if key in s]
    return in_this_run() + "\n\n" + declared.table(["what", "number"], rows)


def state() -> str:
    """Every state variable, as the code declares it."""
    from sim.neighbourhoods import Municipalities, Neighbourhoods, Stocks
    from sim.rates import Rates

    sizes = "`J` is the number of neighbourhoods, `K` of municipalities, `G` of groups, `rows` of places for a person."
    parts = [sizes, "Of every resident (a row each; a vacant row is a place for one person more):"]
    parts.append(declared.columns_of_residents())
    for title, declaration in (
        ("Of every neighbourhood, fixed during a run:", Neighbourhoods),
        ("Counted of every neighbourhood at the end of a month, and used in the next:", Stocks),
        ("Rates of a month, by neighbourhood and group:", Rates),
        ("Of every municipality, fixed during a run:", Municipalities),
    ):
        parts += [title, declared.columns_of(declaration)]
    parts += ["Who came and went in a month, by neighbourhood:", declared.flows()]
    parts += ["Motives of those who come from abroad:", declared.motives(), "Facilities:", declared.facilities()]
    return "\n\n".join(parts)


def policy(receipt: Receipt) -> str:
    """What each policy does, in words and lever by lever."""
    parts = [in_this_run("The levers that the policy sets; all others stay as in the baseline (Appendix B).")]
    for earlier in receipt.summary.get("earlier", ()):
        parts.append(f"Until month {earlier['until']} other settings held: {json.dumps(earlier, ensure_ascii=False)}")
    for one in receipt.policies:
        parts.append(f"*{one.title['en']}* (`{one.name}`): " + " ".join(policy_in_words(one, "en")))
        if one.measures:
            parts.append(settings_of(one))
    return "\n\n".join(parts)


def settings_of(chosen: Policy) -> str:
    """A row per lever that a policy sets."""
    rows = []
    for measure in chosen.measures:
        for setting in measure.settings:
            lever, at = setting.lever, setting.target
            price = measure.price or (lever.prices[at] if lever.prices else None)
            money = "" if price is None else f"{price.price:g} ({price.low:g} to {price.high:g}) per {lever.per['en']}"
            span = f"{measure.start} to {'the end' if measure.end is None else measure.end}, ramp {measure.ramp}"
            where = ", ".join(measure.where) or "everywhere"
            source = "" if price is None else f"{price.source} [{price.certainty}]"
            values = [f"{lever.baseline[at]:g}", f"{setting.value:g}", f"{lever.low:g} to {lever.high:g}"]
            rows.append([f"`{setting.full_name}`", *values, lever.unit["en"], span, where, money, source])
    head = ["lever", "baseline", "set to", "range", "unit", "months", "where", "euro per unit", "source of the price"]
    return declared.table(head, rows)


def recorded(receipt: Receipt) -> str:
    """The tables that were written."""
    rows = [
        [f"`{table}`", as_text(count), ", ".join(f"`{name}`" for name in columns)]
        for table, count, columns in receipt.tables()
    ]
    columns = dict.fromkeys(name for _, _, names in receipt.tables() for name in names)
    parts = [in_this_run("Tables that were written:"), declared.table(["table", "rows", "columns"], rows)]
    parts += ["What their columns are:", declared.table(["column", "what it is", "unit"], [named(c) for c in columns])]
    return "\n\n".join(parts)


def named(column: str) -> list[str]:
    """A column of a result or a number of its summary: its name, what it is, and its unit."""
    about = meaning_of(column)
    return [f"`{column}`", about["en"], about["unit"]]


def reading() -> str:
    """How to read the functions that follow: their arguments, and what they use of arithmetic and of chance."""
    from sim.machine import arithmetic, draws

    made = [*declared.functions_in(arithmetic), *declared.functions_in(draws)]
    text = (
        "How to read the functions below: `s` is the state, whose groups are the tables above (`s.population`, "
        "`s.neighbourhoods`, `s.stocks`, `s.rates` and `s.municipalities`), `s.conditions` the levers in force and "
        "`s.ages` the rates by age; `c` or `coefficients` the parameters, `j` a neighbourhood, `k` a municipality, "
        "`row` a person's place. `ZERO`, `HALF` and `ONE` are these numbers. Of arithmetic and chance they use:"
    )
    return f"{text}\n\n" + declared.table(["function", "what it gives"], made)


def implementation(receipt: Receipt) -> str:
    """By which program it was made, and how to make it again."""
    s = receipt.summary
    commands = [s["command"]] if receipt.several else repeat_commands(s)
    rows = [["version of Thuis", str(s["version"])]]
    rows += [[f"SHA-256 of the {what}", f"`{digest}`"] for what, digest in receipt.digests.items()]
    if not receipt.several:
        rows.append(["driver", s["driver"]])
    again = "\n".join(str(command) for command in commands)
    return (
        in_this_run()
        + "\n\n"
        + declared.table(["", ""], rows)
        + f"\n\nThe same result again, to the last bit:\n\n```sh\n{again}\n```"
    )


def initialisation(receipt: Receipt) -> str:
    """Numbers at the start, and the areas."""
    rows = [[*named(key), as_text(value)] for key, value in receipt.levels("start").items()]
    text = in_this_run("After settling, at the start of the first month:")
    parts = [text, declared.table(["measure", "what it is", "unit", "at the start"], rows)]
    parts += [f"Numbers that the first residents are drawn with (`{START}`):", constants_of(START)]
    parts += [f"And those with which they form households (`{HOUSEHOLDS}`):", constants_of(HOUSEHOLDS)]
    path = receipt.folder / "neighbourhoods.parquet"
    if not receipt.several and path.is_file():
        parts += ["Neighbourhoods as they were read:", areas(pl.read_parquet(path))]
        parts += ["And as they were at the start, with the people of this run:", areas(first_month(receipt.folder))]
    return "\n\n".join(parts)


def first_month(folder: Path) -> pl.DataFrame:
    """People, dwellings and households of each neighbourhood at the start."""
    months = pl.read_parquet(folder / "months.parquet")
    start = months.filter(pl.col("month") == pl.col("month").min())
    return start.select("neighbourhood", *AT_START)


def areas(frame: pl.DataFrame) -> str:
    """What is known of each neighbourhood; of many the lowest, middle and highest of each column."""
    if len(frame) <= MOST_AREAS:
        return turned(frame.drop("municipality", "municipality_name", strict=False))
    rows = [
        [f"`{c}`", *(as_text(v) for v in (frame[c].min(), frame[c].median(), frame[c].max()))]
        for c, kind in frame.schema.items()
        if kind.is_numeric()
    ]
    return declared.table([f"of {len(frame):,} neighbourhoods", "lowest", "middle", "highest"], rows)


def turned(frame: pl.DataFrame) -> str:
    """A frame with a row per column, or as it stands where it is longer than wide."""
    if len(frame) > 8:
        return declared.table(frame.columns, [[as_text(v) for v in row] for row in frame.rows()])
    rows = [[f"`{name}`", *(as_text(v) for v in frame[name])] for name in frame.columns[1:]]
    return declared.table(["", *frame[frame.columns[0]].to_list()], rows)


def data(receipt: Receipt) -> str:
    """Where the figures come from, what was assumed, and the rates that hold everywhere."""
    s, region = receipt.summary, receipt.configuration["region"]
    requested = {key: value for key, value in region.items() if value is not None}
    rows = [["source", s["data_source"]], *([key, str(value)] for key, value in requested.items())]
    parts = [in_this_run("Figures of the places:"), declared.table(["", ""], rows)]
    if s["notes"]:
        parts += ["Assumed or filled in, and what else was noted:", "\n".join(f"- {note}" for note in s["notes"])]
    parts.append(rates_of_run(receipt.parameters))
    return "\n\n".join(parts)


def all_levers() -> str:
    """Every lever with its value in the baseline."""
    rows = []
    for lever in levers().values():
        for at, name in enumerate(lever.full_names):
            span = f"{lever.low:g} to {lever.high:g}"
            through = lever.through["en"]
            rows.append([f"`{name}`", lever.text["en"], f"{lever.baseline[at]:g}", span, lever.unit["en"], through])
    return declared.table(["lever", "what it is", "baseline", "range", "unit", "acts through"], rows)


def requested(receipt: Receipt) -> str:
    """The whole configuration but the parameters, as JSON."""
    plain: dict[str, Any] = {k: v for k, v in receipt.configuration.items() if k != "parameters"}
    return f"```json\n{json.dumps(plain, indent=1, ensure_ascii=False)}\n```"


def outcome(receipt: Receipt) -> str:
    """Numbers at the start and the end, the balance of residents, and the files."""
    s, start, end = receipt.summary, receipt.levels("start"), receipt.levels("end")
    rows = [[*named(key), as_text(start[key]), as_text(end[key])] for key in end if key in start]
    parts = [declared.table(["measure", "what it is", "unit", "start", "end"], rows)]
    if not receipt.several:
        parts.append(str(s["conservation"]["statement"]))
        flows = [[*named(name)[:2], as_text(count)] for name, count in s["conservation"]["flows"].items()]
        parts.append(declared.table(["flow, summed over all months", "what it is", "residents"], flows))
    return "\n\n".join([*parts, "Files: " + ", ".join(f"`{name}`" for name in receipt.files()) + "."])
