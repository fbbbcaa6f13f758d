"""The description of a run: whole, made of declarations and receipt, and no number in it that is of neither."""

import json
import re
import shutil
from dataclasses import astuple, replace
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from experiments.cli.command import main
from experiments.odd.constants import WITHOUT_WORDS, as_written, is_declared_number
from experiments.odd.document import write_document
from experiments.odd.equations import EXPLAINED_ONCE
from experiments.odd.formats import to_html
from experiments.odd.prose import NUMBER, declared_number, page
from experiments.odd.rates import AGES_SHOWN, yearly_rates
from experiments.odd.receipt import Receipt, as_text, read_receipt
from sim.measures import MEASURES
from sim.motives import DECLARED as MOTIVES
from sim.parameters import Parameters
from sim.parameters.declaration import describe
from sim.phases.month import PHASES
from sim.population import DECLARED
from tests.tools.paths import REPOSITORY

CODE = re.compile(r"```.*?```|`[^`\n]*`|\$\$.*?\$\$|\$[^$\n]+\$|<!--.*?-->", re.DOTALL)
TOKEN = re.compile(r"\d+(?:[.,]\d+)*")
CITED = re.compile(r"(?:\w+|et al\.) \(?(1[89]|20)\d\d\b|\(20\d\d\)")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A result of Vaals with a policy and a parameter of its own."""
    out = tmp_path_factory.mktemp("odd") / "vaals"
    words = "run region=vaals scale=20 years=1 threads=1 policy=libraries parameters.base=0.5512"
    assert main([*words.split(), f"out={out}"]) == 0
    return out


@cache
def receipt_of(folder: Path) -> Receipt:
    return read_receipt(folder, other_code=False)


def numbers_in(text: str) -> set[str]:
    """Numbers as they are written outside code and formulas."""
    return set(TOKEN.findall(CODE.sub(" ", text)))


def written(value: Any) -> set[str]:
    """Every way in which the numbers of a nested value may be written."""
    if isinstance(value, dict):
        return set().union(*(written(v) for v in [*value, *value.values()]))
    if isinstance(value, list | tuple | set):
        return set().union(*(written(v) for v in value))
    if isinstance(value, str):
        return set(TOKEN.findall(value))
    if isinstance(value, int | float) and not isinstance(value, bool):
        forms = (as_text(value), f"{value:g}", f"{value:.7g}", f"{value:,.4f}".rstrip("0").rstrip("."))
        return set().union(*(TOKEN.findall(form) for form in forms))
    return set()


def declared() -> set[str]:
    """Numbers of everything the code declares."""
    from experiments.validate.patterns import read_patterns
    from scenarios.policy.levers import levers

    beside = [REPOSITORY / "scenarios" / f"{name}.py" for name in ("start", "households", "arrivals")]
    files = [*(REPOSITORY / "sim").rglob("[a-z]*.py"), *beside]
    names = [".".join(file.relative_to(REPOSITORY).with_suffix("").parts) for file in files]
    modules = [import_module(name) for name in names if ".machine." not in name or name in EXPLAINED_ONCE]
    constants = [as_written(v) for module in modules for v in vars(module).values() if is_declared_number(v)]
    described = [(d.default, d.low, d.high, d.unit, d.text, d.source) for d in describe(Parameters).values()]
    set_by = [(one.low, one.high, one.baseline, list(map(astuple, one.prices)), one.text) for one in levers().values()]
    texts = [Path(str(module.__file__)).read_text() for module in modules]  # docstrings are what phases and columns say
    counted = [*range(1, len(PHASES) + 1), len(describe(Parameters))]
    return written([texts, constants, described, set_by, counted, read_patterns()[0], [astuple(m) for m in MOTIVES]])


def test_every_declaration_is_described(folder: Path) -> None:
    import sim.rules

    text = write_document(receipt_of(folder))
    names = [*describe(Parameters), *PHASES, *DECLARED, *(m.name for m in MEASURES), *sim.rules.__all__]
    assert not [name for name in names if f"`{name}`" not in text]
    headings = ("Purpose and patterns", "Entities, state and scales", "Process overview and scheduling",
                "Implementation", "Initialisation", "Input data", "Submodels")  # fmt: skip
    concepts = ("Individual decision-making", "Learning", "Sensing", "Interaction", "Heterogeneity", "Stochasticity")
    concepts += (
        "Norms, space, time and uncertainty in decisions",
        "Objectives",
        "Prediction",
        "Collectives",
        "Observation",
    )
    assert all(f"\n### {title}\n" in text for title in headings) and all(f"**{name}" in text for name in concepts)
    for rule in sim.rules.__all__:
        assert f"def {rule}(" in text
    assert "| `base` | **0.5512** |" in text and "](" not in text.replace("](http", "")
    assert WITHOUT_WORDS not in text  # every constant says what it is
    assert "low to high" not in CODE.sub(" ", text) and "{include}" not in text
    assert "<!--" not in re.sub("```.*?```", "", text, flags=re.DOTALL)
    assert receipt_of(folder).summary["digest"] in text and "thuis run region=vaals" in text


def test_every_number_is_of_a_declaration_or_of_the_receipt(folder: Path) -> None:
    import polars as pl

    receipt = receipt_of(folder)
    known = declared() | written(receipt.summary) | written([rows for _, rows, _ in receipt.tables()])
    known |= written(pl.read_parquet(folder / "neighbourhoods.parquet").rows())
    months = pl.read_parquet(folder / "months.parquet")
    known |= written(months.filter(pl.col("month") == 0).rows())
    known |= {str(age) for age in AGES_SHOWN} | {f"{rate:.3g}" for rate in yearly_rates(receipt.parameters).flat}
    known |= {f"{declared_number(e, receipt.parameters):g}" for p in PAGES for _, e in NUMBER.findall(page(p))}
    text = CITED.sub(" ", write_document(receipt))
    unknown = numbers_in(text) - known
    assert not unknown, sorted(unknown)


PAGES = ("model", "equations", "glossary")


@pytest.mark.parametrize("name", PAGES)
def test_the_prose_has_no_numbers_but_those_it_names_the_source_of(name: str) -> None:
    """And what it says in a comment is what stands before it."""
    values = {d.name: d.default for d in describe(Parameters).values()}
    text = re.sub(r"<!-- only in the documentation -->.*?<!-- end -->", "", page(name), flags=re.DOTALL)
    for number, expression in NUMBER.findall(text):
        assert float(number) == declared_number(expression, values), expression
    for unit in sorted({measure.unit for measure in MEASURES}, key=len, reverse=True):
        text = text.replace(f"| {unit} |", "| |")
    rest = CITED.sub(" ", NUMBER.sub(" ", CODE.sub(lambda c: c[0] if c[0].startswith("<!--") else " ", text)))
    assert not numbers_in(rest) - {"0", "1"}, name


def test_what_the_receipt_says_is_what_is_described(folder: Path) -> None:
    receipt = receipt_of(folder)
    changed = json.loads(json.dumps(receipt.summary))
    changed["configuration"]["parameters"]["recognition"] = 0.1357
    changed["configuration"]["policy"]["libraries"]["funding"] = 2.25
    changed["residents_start"], changed["data_source"] = 7654321, "a table of somebody's"
    text = write_document(replace(receipt, summary=changed))
    assert text.count("0.1357") >= 2 and "| 2.25 |" in text and "7,654,321" in text and "a table of somebody's" in text


def test_a_comparison_is_described_too(tmp_path: Path) -> None:
    words = "compare region=vaals scale=200 years=1 policies=[baseline,libraries] replicates=2 parameters_drawn=false"
    assert main([*words.split(), "roads=0", "progress=none", f"out={tmp_path / 'two'}"]) == 0
    text = write_document(read_receipt(tmp_path / "two", other_code=False))
    assert text.startswith("# ODD+D of a comparison") and "`at_home_newcomer`" in text and "policies compared" in text


def test_a_page_shows_formulas_and_text_from_outside_as_text(folder: Path) -> None:
    receipt = receipt_of(folder)
    summary = {**receipt.summary, "data_source": "<script>alert(1)</script> [x](javascript:alert)"}
    html = to_html(write_document(replace(receipt, summary=summary)), "a < b")
    assert "<script>alert" not in html and 'href="javascript' not in html and "a &lt; b" in html
    assert "<math" in html and "\x02" not in html and "<table>" in html


def test_command_writes_beside_the_result_and_refuses_in_one_line(folder: Path, capsys: Any, tmp_path: Path) -> None:
    assert main(["odd", str(folder)]) == 0
    assert (folder.parent / "vaals-odd.html").read_text().startswith("<!doctype html>")
    assert main(["odd", str(folder)]) == 2 and "is there already" in capsys.readouterr().err
    assert main(["odd", str(folder), f"out={tmp_path / 'a.md'}"]) == 0
    assert (tmp_path / "a.md").read_text().startswith("# ODD+D of a run")
    code, document = main(["odd", str(folder), f"out={tmp_path / 'a.docx'}"]), tmp_path / "a.docx"
    if shutil.which("pandoc"):
        assert code == 0 and document.stat().st_size > 10_000
    else:
        assert code == 2 and "pandoc" in capsys.readouterr().err
    assert main(["odd", str(tmp_path)]) == 2 and "no result of Thuis" in capsys.readouterr().err
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    summary = json.loads((other / "summary.json").read_text())
    (other / "summary.json").write_text(json.dumps(summary | {"code_digest": "0" * 64}))
    assert main(["odd", str(other)]) == 2 and "made by other code" in capsys.readouterr().err
    assert main(["odd", str(other), "other_code=true"]) == 0
