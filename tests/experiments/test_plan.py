"""Plans: an answer known on paper, what is said of equal division, and a small plan from beginning to end."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import thuis
from experiments.emulate.points import Factors
from experiments.plan.draws import drawn
from experiments.plan.levers import PlannedLever
from experiments.plan.problem import Problem, equal_division
from experiments.plan.report import text_of
from experiments.plan.search import search
from experiments.plan.study import Against, PlanOptions
from scenarios.errors import InputError
from sim.parameters import Parameters


class Known:
    """In place of an emulator: lever A costs 100 and gains 0.03, lever B 50 and 0.01; A widens the gap by 0.01."""

    factors = Factors(["a", "strength", "b"], np.zeros(3), np.ones(3), [])

    def mean(self, case: tuple[str, ...], outcome: str, values: np.ndarray) -> np.ndarray:
        a, strength, b = values.T
        found = {"spent": 2 * (100 * a + 50 * b), "belonging": strength * (0.03 * a + 0.01 * b), "gap": 0.01 * a}
        return found[outcome]


def problem(budget: float, widest: float) -> Problem:
    """Two years, in which a draw makes levers stronger or weaker."""
    levers = [PlannedLever(name, 0, 1, 0, {"en": name, "nl": name}, ()) for name in "ab"]
    draws = np.linspace(0.5, 1.5, 11)[:, None]
    emulator: Any = Known()
    return Problem(emulator, (), levers, draws, draws, 2, budget, widest)


def test_the_best_plan_known_on_paper_is_found() -> None:
    """A gains most for its money; where the gap may widen by 0.002 a fifth of A is allowed, and B gets the rest."""
    free = problem(50, 0.1)
    assert equal_division(free) == pytest.approx([0.25, 0.5], abs=1e-6)
    for each, best in ((free, (0.5, 0.0)), (problem(50, 0.002), (0.2, 0.6))):
        front = search(each, 600, 1, [equal_division(each)])
        assert front.plans[front.best] == pytest.approx(best, abs=0.08)
        assert (front.judged.cost <= 50).all() and (front.judged.worst_gap <= each.widest).all()
        assert (np.diff(front.judged.cost) >= 0).all() and front.judged.cost[0] == pytest.approx(0, abs=1)


def test_what_a_lever_cannot_use_goes_to_the_others() -> None:
    assert equal_division(problem(120, 1)) == pytest.approx([0.7, 1.0], abs=1e-6)
    with pytest.raises(InputError, match="all levers at their highest cost 150 euro a year"):
        equal_division(problem(200, 1))
    with pytest.raises(InputError, match="none of 50 plans within the budget keeps to it"):
        search(problem(50, -0.001), 50, 1, [])


@pytest.mark.parametrize(("shift", "verdict"), [(2.0, "better"), (0.0, "alike"), (-2.0, "worse"), (0.5, "alike")])
def test_a_plan_is_better_when_it_is_so_surely_and_nearly_always(shift: float, verdict: str) -> None:
    assert Against(np.random.default_rng(3).normal(shift, 1, 100)).verdict == verdict


def test_draws_beyond_a_sweep_are_refused_with_the_range_they_need() -> None:
    names, wide, narrow = ["parameters.base"], np.array([[0.4, 0.8]]), np.array([[0.4, 0.5]])
    found, within = drawn(names, wide, Parameters(), None, 50, 1, "plan draws")
    assert within == 1 and len(np.unique(found)) > 20
    assert not np.isin(found, drawn(names, wide, Parameters(), None, 1, 1, "plan held out")[0]).all()
    with pytest.raises(InputError, match=r"sweep it over factors.parameters.base=\[0\.5"):
        drawn(names, narrow, Parameters(), None, 20, 1, "plan draws")


def test_a_small_plan_from_beginning_to_end(tmp_path: Path) -> None:
    policy = {
        "name": "two",
        "counter": {"one_stop": 0},
        "libraries": {"facilities": ["library"], "funding": 1, "where": ["vaals_01"]},
    }
    factors = {
        "policy.counter.one_stop": [0, 1],
        "policy.libraries.funding": [1, 3],
        "parameters.effect_amenities": [0.065, 0.145],
    }
    sweep = thuis.sweep(
        "vaals",
        policy=policy,
        factors=factors,
        design="latin_hypercube",
        runs=24,
        replicates=2,
        years=1,
        scale=100,
        start="shared",
        out=tmp_path / "sweep",
    )
    options: dict[str, Any] = {"gap": 0.5, "draws": 3, "trials": 50, "confirm": 2, "replicates": 2, "workers": 1}
    with pytest.raises(InputError, match="a plan needs a budget"):
        thuis.plan(sweep, **options)
    found = thuis.plan(sweep, budget=20_000, language="nl", progress="none", **options)
    values = json.loads((found.folder / "plan.json").read_text())
    assert values["verdict"] == found.study.verdict and values["idle"]["policy.libraries.funding"] == 1
    study = replace(found.study, against=Against(np.array([2.0, 2.1, 2.2])))
    assert study.fair and study.verdict == "better"
    assert replace(study, problem=replace(study.problem, widest=-1.0)).verdict == "too_wide"
    equal = found.table.filter(found.table["kind"] == "equal").row(0, named=True)
    assert equal["cost"] == pytest.approx(20_000, rel=0.05)
    assert equal["cost_confirmed"] == pytest.approx(20_000, rel=0.3)  # other first residents
    titles = {True: "# De beste besteding van 20.000 euro per jaar", False: "# Plannen voor 20.000 euro per jaar: geen"}
    options_nl = PlanOptions(language="nl")
    for each in (study, replace(study, problem=replace(study.problem, widest=-1.0))):
        assert text_of(each, options_nl).startswith(titles[each.verdict == "better"])
    assert (found.folder / "plan.md").read_text().startswith(titles[values["verdict"] == "better"])
    assert {path.suffix for path in found.folder.glob("front.*")} == {".png", ".svg", ".csv"}
