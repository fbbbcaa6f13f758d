"""Sensitivity: words, the choice of leading parameters, the ranking of policies, and a point of the design."""

import numpy as np
import polars as pl
import pytest

from experiments.sensitivity.command import leading_parameters, problem_of, ranking, read_words
from experiments.sensitivity.outcomes import OUTCOMES, POLICIES, outcomes_of
from scenarios.errors import InputError


def test_words() -> None:
    assert read_words(["samples=8", "seed=0"])["samples"] == 8
    for word in ("samples=0", "samples=many", "scales=2", "seed=-1"):
        with pytest.raises(InputError):
            read_words([word])


def test_leading_parameters_are_those_with_the_largest_share_of_any_outcome() -> None:
    rows = [("belonging", "a", 9.0), ("belonging", "b", 1.0), ("belonging", "c", 5.0)]
    rows += [("slope", "a", 0.1), ("slope", "b", 0.9), ("slope", "c", 0.2), ("effect_work", "c", 7.0)]
    table = pl.DataFrame(rows, schema=["outcome", "parameter", "mu_star"], orient="row")
    assert leading_parameters(table, 2) == ["a", "b"]


def test_ranking_of_policies() -> None:
    found = np.zeros((4, len(OUTCOMES)))
    found[:, -len(POLICIES)] = [2, 2, 2, -1]
    found[:, -len(POLICIES) + 1] = 1
    table = ranking(found)
    assert table["share_best"].to_list()[:2] == [0.75, 0.25]
    assert table["share_positive"].to_list()[:2] == [0.75, 1.0]


def test_the_space_is_the_range_of_the_declaration() -> None:
    assert problem_of(["effect_reception"])["bounds"] == [[0.0, 0.06]]


@pytest.mark.slow
def test_a_point_is_the_same_again() -> None:
    assert outcomes_of({"effect_diversity": 0.05}, 60, 1) == outcomes_of({"effect_diversity": 0.05}, 60, 1)
