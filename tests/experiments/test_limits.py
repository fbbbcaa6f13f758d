"""Known answers: Neal & Neal, Schelling, mover-stayer, and familiarity pair by pair against its mean field."""

import json
from dataclasses import replace
from itertools import product
from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from experiments.cli.command import main
from experiments.limits import cases as limit_cases
from experiments.limits import mover_stayer, neal_neal, pairwise_familiarity, schelling
from experiments.limits.lattice import generator, is_content, neighbours
from experiments.limits.pairwise_familiarity import Neighbourhood
from scenarios.errors import InputError

SEEDS = (1, 2, 3)


@pytest.fixture(scope="module")
def lattices() -> dict[int, list[neal_neal.Sorted]]:
    """Lattices sorted once per seed."""
    return {seed: neal_neal.sorted_lattices(124, seed) for seed in SEEDS}


def test_diversity_and_clustering_exclude_each_other_with_both_mechanisms(lattices) -> None:
    """The published trade-off, in size as well as in sign; and every lattice came to rest."""
    for seed in SEEDS:
        assert all(each.rested for each in lattices[seed])
        found = neal_neal.trade_off(2.5, 2.5, seed=seed, lattices=lattices[seed])
        assert found.correlation < -0.80 and found.local_correlation < -0.80
        assert found.slope == pytest.approx(-0.098, abs=0.010)
        low, high = found.diversity < 0.1, found.diversity > 0.4
        assert found.clustering[low].mean() == pytest.approx(0.166, abs=0.006)
        assert found.clustering[high].mean() == pytest.approx(0.121, abs=0.003)


def test_no_trade_off_with_homophily_alone(lattices) -> None:
    """|r| < 0.20; the mean of three seeds, as r of one series has a standard error of 0.09."""
    found = [neal_neal.trade_off(2.5, 0, seed=seed, lattices=lattices[seed]) for seed in SEEDS]
    assert abs(np.mean([each.correlation for each in found])) < 0.20
    assert abs(np.mean([each.slope for each in found])) < 0.005


def test_no_trade_off_with_proximity_alone(lattices) -> None:
    """No negative r, a slope below a twentieth of the trade-off; see the module on the small positive r that stays."""
    found = [neal_neal.trade_off(0, 2.5, seed=seed, lattices=lattices[seed]) for seed in SEEDS]
    assert np.mean([each.correlation for each in found]) > -0.20
    assert abs(np.mean([each.slope for each in found])) < 0.005


def test_a_mechanism_that_is_off_leaves_no_trace_in_the_chance_of_a_tie() -> None:
    homophily, proximity = neal_neal.tie_chance(2.5, 0), neal_neal.tie_chance(0, 2.5)
    assert np.ptp(homophily, axis=(1, 2)).max() < 1e-15  # the same at any distance
    assert np.array_equal(proximity[0], proximity[1])  # the same for alike and unlike
    assert neal_neal.tie_chance(2.5, 2.5).max() == pytest.approx(0.5, abs=1e-4)


def test_clustering_is_that_of_networkx() -> None:
    for density in (0.0, 0.02, 0.3):
        graph = nx.gnp_random_graph(80, density, seed=4)
        found = neal_neal.clustering_of(nx.to_numpy_array(graph, dtype=np.uint8))
        assert found[:2] == pytest.approx((nx.transitivity(graph), nx.average_clustering(graph)))
        assert found[2] == pytest.approx(2 * graph.number_of_edges() / 80)


@pytest.mark.parametrize(("rule", "wanted"), list(schelling.REFERENCE))
def test_schelling_comes_to_rest_at_the_reference(rule: str, wanted: float) -> None:
    """Within three standard errors of the difference, taking the reference to be a mean of 30 runs (unknown)."""
    share = schelling.REFERENCE[rule, wanted][0]
    deviation = schelling.REFERENCE["random-content-cell", wanted][1]
    found = schelling.run_until_rest(wanted, rule, runs=300)
    assert found.settled == found.runs
    assert abs(found.share - share) < 3 * deviation * np.sqrt(1 / 300 + 1 / 30)
    assert found.deviation == pytest.approx(deviation, rel=0.25)


def test_schelling_rules_differ_as_they_should() -> None:
    """Moving to the closest contenting cell segregates least, to the best cell most."""
    shares = {rule: schelling.run_until_rest(0.5, rule, runs=100).share for rule in schelling.RULES}
    assert shares["closest-content-cell"] < shares["random-content-cell"] < shares["best-cell"]
    cells, _, rested = schelling.settle(0.5, schelling.RANDOM, schelling.MOST_MOVES, generator(9))
    assert rested and (cells == 1).sum() == (cells == 2).sum() == schelling.PEOPLE // 2


def test_without_neighbours_one_is_content_and_not_counted() -> None:
    cells = np.zeros((5, 5), dtype=np.int8)
    cells[0, 0], cells[4, 4], cells[4, 3], cells[3, 4] = 1, 1, 1, 2
    assert neighbours(cells, 0, 0, 1) == (0, 0) and is_content(cells, 0, 0, 1, 1.0)
    assert neighbours(cells, 4, 4, 1) == (2, 1) and is_content(cells, 4, 4, 1, 0.5)
    assert not is_content(cells, 4, 4, 1, 0.6)
    assert schelling.average_share_alike(cells) == pytest.approx((1 / 2 + 1 / 2 + 0) / 3)
    with pytest.raises(InputError, match="nearest"):
        schelling.run_until_rest(0.5, "nearest")


def test_same_seed_same_result_and_neighbouring_seeds_share_nothing() -> None:
    assert schelling.run_until_rest(0.5, runs=5, seed=3) == schelling.run_until_rest(0.5, runs=5, seed=3)
    assert not np.intersect1d(generator(1, 1).integers(2**62, size=50), generator(2, 0).integers(2**62, size=50)).size


@pytest.mark.parametrize("group", list(mover_stayer.FITS))
def test_survival_is_the_published_table(group: str) -> None:
    """To the two or three decimals it is given in."""
    fit = mover_stayer.FITS[group]
    years = list(fit.still_there)
    published = list(fit.still_there.values())
    assert mover_stayer.survival(years, fit.stayers, fit.rate) == pytest.approx(published, abs=0.005)
    assert mover_stayer.survival(0, fit.stayers, fit.rate) == 1


def test_survival_is_that_of_the_cohorts_of_2017_to_2019() -> None:
    left = np.mean([mover_stayer.LEFT_AGAIN[year] for year in (2017, 2018, 2019)], axis=0) / 100
    fits = [mover_stayer.FITS[group] for group in ("EU/EFTA, all", "non-EU, all")]
    found = [1 - mover_stayer.survival([2, 5], fit.stayers, fit.rate) for fit in fits]
    assert np.concatenate(found) == pytest.approx(left, abs=0.006)


def test_survival_month_by_month_and_person_by_person() -> None:
    """Exact with 1 - exp(-lambda / 12); lambda / 12 loses half a point too many in two years; drawn within 4 SE."""
    fit = mover_stayer.FITS["EU/EFTA, all"]
    closed = mover_stayer.survival(np.arange(61) / 12, fit.stayers, fit.rate)
    exact = mover_stayer.survival_by_month(60, fit.stayers, mover_stayer.leaving_chance(fit.rate))
    assert exact == pytest.approx(closed, abs=1e-12)
    plain = mover_stayer.survival_by_month(60, fit.stayers, fit.rate / 12)
    assert closed[24] - plain[24] == pytest.approx(0.0052, abs=0.0002)
    drawn = mover_stayer.simulated_cohort(20_000, 60, fit.stayers, fit.rate, seed=1)
    assert np.abs(drawn - closed).max() < 4 * 0.5 / np.sqrt(20_000)
    with pytest.raises(InputError, match="stayers"):
        mover_stayer.survival(1, 1.2, 0.3)


NEIGHBOURHOODS = [
    Neighbourhood(),
    Neighbourhood(leaving=0.0125),
    Neighbourhood(sizes=(120, 50, 30), recognition=0.2, forgetting=0.05, leaving=0.02),
]


@pytest.mark.parametrize("neighbourhood", NEIGHBOURHOODS, ids=["closed", "people leave", "three groups"])
def test_familiarity_pair_by_pair_has_the_exact_mean_and_the_closure_is_within_its_tolerance(
    neighbourhood: Neighbourhood,
) -> None:
    """The simulation within 4.5 standard errors of the exact mean, and of the closure but for the stated tolerance."""
    months = 36
    faces, error = pairwise_familiarity.pairwise(neighbourhood, months, runs=60)
    exact, closed = (
        pairwise_familiarity.exact_mean(neighbourhood, months),
        pairwise_familiarity.closure(neighbourhood, months),
    )
    for pool, own in (("own", True), ("other", False)):
        drawn, noise = getattr(faces, pool), 4.5 * getattr(error, pool)
        assert (np.abs(drawn - getattr(exact, pool)) < noise).all()
        over = pairwise_familiarity.tolerance(neighbourhood, own=own)
        assert (getattr(closed, pool) <= (drawn + noise) * (1 + over)).all()
        assert (getattr(closed, pool) >= (drawn - noise) * (1 - neighbourhood.leaving)).all()


def test_closure_is_within_its_tolerance_over_the_range_of_every_parameter() -> None:
    """Places of 150 to 400, alpha 0.03 to 0.2, delta 0.005 to 0.05, up to 5 % a month replaced; ten years."""
    ranges = product([(105, 45), (280, 120)], [0.03, 0.08, 0.2], [0.005, 0.05], [0.0, 0.0125, 0.05], [5, 28])
    for sizes, recognition, forgetting, leaving, encounters in ranges:
        neighbourhood = Neighbourhood(sizes, encounters, 0.35, recognition, forgetting, leaving)
        closed, exact = (
            pairwise_familiarity.closure(neighbourhood, 120),
            pairwise_familiarity.exact_mean(neighbourhood, 120),
        )
        found, allowed = pairwise_familiarity.gap(closed, exact), pairwise_familiarity.tolerance(neighbourhood)
        assert -leaving < found.last <= found.largest <= allowed * (1 + 1e-9) < 0.125
        second_order = recognition / 2 * (1 + neighbourhood.rate(own=True))
        assert allowed == pytest.approx(second_order, rel=0.12)


def test_a_circle_other_than_the_people_there_is_a_claim_of_its_own() -> None:
    """With M = 150 in each pool the closure has more faces than a mixed place of 150 gives, less so with 400."""
    exact, closed = pairwise_familiarity.exact_mean, pairwise_familiarity.closure
    small, large = Neighbourhood(leaving=0.0125), replace(Neighbourhood(leaving=0.0125), sizes=(280, 120))
    excess = [pairwise_familiarity.gap(closed(each, 120, circle=150), exact(each, 120)).last for each in (small, large)]
    assert 0.10 < excess[0] < 0.20 and 0.03 < excess[1] < 0.08


@pytest.mark.parametrize("leaving", [0.0, 0.0125])
def test_the_rule_inside_thuis_is_this_closure(leaving: float) -> None:
    """Its own rule, followed for someone who stays, in single precision."""
    meeting = pytest.importorskip("sim.rules.meeting")
    neighbourhood, single = Neighbourhood(), np.float32
    others, faces, expected = neighbourhood.sizes[0] - 1, single(0), 0.0
    met = neighbourhood.rate(own=True) * others
    for _ in range(60):
        rates = [single(each) for each in (met, leaving, neighbourhood.forgetting, neighbourhood.recognition, others)]
        faces = single(meeting.next_faces(faces, *rates))
        kept = expected * (1 - neighbourhood.forgetting) * (1 - leaving)
        expected = kept + neighbourhood.recognition * met * (1 - expected / others)
    assert faces == pytest.approx(expected, rel=1e-5)
    if leaving == 0:
        assert faces == pytest.approx(pairwise_familiarity.closure(neighbourhood, 60).own[-1, 0], rel=1e-5)


def test_the_page_has_every_case_beside_what_is_known(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """With few draws; the figures themselves are tested above."""
    monkeypatch.setattr(limit_cases, "ARRIVALS", 2000)
    monkeypatch.setattr(limit_cases, "DRAWN_RUNS", 2)
    assert main(["limits", f"out={tmp_path / 'l'}", "runs=60"]) == 0
    said, page = capsys.readouterr().out, (tmp_path / "l" / "page.html").read_text()
    cases = json.loads((tmp_path / "l" / "summary.json").read_text())["cases"]
    assert [case["case"] for case in cases] == ["neal_neal", "schelling", "mover_stayer", "familiarity"]
    for case in cases:
        assert case["verdict"] in said and case["verdict"] in page
        met, of = case["verdict"].split(" within ")[0].split(" of ")
        assert met == of and int(of) >= 7
        assert (tmp_path / "l" / f"{case['case']}.png").is_file()
    assert main(["results", "list", str(tmp_path)]) == 0 and "limits  Limit cases" in capsys.readouterr().out
