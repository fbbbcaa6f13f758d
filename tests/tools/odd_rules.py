"""Rules that make odd inputs: of each kind a function that gives the words of a command, and the files they name.

`tests/tools/odd_campaign.py` tries them. What stands in place of a good value is what people and programs put there by
mistake: empty, of another type, too large, a sign of another language, a device, a reference.
"""

import contextlib
import io
import json
import os
import random
import shutil
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path

from experiments.cli.command import main as thuis
from experiments.compare.design import CompareOptions
from experiments.options.settings import Options
from experiments.sweep.request import SweepOptions
from sim.parameters import Parameters

RUN = ["run", "region=vaals", "scale=200", "years=1", "progress=none"]
VALUES = [
    *[
        "nan",
        "inf",
        "-inf",
        "-1",
        "0",
        "1e9",
        "1e400",
        "0x10",
        "1_000",
        "3,5",
        "½",
        "١٢",
        "[]",
        "{}",
        "[1,[2]]",
        "null",
        "true",
        "yes",
        "'",
        '"',
        "é",
        "../..",
        "/",
        ".",
        "=",
        "1,2",
        "%s",
        "{0}",
    ],
    *[
        "/dev/null",
        "/dev/zero",
        "${HOME}",
        "${oc.env:HOME}",
        "<b>",
        "@file",
        "*",
        "~",
        "#",
        "none",
        "baseline",
        "vaals",
        "2015-01-01",
    ],
    *("", " ", "{a: 1}", "a b", "9" * 40, "\x1b[31m", "\u202eabc"),
]
CELLS = [
    *["-", "x", "nan", "inf", "-5", "1e30", "1.234.567,8", "12%", "=1+1", "½", "<script>", "'1", "TRUE"],
    *("", " ", "\x00", "\ufeff1", "9" * 30),
]
TABLE = [
    ["code", "name", "residents", "origin_dutch", "origin_other", "income", "x", "y"],
    ["A1", "Old Town", "1200", "70", "30", "24.5", "0", "0"],
    ["A2", "Harbour", "900", "55", "45", "21", "1.5", "0.2"],
    ["A3", "Hill", "1500", "80", "20", "33", "0.4", "2"],
]
POLICY = "name: own\ntitle: {nl: Eigen, en: Own}\nlib:\n  facilities: library\n  funding: 2\n  start: 3\n"
BEHAVIOUR = """class Own:
    def {step}(self):
        super().{step}()
        {line}
def report(model):
    {report}
"""


class Made:
    """The folder in which inputs are tried, emptied before each, and good results that are copied to be damaged."""

    def __init__(self, room: Path) -> None:
        self.here, self.good = room / "here", room / "good"
        self.good.mkdir()

    def begin(self) -> None:
        """An empty folder to work in."""
        shutil.rmtree(self.here, ignore_errors=True)
        self.here.mkdir()
        os.chdir(self.here)

    def write(self, name: str, data: bytes) -> None:
        """A file of the input."""
        (self.here / name).write_bytes(data)

    def copy_of(self, kind: str) -> Path:
        """A copy of a good result, made once, as the folder `r`."""
        if not (self.good / kind).exists():
            more = {
                "compare": ["replicates=2", "parameters_drawn=false", "roads=0"],
                "sweep": ["engine=threads", "workers=1"],
            }
            with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
                assert thuis([kind, *RUN[1:], *more.get(kind, []), f"out={self.good / kind}"]) == 0
        return Path(shutil.copytree(self.good / kind, self.here / "r"))


def odd_option(r: random.Random, made: "Made") -> list[str]:
    """A plain option of a command with an odd value; nothing is written where it should not be."""
    command, declared = r.choice([("run", Options), ("compare", CompareOptions), ("sweep", SweepOptions)])
    key = r.choice(
        [f.name for f in fields(declared) if f.name not in ("out", "engine", "scheduler", "workers", "threads")]
    )
    small = [word for word in RUN[1:] if not word.startswith(f"{key}=")]
    more = {"compare": ["replicates=2", "parameters_drawn=false", "roads=0"], "sweep": ["engine=threads", "workers=1"]}
    kept = [word for word in more.get(command, []) if not word.startswith(f"{key}=")]
    return [command, *small, *kept, f"{key}={r.choice(VALUES)}", "out=o"]


def odd_parameter(r: random.Random, made: "Made") -> list[str]:
    """A parameter of the model with an odd value, or a name that is nearly one."""
    name = r.choice([f.name for f in fields(Parameters)])
    name = name if r.random() < 0.8 else name[:-1] + r.choice("éx_ ")
    return [*RUN, f"parameters.{name}={r.choice(VALUES)}", "out=o"]


def odd_region(r: random.Random, made: "Made") -> list[str]:
    """A region, or an option of one, that is odd."""
    key = r.choice(
        [
            "region",
            "region.table",
            "region.codes",
            "region.year",
            "region.scheme",
            "region.extra",
            "areas",
            "year",
            "region.geometry",
            "region.adjacency",
        ]
    )
    base = [word for word in RUN if not (key == "region" and word.startswith("region="))]
    return [*base, f"{key}={r.choice([*VALUES, '[vaals,vaals]', 'zeeland]', 'Vaals (L.)', 'GM0981'])}", "out=o"]


def odd_lever(r: random.Random, made: "Made") -> list[str]:
    """A lever or time of a package with an odd value."""
    word = r.choice(["funding", "start", "stop", "where", "budget", "facilities", "ramp", "nothing"])
    return [*RUN, "policy=libraries", f"policy.libraries.{word}={r.choice(VALUES)}", "out=o"]


def odd_policy_file(r: random.Random, made: "Made") -> list[str]:
    """A policy file with a line replaced, doubled, indented or cut."""
    lines = POLICY.splitlines()
    at, how = r.randrange(len(lines)), r.choice(["value", "twice", "indent", "cut", "bytes"])
    key = lines[at].partition(":")[0]
    new = {
        "value": f"{key}: {r.choice(VALUES)}",
        "twice": f"{lines[at]}\n{lines[at]}",
        "indent": f"   {lines[at]}",
        "cut": key,
    }
    lines[at] = new.get(how, lines[at])
    data = ("\n".join(lines) + "\n").encode()
    made.write("own.yaml", data[: at * 3] + bytes([r.randrange(256)]) + data[at * 3 :] if how == "bytes" else data)
    return [*RUN, "policy=own.yaml", "out=o"]


def odd_cell(r: random.Random, made: "Made") -> list[str]:
    """A table of areas with an odd cell, head or row; checked, or simulated."""
    rows = [list(row) for row in TABLE]
    how = r.choice(["cell", "cell", "head", "row twice", "short row", "no rows", "separator", "encoding", "one zero"])
    at, column = r.randrange(1, len(rows)), r.randrange(len(rows[0]))
    if how == "cell":
        rows[at][column] = r.choice(CELLS)
    elif how == "head":
        rows[0][column] = r.choice([*CELLS, "residents", "origin_", "Origin Dutch"])
    elif how == "row twice":
        rows.append(rows[at])
    elif how == "short row":
        rows[at] = rows[at][: column + 1]
    elif how == "no rows":
        rows = rows[:1]
    elif how == "one zero":
        rows[at][2] = "0"
    text = "\n".join((r.choice(";\t|") if how == "separator" else ",").join(row) for row in rows) + r.choice(
        ["", "\n", "\r\n\n"]
    )
    made.write("areas.csv", text.encode(r.choice(["utf-16", "latin-1"]) if how == "encoding" else "utf-8", "replace"))
    if r.random() < 0.6:
        return ["data", "check", "areas.csv"]
    return ["run", "region=file", "region.table=areas.csv", "scale=20", "years=1", "progress=none", "out=o"]


def odd_factor(r: random.Random, made: "Made") -> list[str]:
    """A factor of a sweep that is odd."""
    name = r.choice(
        [
            "policy",
            "seed",
            "years",
            "scale",
            "region",
            "parameters.base",
            "policy.libraries.funding",
            "parameters.nothing",
        ]
    )
    design = r.choice(["factorial", "latin_hypercube", "sobol", "morris", "file"])
    value = r.choice([*VALUES, "[1,1]", "[0.4,0.6]", "[2,1]", "[baseline,baseline]", "range(0)", "[vaals,urk]"])
    words = ["sweep", "region=vaals", "scale=200", "years=1", "engine=threads", "workers=1", "progress=none"]
    words = [word for word in words if not word.startswith(f"{name}=")]
    return [*words, f"design={design}", f"runs={r.choice(['1', '2', '3'])}", f"factors.{name}={value}", "out=o"]


def damaged_result(r: random.Random, made: "Made") -> list[str]:
    """A result folder of which a file was cut, emptied, changed or taken away."""
    kind = r.choice(["run", "sweep", "compare"])
    folder = made.copy_of(kind)
    path = r.choice(sorted(p for p in folder.rglob("*") if p.suffix in (".json", ".parquet")))
    how, data = r.choice(["cut", "empty", "gone", "other", "key"]), path.read_bytes()
    if how == "gone":
        path.unlink()
    elif how == "key" and path.suffix == ".json":
        values = json.loads(data)
        values[r.choice(list(values))] = r.choice([None, "x", -1, [], {}, 1e99])
        path.write_text(json.dumps(values))
    else:
        path.write_bytes({"cut": data[: len(data) // 2], "empty": b"", "other": b"[1, 2]"}.get(how, data[::-1]))
    looks = [
        ["results", "r"],
        ["results", "list", "."],
        ["results", "query", "r", "select count(*) from months"],
        ["results", "query", "r", "select count(*) from runs"],
        ["results", "export", "r", "format=csv", "out=e"],
        ["verify", "r"],
        ["odd", "r"],
        ["sweep", "status", "r"],
        ["sweep", "resume", "r", "engine=threads"],
        ["run", "from=r#0", "out=o", "progress=none"],
        ["sweep", "analyse", "r", "outcome=belonging"],
    ]
    return r.choice(looks)


def odd_behaviour(r: random.Random, made: "Made") -> list[str]:
    """A class or reporter of one's own that writes, gives back or raises something odd."""
    value = r.choice(["float('nan')", "-3", "5.0", "'x'", "None", "[]", "10**30", "1j", "b'1'", "object()", "True"])
    name = r.choice(
        [
            "belonging",
            "contact",
            "language",
            "employed",
            "faces_own",
            "tie_count",
            "motive",
            "serial",
            "row",
            "age_months",
        ]
    )
    line = r.choice(
        [
            f"self.{name} = {value}",
            "raise ValueError('no')",
            "self.remove()",
            "1 / 0",
            "del self.model",
            f"return {value}",
        ]
    )
    step = r.choice(["belong", "meet", "withdraw", "look_for_home", "learn_language"])
    given = r.choice(
        [
            f"return {value}",
            f"return {{'own': {value}}}",
            f"return {{{value!r}: 1}}",
            "raise KeyError('x')",
            "return {}",
        ]
    )
    text = BEHAVIOUR.format(step=step, line=line, report=given)
    if r.random() < 0.15:
        text = r.choice(["def (", "import nothing_at_all", "raise SystemExit(3)", "x = 1", "1/0", "\x00"])
    made.write("mine.py", text.encode())
    if r.random() < 0.5:
        return [*RUN, "behaviour=mine.py:Own", "out=o"]
    return ["sweep", *RUN[1:], "engine=threads", "workers=1", "reporter=mine.py:report", "out=o"]


def odd_words(r: random.Random, made: "Made") -> list[str]:
    """Words of any command in an order or number that makes no sense."""
    commands = [
        "policies",
        "levers",
        "parameters",
        "regions",
        "results",
        "data",
        "verify",
        "odd",
        "sweep",
        "validate",
        "sensitivity",
        "calibrate",
        "limits",
        "hindcast",
    ]
    more = [
        *VALUES,
        "check",
        "query",
        "status",
        "resume",
        "list",
        "show",
        "language=fr",
        "language=nl",
        "outcomes=[x]",
        "out=/proc/x",
        "--nothing",
        "-m",
        "format=",
        "a=b=c",
        "region=",
        "trajectories=-1",
    ]
    command = r.choice(commands)
    words = [r.choice(more) for _ in range(r.randrange(1, 4))]
    long = command in ("validate", "sensitivity", "calibrate", "hindcast", "limits")
    if long or (command == "levers" and "check" in words):  # which begin long work when all is well
        words.append(r.choice(["nothing=1", "region=nowhere_at_all", "out=", "seed=x"]))
    return [command, *words]


KINDS: dict[str, Callable[[random.Random, "Made"], list[str]]] = {
    "an option": odd_option,
    "a parameter": odd_parameter,
    "a region": odd_region,
    "a lever": odd_lever,
    "a policy file": odd_policy_file,
    "a table": odd_cell,
    "a factor": odd_factor,
    "a damaged result": damaged_result,
    "own behaviour or outcome": odd_behaviour,
    "words": odd_words,
}
