"""What the code declares, as Markdown: phases, columns of the state, measures, parameters, rules, patterns.

The documentation (docs/generate_reference.py) and the ODD of a run are both made of these parts.
"""

import re
from collections.abc import Iterable, Mapping
from inspect import cleandoc, getdoc
from types import ModuleType
from typing import Any

ATTRIBUTE = re.compile(r"^(\w[\w, ]*?)(?: : (.+))?$")
OF_STATE = ("household", "role")  # what an agent calls so is not the column, but what it stands for
STRETCH = re.compile(r"\b(neighbourhood|municipalit|block)(?:s|ies) low to high - 1\b")


def table(head: list[str], rows: Iterable[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


def first_paragraph(thing: Any) -> str:
    """The first paragraph of a docstring, in one line."""
    return " ".join(str(getdoc(thing)).split("\n\n")[0].split())


def each_one(text: str) -> str:
    """What a function says that works on a stretch of neighbourhoods, as of each of them."""
    return STRETCH.sub(lambda found: f"each {found[1].replace('municipalit', 'municipality')}", text)


def attributes_of(declaration: type) -> dict[str, tuple[str, str]]:
    """Type and meaning of every attribute that a docstring (numpydoc) lists, by name."""
    found: dict[str, tuple[str, str]] = {}
    _, _, listed = cleandoc(declaration.__doc__ or "").partition("Attributes\n----------\n")
    names: list[str] = []
    kind, text = "", [""]
    for line in [*listed.split("\n\n")[0].splitlines(), "end"]:
        if line.startswith(" "):
            text.append(line.strip())
            continue
        meanings = one_each(names, kind, " ".join(text).strip())
        found |= {name: (kind, meaning) for name, meaning in zip(names, meanings, strict=True)}
        head = ATTRIBUTE.match(line)
        names, kind, text = ([part.strip() for part in head[1].split(",")], head[2] or "", []) if head else ([], "", [])
    return found


def one_each(names: list[str], kind: str, text: str) -> list[str]:
    """The text of each of several names of one type: its own part where there are as many as names, else all of it."""
    of_model = text.removesuffix(" of the model.")
    parts = re.split(r"; ", text) if of_model == text else re.split(r", | and ", of_model)
    alike = len(names) > 1 and len(parts) == len(names) and " and " not in kind
    return [part.rstrip(".") for part in parts] if alike else [text] * len(names)


def sections() -> list[tuple[str, list[str]]]:
    """Parameters by subject, as sim/parameters/ declares them."""
    from sim.parameters import SUBJECTS
    from sim.parameters.declaration import describe

    return [(first_paragraph(subject).rstrip("."), list(describe(subject))) for subject in SUBJECTS]


def parameters(values: Mapping[str, float] | None = None, heading: str = "##") -> str:
    """Every parameter with default, range, unit, certainty, meaning and source, and with the values of a run."""
    from sim.parameters import Parameters
    from sim.parameters.declaration import CERTAINTY, describe

    known = describe(Parameters)
    letters = "; ".join(f"**{letter}** {text}" for letter, text in CERTAINTY.items())
    parts = [f"{len(known)} parameters. How sure a default is: {letters}."]
    for title, names in sections():
        rows = []
        for d in (known[name] for name in names):
            kept = "" if d.uncertain else " (not varied in sensitivity analysis)"
            span = f"{d.low:g} to {d.high:g}"
            own = [] if values is None else [value_in_run(values[d.name], d.default)]
            rows.append([f"`{d.name}`", *own, f"{d.default:g}", span, d.unit, d.certainty, d.text + kept, d.source])
        own = [] if values is None else ["in this run"]
        head = ["parameter", *own, "default", "range", "unit", "how sure", "meaning", "source"]
        parts += [f"{heading} {title}", table(head, rows)]
    return "\n\n".join(parts)


def value_in_run(value: float, default: float) -> str:
    """A parameter's value, heavy where it is another than the default."""
    return f"{value:.7g}" if value == default else f"**{value:.7g}**"


def phases() -> str:
    """The phases of a month and of a month of settling, in their order."""
    from sim.phases.month import PHASES, SETTLING_PHASES

    rows = []
    for number, (name, phase) in enumerate(PHASES.items(), 1):
        text = each_one(first_paragraph(phase.function.py_func))  # type: ignore[attr-defined]
        shared = str(getdoc(phase.units))  # type: ignore[attr-defined]
        rows.append([str(number), f"`{name}`", text, shared, "yes" if name in SETTLING_PHASES else ""])
    settling = " → ".join(f"`{name}`" for name in SETTLING_PHASES)
    head = ["order", "phase", "what it does", "divided over threads", "while settling"]
    return table(head, rows) + f"\n\nA month of settling passes {settling}."


def functions_in(module: ModuleType) -> list[list[str]]:
    """Every compiled function that a module declares, and the first paragraph of what it says."""
    found = {name: getattr(value, "py_func", None) for name, value in vars(module).items()}
    own = {name: each for name, each in found.items() if each is not None and each.__module__ == module.__name__}
    return [[f"`{name}`", first_paragraph(each)] for name, each in own.items()]


def rules() -> str:
    """Every rule by name, with the first line of what it says."""
    import sim.rules

    rows = []
    for name in sim.rules.__all__:
        rule = getattr(sim.rules, name)
        module = rule.py_func.__module__.rsplit(".", 1)[-1]
        rows.append([f"`{name}`", f"`sim/rules/{module}.py`", first_paragraph(rule.py_func)])
    return table(["rule", "file", "equation"], rows)


def measures() -> str:
    """What is counted every month."""
    from sim.measures import CLASSES, COUNT_NAMES, MEASURES

    named = ", ".join(f"`{name}`" for name in COUNT_NAMES)
    rows = [[f"`{m.name}`", m.english, m.unit, f"{m.part} / {m.whole}" if m.whole else m.part] for m in MEASURES]
    return (
        f"Classes of residents: {'; '.join(CLASSES)}.\n\nCounted of each, per neighbourhood: {named}. Reported:\n\n"
        + table(["measure", "what it is", "unit", "count"], rows)
    )


def patterns() -> str:
    """The patterns that the simulator is checked against."""
    from experiments.validate.patterns import read_patterns
    from experiments.validate.report import band_text
    from sim.parameters.declaration import CERTAINTY

    rows = []
    for name, about in read_patterns()[0].items():
        parts = [f"{part}: {p['target']:g} ({band_text(p['low'], p['high'])})" for part, p in about["parts"].items()]
        rows.append(
            [name, about["title"]["en"], about["measure"], "<br>".join(parts), about["source"], about["certainty"]]
        )
    letters = "; ".join(f"{letter} {text}" for letter, text in CERTAINTY.items())
    head = ["number", "pattern", "measure", "target (band)", "source", "how sure"]
    return f"{table(head, rows)}\n\nHow sure a target is: {letters}."


def columns_of(declaration: type) -> str:
    """Fields of a declaration with type and meaning, a row each."""
    about = attributes_of(declaration)
    rows = [[f"`{name}`", *about.get(name, ("", ""))] for name in getattr(declaration, "_fields", about)]
    return table(["variable", "type", "meaning"], rows)


def columns_of_residents() -> str:
    """The columns of the population table: type, meaning, and what happens to each when somebody leaves or moves."""
    from agents.person import Person
    from sim.population import COLUMNS, DECLARED, KEEP, Population

    about, rows = attributes_of(Population), []
    for name, column in DECLARED.items():
        vacated = "by the phase itself" if column.when_vacated is None else str(column.when_vacated)
        moving = "taken along" if column.on_moving == KEEP else "written anew"
        of_agent = None if name in OF_STATE else getattr(Person, name, None)
        said = getdoc(of_agent) if isinstance(of_agent, property) else None
        kind = f"{COLUMNS[name]} [rows]" if name in COLUMNS else about[name][0]
        rows.append([f"`{name}`", kind, said or about[name][1], vacated, moving])
    return table(["variable", "type", "meaning", "when vacated", "on moving"], rows)


def flows() -> str:
    """Who comes and goes, under the name by which it is recorded."""
    from experiments.results.record import FLOWS

    return table(["variable", "type", "recorded as"], [[f"`{n}`", "int64 [J]", f"`{c}`"] for n, c in FLOWS.items()])


def motives() -> str:
    """Why people come from abroad, with what is assumed of each."""
    from sim.motives import DECLARED

    rows = []
    for m in DECLARED:
        children, low, mode, high = m.arrival_age
        numbers = (m.in_couple, m.shares_home, m.works_on_arrival, m.reception, m.course_hours)
        rows.append([f"`{m.name}`", f"{children:g} children; {low}, {mode}, {high}", *(f"{n:g}" for n in numbers)])
    head = ["motive", "share of children; lowest, commonest, highest age of others", "households that are couples"]
    head += ["of those alone, share a dwelling", "works on arrival", "reached by reception", "hours of Dutch a month"]
    return table(head, rows)


def facilities() -> str:
    """Kinds of facility, with what each counts as."""
    from sim.facilities import DECLARED

    yes = {True: "yes", False: ""}
    rows = [[f"`{f.name}`", yes[f.amenity], yes[f.of_families], yes[f.of_members]] for f in DECLARED]
    return table(["facility", "amenity of a lively place", "used by households with children", "people join it"], rows)
