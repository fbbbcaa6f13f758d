"""The emulator's answer before the simulation's: which policies lie in a sweep, and what is said of the others."""

from pathlib import Path
from typing import Any

import pytest

import thuis
from experiments.cli.command import main
from experiments.emulate.answers import NotCovered, Run, answers_for
from experiments.options.settings import policy_values, region_from
from experiments.simulation.simulate import load_table
from scenarios.policy import Policy, policy_from
from sim.parameters import Parameters


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Libraries and their effect, varied; with its emulator."""
    found = thuis.sweep(
        "vaals",
        policy="libraries",
        design="latin_hypercube",
        runs=24,
        replicates=2,
        years=1,
        scale=10,
        start="shared",
        factors={"policy.libraries.funding": [1, 2], "parameters.effect_amenities": [0.065, 0.145]},
        out=tmp_path_factory.mktemp("sweep") / "lhs",
        progress="none",
    )
    thuis.emulate(found, ["at_home", "belonging"])
    return found


def policy(value: Any) -> Policy:
    """A policy by name or mapping."""
    return policy_from(policy_values(value))


def run_of(region: str = "vaals", years: int = 1) -> Run:
    """A run to ask about."""
    return Run(region_from(region), load_table(region_from(region)), years, 100)


def test_policies_lie_where_they_set_the_same_levers(sweep: Any) -> None:
    """The baseline is where the lever does nothing; a plan of other measures that sets the same lies there too."""
    emulator = thuis.emulate(sweep)
    half: dict[str, Any] = {"name": "half", "defaults": ["libraries"], "libraries": {"funding": 1.5, "ramp": 12}}
    own: dict[str, Any] = {"name": "own", "mine": {"facilities": "library", "funding": 1.5, "ramp": 12}}
    others: list[dict[str, Any]] = [
        {"name": "later", "mine": {"facilities": "library", "funding": 1.5, "ramp": 12, "start": 6}},
        {"name": "park", "mine": {"facilities": "park", "funding": 1.5, "ramp": 12}},
        {"name": "more", "mine": {"facilities": "library", "funding": 3, "ramp": 12}},
        {"name": "there", "mine": {"facilities": "library", "funding": 1.5, "ramp": 12, "where": ["vaals_01"]}},
    ]
    policies = [policy(each) for each in ("baseline", half, own, *others)]
    found = answers_for(emulator, run_of(), policies, [Parameters()])
    assert set(found.missing) == {"later", "park", "more", "there"}
    assert {reason.key for reason in found.missing.values()} == {"policy"}
    assert found.changes["half"] == found.changes["own"] and found.changes["half"]["belonging"].mean > 0
    point = {"parameters.effect_amenities": Parameters().effect_amenities}
    without, with_it = (emulator.predict(point | {"policy.libraries.funding": v}) for v in (1.0, 1.5))
    change = found.changes["half"]["belonging"]
    assert change.mean == pytest.approx(with_it["belonging"][0] - without["belonging"][0], abs=1e-9)
    about = emulator.table().filter(emulator.table()["outcome"] == "belonging").row(0, named=True)
    assert (change.error, change.share) == (about["rmse"], about["share_levers"])


@pytest.mark.parametrize(
    ("run", "draws", "key"),
    [
        (run_of("urk"), [Parameters()], "region"),
        (run_of(years=2), [Parameters()], "years"),
        (run_of(), [Parameters(effect_amenities=0.01)], "parameters"),
    ],
)
def test_other_runs_than_those_of_the_sweep_get_no_answer(sweep: Any, run: Run, draws: Any, key: str) -> None:
    with pytest.raises(NotCovered) as refused:
        answers_for(thuis.emulate(sweep), run, [policy("baseline"), policy("libraries")], draws)
    assert refused.value.key == key


def test_a_comparison_says_it_at_once_and_marks_it(sweep: Any, tmp_path: Path, capsys: Any) -> None:
    words = ["region=vaals", "years=1", "scale=100", "replicates=2", "roads=0", "elements=0", "progress=none"]
    words += ["policies=[baseline,libraries,wrr_agenda]", f"emulator={sweep.path}", f"out={tmp_path / 'found'}"]
    assert main(["compare", *words, "language=nl"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert said[0].startswith("nu meteen, volgens de emulator") and said[1] == "  Bibliotheken"
    assert "fout op weggelaten punten" in said[2]
    assert any("geen antwoord: de sweep heeft geen simulaties met dit beleid" in line for line in said)
    assert main(["compare", *words]) == 2
    assert "holds a finished result; give another folder, or replace=true" in capsys.readouterr().err
    assert main(["compare", *words, "replace=true"]) == 0
    assert main(["compare", *words[:-2], "emulator=nowhere", f"out={tmp_path / 'other'}"]) == 2
    assert "nowhere: no such folder or file" in capsys.readouterr().err
