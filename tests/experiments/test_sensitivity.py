"""Sensitivity: words, the choice of leading parameters, the ranking of policies, and a point of the design."""

import numpy as np
import polars as pl
import pytest

from experiments.options.declaration import options_from
from experiments.options.words import read_words
from experiments.sensitivity.command import COMMAND, SensitivityOptions, main
from experiments.sensitivity.designs import Runner, leading_of_policies, leading_parameters, problem_of
from experiments.sensitivity.outcomes import POLICIES, USUAL, USUAL_REGION, Asked, asked_of, outcomes_of, table_of
from experiments.sensitivity.ranking import ranking
from scenarios.errors import InputError
from scenarios.regions.archetypes import archetype


def test_words() -> None:
    def options(*words: str) -> SensitivityOptions:
        return options_from(SensitivityOptions, read_words(COMMAND, words).values, "sensitivity")

    assert options("samples=8", "seed=0").samples == 8
    assert options("outcomes=[at_home]").outcomes == ("at_home",) and options().outcomes == USUAL
    with pytest.raises(InputError, match="did you mean turnover"):
        asked_of({"name": USUAL_REGION}, ("turnovr",), "belonging")
    for word in ("samples=0", "samples=many", "scales=2", "seed=-1"):
        with pytest.raises(InputError):
            options(word)


def test_leading_parameters_are_those_with_the_largest_share_of_any_outcome() -> None:
    rows = [("belonging", "a", 9.0), ("belonging", "b", 1.0), ("belonging", "c", 5.0)]
    rows += [("slope", "a", 0.1), ("slope", "b", 0.9), ("slope", "c", 0.2), ("effect_work", "c", 7.0)]
    table = pl.DataFrame(rows, schema=["outcome", "parameter", "mu_star"], orient="row")
    assert leading_parameters(table, 2) == ["a", "b"]
    assert leading_of_policies(table) == ["c"]


def test_ranking_of_policies() -> None:
    found = np.zeros((4, len(Asked().names)))
    found[:, -len(POLICIES)] = [2, 2, 2, -1]
    found[:, -len(POLICIES) + 1] = 1
    table = ranking(found)
    assert table["share_best"].to_list()[:2] == [0.75, 0.25]
    assert table["share_positive"].to_list()[:2] == [0.75, 1.0]
    assert table["share_order"][0] == pytest.approx((0.75 + 0.75 + 0.75) / 3)


def test_the_space_is_the_range_of_the_declaration() -> None:
    assert problem_of(["effect_reception"])["bounds"] == [[0.0, 0.06]]


def test_the_usual_region_is_the_city_of_the_typology() -> None:
    assert table_of(Asked().region).digest == archetype("arnhem").digest


@pytest.mark.slow
def test_a_point_is_the_same_again() -> None:
    """And the first of what is asked of another region is its measure, the last the effect on that measure."""
    varied = {"effect_diversity": 0.05}
    assert outcomes_of(varied, Asked(), 60, 1) == outcomes_of(varied, Asked(), 60, 1)
    two, one = (asked_of({"name": "urk"}, names, "at_home") for names in (("turnover", "at_home"), ("at_home",)))
    found, alone = outcomes_of(varied, two, 60, 1), outcomes_of(varied, one, 60, 1)
    assert found[1:] == alone and found[0] < 0.2 and 0.3 < found[1] < 1


def test_a_study_goes_on_where_it_was_and_keeps_apart_from_others(tmp_path, monkeypatch) -> None:
    requested = []

    def counted(values, asked, scale, seed):
        requested.append(values)
        return [values["base"]] * len(Asked().names)

    monkeypatch.setattr("experiments.sensitivity.designs.outcomes_of", counted)
    points = np.linspace(0.3, 0.8, 100)[:, None]
    run = Runner(tmp_path, 20, 1)
    first = run("x", points, ["base"])
    assert len(requested) == 100 and first[:, 0] == pytest.approx(points[:, 0])
    next(tmp_path.glob("x-000064.npz")).unlink()
    assert np.array_equal(run("x", points, ["base"]), first) and len(requested) == 136
    with pytest.raises(InputError, match="another study"):
        run("x", points[::-1], ["base"])
    assert Runner(tmp_path, 20, 1)("y", points[:3], ["base"], {"base": 0.5}) == pytest.approx(0.5)


@pytest.mark.slow
def test_from_words_to_figures(tmp_path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some 1,300 runs: of a few months here, for what they find is not looked at."""
    monkeypatch.setattr("experiments.sensitivity.outcomes.MONTHS", 2)
    monkeypatch.setattr("experiments.sensitivity.outcomes.SETTLING", 1)
    words = [
        f"out={tmp_path}",
        "trajectories=2",
        "leading=2",
        "samples=2",
        "rankings=2",
        "scale=40",
        "region=vaals",
        "outcomes=[at_home,gap]",
    ]
    assert main(words) == 0
    assert {"morris.parquet", "sobol.parquet", "ranking.parquet", "summary.json"} <= {
        p.name for p in tmp_path.iterdir()
    }
    assert pl.read_parquet(tmp_path / "ranking.parquet")["case"].n_unique() == 4
    assert (tmp_path / "ranking.svg").is_file() or list(tmp_path.glob("**/ranking.*"))
