"""What the terminal lists and shows: policies, levers, parameters and results, in English and in Dutch."""

import json
from pathlib import Path

import pytest

from experiments.cli.command import main
from experiments.cli.results_shown import describe_summary
from experiments.compare.command import closing_lines as comparison_lines
from experiments.results.phrases import written
from experiments.run.single_run import closing_lines
from experiments.simulation.progress import Bar
from scenarios.policy import levers, package_names
from sim.parameters import Parameters
from sim.parameters.declaration import describe

NUMBERS = {"residents": 1200, "at_home": 0.6, "belonging": 0.61, "cohesion": 5.5}
RUN = {
    "kind": "thuis result 1", "title": "Vaals", "years": 2, "seed": 1, "scale": 1, "policy": "libraries",
    "digest": "d1", "euro_spent": 1234567.8, "months": 24, "seconds": 3.21, "residents": 1210,
    "start": NUMBERS, "end": NUMBERS | {"at_home": 0.625, "residents": 1210, "belonging": 0.62},
}  # fmt: skip


def said(words: str, capsys: pytest.CaptureFixture[str]) -> str:
    """What a command prints."""
    assert main(words.split()) == 0
    return capsys.readouterr().out


def test_every_policy_lever_and_parameter_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert all(f"{name}: " in said("policies", capsys) for name in package_names())
    listed = said("levers language=nl", capsys)
    assert all(
        f"{lever.word}  [{name}]" in listed and lever.text["nl"][:30] in listed for name, lever in levers().items()
    )
    assert all(f"  {name} " in said("parameters", capsys) for name in describe(Parameters))


def test_lists_are_searched_and_read_files(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert "libraries: Bibliotheken" in said("policies bibliotheken language=nl", capsys)
    assert said("levers library", capsys).count("[") < len(levers())
    (tmp_path / "mine.yaml").write_text(
        "title: {nl: Mijn plan, en: My plan}\nopen: {facilities: library, funding: 2}\n"
    )
    assert "Mijn plan" in said(f"policies {tmp_path / 'mine.yaml'} language=nl", capsys)
    for words in ("policies zzz", "levers zzz", "parameters zzz", "levers language=fr"):
        assert main(words.split()) == 2
        assert capsys.readouterr().err.count("\n") == 1


def test_a_result_is_shown_as_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "summary.json").write_text(json.dumps(RUN))
    lines = said(f"results show {tmp_path} language=nl", capsys).splitlines()
    assert lines[0] == "Berekening: Vaals, 2 jaar, toevalsgetal 1, schaal 1, beleid libraries"
    assert any(line.split() == ["voelt", "zich", "thuis", "(%)", "60,0", "62,5", "+2,5"] for line in lines)
    assert any("1.234.568 euro" in line for line in lines)
    assert json.loads(said(f"results {tmp_path} json", capsys)) == RUN
    assert main(["results", str(tmp_path), "xml"]) == 2


def test_a_comparison_is_shown_in_people_per_thousand_and_euro() -> None:
    effect = {"difference": 0.0123, "low": 0.01, "high": 0.0146}
    assert written(-0.04, 1, "nl", sign=True) == "0,0", "nothing has no sign"
    summary = {
        "kind": "thuis comparison 1", "title": "Vaals", "replicates": 5, "years": 3,
        "policies": [{"name": "baseline", "title": {}}, {"name": "libraries", "title": {"en": "Libraries"}}],
        "people": {"libraries": {"everyone": {"at_home": {"both": effect}, "belonging": {"both": effect}}}},
        "costs": {"libraries": {"euro": 1e6}}, "configuration": {"language": "nl"}, "failed": [], "seconds": 2.0,
    }  # fmt: skip
    last = comparison_lines(summary, Path("out")).splitlines()[-1]
    assert last == "  libraries: +12,3 (+10,0 tot +14,6), 330.000 euro"
    assert describe_summary(summary, "en").splitlines()[-1].split() == [
        "Libraries",
        "+12.3",
        "+10.0",
        "+14.6",
        "+0.0123",
        "1,000,000",
    ]


def test_the_terminal_speaks_dutch() -> None:
    lines = closing_lines(RUN, Path("out"), "nl")
    assert lines.startswith("Vaals: 1.210 inwoners, 24 maanden in 3,2 s; thuisgevoel 0,620, 62% voelt zich thuis") or (
        "63% voelt zich thuis" in lines
    )
    assert lines.endswith("lees out/page.html") and "residents" not in lines
    assert Bar("nl").word("vaals month") == "vaals maand" and Bar("en").word("settling") == "settling"
