"""Comparisons of policies: paired draws, exact zeros, what is kept, intervals, costs; guards of the model itself."""

import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from experiments.cli.command import main as thuis
from experiments.compare.cost import Ranged, bought, cost_summary, costs_table, per_unit
from experiments.compare.counted import Finished
from experiments.compare.design import Replicate, design_from, drawn_parameters, future_seed, plan, start_seed
from experiments.compare.effects import MEASURES, effects_table, level, neighbourhoods_table, stack, time_table
from experiments.compare.headline import ranking
from experiments.compare.kept import replicate_digest
from experiments.compare.run import Comparison
from experiments.compare.side_by_side import threads_of_each
from experiments.compare.variance import components
from experiments.simulation.progress import Quiet
from scenarios.areas import AreaTable
from scenarios.building import build_world
from scenarios.errors import InputError
from scenarios.policy import policy_from
from sim.phases.both_futures import HOME_FIRST, HOME_HERE, PEOPLE
from sim.world import World
from tests.tools.worlds import small_table

LIBRARIES = {"name": "libraries", "more": {"facilities": "library", "funding": 2.0}}
COPY = {"name": "copy"}


def compared(*policies: object, table: AreaTable | None = None, **options: object) -> tuple[Comparison, list[Finished]]:
    """A comparison of the baseline with policies in the small towns of the tests."""
    requested = {"replicates": 2, "years": 1, "threads": 1, "parameters_drawn": False, "roads": 0} | options
    design = design_from({"policies": ["baseline", *policies], **requested})
    comparison = Comparison(design, table or small_table())
    gathered = comparison.gather(plan(design))
    assert not gathered.failed
    return comparison, gathered.finished


@pytest.fixture(scope="module")
def libraries() -> tuple[Comparison, list[Finished]]:
    """The baseline, a policy equal to it, and twice the libraries: four replicates of two years, one taken apart."""
    return compared(COPY, LIBRARIES, replicates=4, years=2, roads=1)


def test_a_policy_equal_to_the_baseline_differs_in_nothing(libraries: tuple[Comparison, list[Finished]]) -> None:
    comparison, finished = libraries
    for f in finished:
        assert f.followed[0].digest == f.followed[1].digest != f.followed[2].digest
    counts = stack(comparison.design, finished)
    tables = [
        effects_table(counts),
        time_table(counts),
        neighbourhoods_table(counts, comparison.table, comparison.poorer),
    ]
    for frame in tables:
        copy = frame.filter(pl.col("policy") == "copy")
        assert copy["difference"].drop_nulls().abs().max() == 0 and copy["high"].drop_nulls().abs().max() == 0
        assert frame.filter(pl.col("policy") == "libraries")["difference"].drop_nulls().abs().max() > 0


def test_libraries_help_and_shared_draws_save_replicates(libraries: tuple[Comparison, list[Finished]]) -> None:
    comparison, finished = libraries
    frame = effects_table(stack(comparison.design, finished))
    row = frame.filter((pl.col("policy") == "libraries") & (pl.col("measure") == "belonging")).to_dicts()[0]
    assert 0 < row["low"] <= row["difference"] <= row["high"] and row["share_positive"] == 1
    assert row["variance_reduction"] > 50


def test_a_policy_that_starts_later_changes_nothing_before() -> None:
    later = LIBRARIES | {"name": "later", "start": 14}
    comparison, finished = compared(later, replicates=1, years=2)
    region = stack(comparison.design, finished).region
    np.testing.assert_array_equal(region[:, 1, :15], region[:, 0, :15])
    assert (region[:, 1, -1] != region[:, 0, -1]).any()
    frame = time_table(stack(comparison.design, finished)).filter(pl.col("month") <= 14)
    assert frame["difference"].drop_nulls().abs().max() == 0


@pytest.mark.slow
def test_a_policy_from_month_60_gives_exactly_zero_before() -> None:
    later = {"name": "later", "start": 60, "all": {"facilities": "all", "funding": 2.0}}
    comparison, finished = compared(later, replicates=1, years=6)
    region = stack(comparison.design, finished).region
    np.testing.assert_array_equal(region[:, 1, :61], region[:, 0, :61])
    assert (region[:, 1, 61:] != region[:, 0, 61:]).any()


def test_reordering_areas_changes_nothing_but_the_order_of_rows() -> None:
    table, order = small_table(), [3, 0, 4, 2, 1]
    one, here = compared(LIBRARIES, table=table, replicates=1)
    other, there = compared(LIBRARIES, table=table.reordered(order), replicates=1)
    for a, b in zip(here[0].followed, there[0].followed, strict=True):
        assert a.digest == b.digest and a.costs == b.costs
        np.testing.assert_array_equal(a.region, b.region)
        np.testing.assert_array_equal(a.neighbourhoods[:, order], b.neighbourhoods)
    frames = [neighbourhoods_table(stack(c.design, f), c.table, c.poorer) for c, f in ((one, here), (other, there))]
    by = ["policy", "measure", "neighbourhood"]
    assert frames[0].sort(by).equals(frames[1].sort(by))


@pytest.mark.slow
def test_merging_two_identical_neighbourhoods_leaves_aggregates_within_sampling_error() -> None:
    # Two areas of the same make against one of twice the size, in a town of its own, over several seeds.
    def municipality(residents: tuple[int, ...]) -> AreaTable:
        table = small_table((1,) * 2, municipalities=1)
        rows = [0] * len(residents)
        same = {k: np.repeat(getattr(table, k)[:1], len(rows), axis=0) for k in (
            "origin", "age", "one_person", "with_children", "household_size", "density", "land_area", "socio_economic",
            "facilities", "moving_rate",
        )}  # fmt: skip
        return small_table(residents, municipalities=1, **same, x=np.zeros(len(rows)), y=np.zeros(len(rows)))

    found = []
    for residents in ((1500, 1500), (3000,)):
        comparison, finished = compared(COPY, table=municipality(residents), replicates=10, years=2)
        counts = stack(comparison.design, finished)
        found.append({m: counts.levels(m, "everyone")[:, 0] for m in ("belonging", "at_home", "employed", "members")})
    for measure, apart in found[0].items():
        together = found[1][measure]
        error = np.sqrt(apart.var(ddof=1) / len(apart) + together.var(ddof=1) / len(together))
        assert abs(apart.mean() - together.mean()) < 4 * error, measure


def unconnected(monkeypatch: pytest.MonkeyPatch) -> None:
    """From here on nobody moves between towns: who leaves one goes to the rest of the country."""

    def build(*arguments: object) -> World:
        world = build_world(*arguments)  # type: ignore[arg-type]
        municipalities = len(world.municipalities.key)
        nowhere = {
            "destination": np.full((municipalities, 1), -1, np.int32),
            "destination_chance": np.ones((municipalities, 1, 1), np.float32),
        }
        world.municipalities = world.municipalities._replace(**nowhere)
        return world

    monkeypatch.setattr("scenarios.start_cache.build_world", build)


def test_a_policy_that_begins_later_takes_over_the_months_before(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its months before that are not simulated again, and it ends as when they are; a ramp begins at its start."""
    at_once, later = ({**LIBRARIES, "name": name, "start": month} for name, month in (("now", 0), ("later", 14)))
    ramp = {"name": "ramp", "start": 24, "work": {"support": 1.0, "ramp": 6}}
    options: dict[str, Any] = {"replicates": 1, "years": 3, "roads": 1, "elements": 1}
    comparison, shared = compared(at_once, later, ramp, **options)
    assert comparison.later() == {2: 14, 3: 24}
    monkeypatch.setattr(Comparison, "later", lambda self: {})
    assert replicate_digest(compared(at_once, later, ramp, **options)[1][0]) == replicate_digest(shared[0])
    baseline, _, *others = shared[0].followed
    assert len({followed.digest for followed in shared[0].followed}) == 4
    for other, month in zip(others, (14, 24), strict=True):
        np.testing.assert_array_equal(other.region[: month + 1], baseline.region[: month + 1])
        assert (other.region[-1] != baseline.region[-1]).any()


def test_between_municipalities_people_move_so_that_nothing_is_out_of_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    """Why the others are simulated with every policy, though it acts in one: in a few years it reaches them."""
    table = replace(small_table(), residents=small_table().residents * 10)
    monkeypatch.setattr("scenarios.building.NATIONAL_RESIDENTS", int(table.residents.sum()))  # they move nowhere else
    here = {"name": "here", "where": "GM0000", "facilities": {"facilities": "all", "funding": 3.0}}
    _, finished = compared(here, table=table, replicates=1, years=4)
    baseline, policy = (f.neighbourhoods[:, table.municipality != 0] for f in finished[0].followed)
    assert (policy[-1] != baseline[-1]).any()


def test_a_policy_in_one_municipality_changes_nobody_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    unconnected(monkeypatch)
    table = small_table()
    everything = {
        "name": "here",
        "where": "GM0000",
        "facilities": {"facilities": "all", "funding": 2.0},
        "work": {"support": 1.0, "enforcement": 1.0},
    }
    _, finished = compared(everything, table=table, replicates=1, years=2)
    baseline, policy = (f.neighbourhoods for f in finished[0].followed)
    here = table.municipality == 0
    np.testing.assert_array_equal(policy[:, ~here], baseline[:, ~here])
    assert (policy[-1, here] != baseline[-1, here]).any()


def test_the_same_comparison_twice_gives_equal_bytes_and_goes_on_where_it_stopped(tmp_path: Path) -> None:
    words = ["compare", "region=urk", "scale=40", "policies=[baseline,libraries]", "replicates=2", "years=1"]
    for name in ("one", "two"):
        assert thuis([*words, f"out={tmp_path / name}", "threads=1" if name == "one" else "threads=2"]) == 0
    for name in ("effects", "by_group", "by_neighbourhood", "over_time", "costs", "replicates"):
        assert (tmp_path / "one" / f"{name}.parquet").read_bytes() == (
            tmp_path / "two" / f"{name}.parquet"
        ).read_bytes()
    assert not list(tmp_path.glob("*.replicates"))
    assert thuis(["verify", str(tmp_path / "one")]) == 0
    file = tmp_path / "two" / "effects.parquet"
    file.write_bytes(file.read_bytes() + b" ")
    assert thuis(["verify", str(tmp_path / "two"), "replicates=1"]) == 1


def test_a_finished_replicate_is_kept_and_a_failed_one_is_noted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    requested = {"replicates": 3, "years": 1, "threads": 1, "parameters_drawn": False}
    design = design_from({"policies": ["baseline", LIBRARIES], **requested})
    broken = Comparison(design, small_table(), tmp_path)
    run = broken.run

    def fails_second(replicate: Replicate, *rest: object) -> Finished:
        if replicate.number == 1:
            raise FloatingPointError("made to fail")
        return run(replicate, *rest)

    monkeypatch.setattr(broken, "run", fails_second)
    gathered = broken.gather(plan(design))
    assert [f.replicate.number for f in gathered.finished] == [0, 2]
    assert gathered.failed == [{"replicate": 1, "reason": "FloatingPointError: made to fail"}]
    again = Comparison(design, small_table(), tmp_path)
    (tmp_path / "00002.npz").write_bytes(b"cut short")
    ran = []
    monkeypatch.setattr(again, "run", lambda r, *rest: ran.append(r.number) or Comparison.run(again, r, *rest))
    complete = again.gather(plan(design))
    assert ran == [1, 2]
    assert replicate_digest(complete.finished[0]) == replicate_digest(gathered.finished[0])
    assert replicate_digest(complete.finished[2]) == replicate_digest(gathered.finished[1])


def test_a_region_without_adults_is_refused_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    table = tmp_path / "one.csv"
    table.write_text("code,residents,origin_native,origin_other\nA,3,0.8,0.2\n")
    words = [f"region.table={table}", "years=1", "replicates=2", "policies=[baseline,libraries]", "progress=none"]
    assert thuis(["compare", "region=file", *words, "roads=0", f"out={tmp_path / 'out'}"]) == 2
    assert capsys.readouterr().err.splitlines()[-1].startswith("thuis: nobody of 15 or older lives here at the end")
    assert not (tmp_path / "out").exists()


def test_replicates_side_by_side_are_those_run_one_after_another() -> None:
    """Also those that share a start (futures), and whichever ends first."""
    asked = {"replicates": 6, "starts": 1, "futures": 2, "parameters_drawn": True}
    one, beside = (compared(LIBRARIES, threads=threads, **asked)[1] for threads in (1, 3))
    assert [f.replicate for f in one] == [f.replicate for f in beside]
    assert [replicate_digest(f) for f in one] == [replicate_digest(f) for f in beside]


def test_threads_are_divided_over_replicates_that_fit_in_memory() -> None:
    assert threads_of_each(2, 20, 1000) == [1, 1]
    assert threads_of_each(8, 3, 1000) == [3, 3, 2]
    assert threads_of_each(16, 20, 1000) == [2, 2, 2, 2, 2, 2, 1, 1, 1, 1]  # two rounds of ten, not of sixteen and four
    assert threads_of_each(4, 0, 1000) == threads_of_each(4, 1, 1000) == threads_of_each(4, 9, 10**15) == [4]


@pytest.fixture
def interruptible() -> Iterator[None]:
    """As in a terminal: what a shell begins in the background ignores Ctrl-C."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("interruptible")
def test_stopping_ends_replicates_side_by_side_and_keeps_what_is_finished(tmp_path: Path) -> None:
    requested = {"replicates": 6, "years": 2, "threads": 2, "parameters_drawn": False, "roads": 0}
    design = design_from({"policies": ["baseline", LIBRARIES], **requested})

    class StopsInThird(Quiet):
        """Presses Ctrl-C, as a user would, while two of six are in progress."""

        def month(self, residents: int, text: str) -> None:
            if text.startswith("replicate 4"):
                signal.raise_signal(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        Comparison(design, small_table(), tmp_path, key="one").gather(plan(design), StopsInThird())
    kept = {path.name for path in tmp_path.iterdir()}
    assert {"00000.npz", "00001.npz"} <= kept and "00005.npz" not in kept


@pytest.mark.parametrize(
    ("word", "said"),
    [
        ("replicate=3", "replicate is not an option of compare; did you mean replicates"),
        ("replicates=0", "replicates=0 is out of range; allowed is 1 to 10000"),
        ("policies=[baseline]", "give two or more"),
        ("policies=[baseline,librarys]", "unknown policy 'librarys'; did you mean libraries"),
        ("policies=[baseline,baseline]", "'baseline' occurs twice"),
        ("region=nowhere", "unknown region 'nowhere'"),
        ("parameters.bas=1", "parameters.bas is not a parameter of the model; did you mean parameters.base"),
        ("posterior=x.csv", "posterior=x.csv: no such file"),
        ("twenty", "'twenty' has no value"),
    ],
)
def test_a_wrong_word_gives_one_line(word: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert thuis(["compare", word]) == 2
    lines = capsys.readouterr().err.strip().splitlines()
    assert len(lines) == 1 and said in lines[0]


def test_verify_says_what_is_not_a_result(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert thuis(["verify", str(tmp_path)]) == 2
    (tmp_path / "summary.json").write_text("{")
    assert thuis(["verify", str(tmp_path)]) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 2


def test_nested_design_shares_draws_starts_and_futures() -> None:
    design = design_from({"parameters_drawn": True, "replicates": 9, "starts": 2, "futures": 2})
    replicates = plan(design)
    assert [(r.draw, r.start, r.future) for r in replicates[:5]] == [
        (0, 0, 0),
        (0, 0, 1),
        (0, 1, 0),
        (0, 1, 1),
        (1, 0, 0),
    ]
    assert drawn_parameters(design, replicates[0]) == drawn_parameters(design, replicates[3])
    assert drawn_parameters(design, replicates[0]) != drawn_parameters(design, replicates[4])
    assert start_seed(design, replicates[0]) == start_seed(design, replicates[1]) != start_seed(design, replicates[2])
    assert len({future_seed(design, r) for r in replicates}) == 9
    longer = replace(design, options=replace(design.options, replicates=20))
    assert plan(longer)[:9] == replicates


def test_components_find_the_variances_that_were_put_in() -> None:
    chance = np.random.Generator(np.random.PCG64(5))
    draws, starts, futures = 300, 3, 3
    design = design_from({"parameters_drawn": True, "replicates": draws * 9, "starts": starts, "futures": futures})
    parts = 3 * chance.normal(size=(draws, 1, 1)) + 2 * chance.normal(size=(draws, starts, 1))
    values = (parts + chance.normal(size=(draws, starts, futures))).ravel()
    found = components(values, plan(design), starts, futures, drawn=True)
    assert found is not None
    assert [round(found[k] / v, 1) for k, v in (("parameters", 9), ("start", 4), ("chance", 1))] == pytest.approx(
        [1, 1, 1], abs=0.21
    )


def test_points_and_costs_add_up(libraries: tuple[Comparison, list[Finished]]) -> None:
    comparison, finished = libraries
    counts = stack(comparison.design, finished)
    frame = costs_table([policy_from(p) for p in comparison.design.policies], finished, 2)
    found = cost_summary(counts, frame)
    assert found["copy"]["euro"] == 0 and found["copy"]["euro_per_point"] is None
    row = found["libraries"]
    assert 0 < row["euro_low"] < row["euro"] < row["euro_high"]
    assert row["euro_per_point"] == pytest.approx(row["euro"] / row["points"])
    spent = np.mean([sum(sum(months) for months in f.followed[2].costs.values()) for f in finished])
    assert row["euro"] == pytest.approx(spent)
    assert row["euro_per_point_low"] == pytest.approx(row["euro_low"] / row["points_high"])
    assert row["bought_high"] == pytest.approx(1e6 / row["euro_per_year_at_home_low"])


def test_a_price_per_gain_and_what_a_budget_buys_by_hand() -> None:
    price = per_unit((1e5, 8e4, 2e5), Ranged(500.0, 400.0, 800.0))
    assert price == (200.0, 100.0, 500.0) and bought(1_000_000, price) == (5000.0, 2000.0, 10_000.0)
    unsure = per_unit((1e5, 8e4, 2e5), Ranged(500.0, -10.0, 800.0))
    assert unsure == (None, 100.0, None) and bought(1_000_000, unsure) == (None, 0.0, 10_000.0)
    assert per_unit((0.0, 0.0, 0.0), Ranged(500.0, 400.0, 800.0)) == (None, None, None)


def test_equal_policies_have_no_order(libraries: tuple[Comparison, list[Finished]]) -> None:
    comparison, finished = libraries
    found = ranking(stack(comparison.design, finished))
    assert {"baseline", "copy"} <= set(found["order"][-1]) and ["baseline", "copy"] not in found["apart"]
    assert [(p["better"], p["than"], p["share"], p["equal"]) for p in found["pairs"]][-1] == ("baseline", "copy", 0, 1)


def test_policies_are_put_in_order_only_where_differences_matter_and_are_certain(
    libraries: tuple[Comparison, list[Finished]],
) -> None:
    """With 7 more of 1,000 at home than the first policy, and 4: the one of 4 differs from neither."""
    comparison, finished = libraries
    counts = stack(comparison.design, finished)
    both = np.zeros_like(counts.both)
    both[..., PEOPLE], both[..., HOME_FIRST] = 1000, 600
    for policy, more in enumerate((0, 4, 7)):
        both[:, policy, ..., HOME_HERE] = 600 + more

    def found(matters: int) -> dict[str, Any]:
        options = replace(counts.design.options, matters=matters)
        return ranking(replace(counts, both=both, design=replace(counts.design, options=options)))

    assert found(5)["order"] == [["libraries", "copy", "baseline"]]
    assert found(5)["apart"] == [["libraries", "baseline"]]
    assert found(3)["order"] == [["libraries"], ["copy"], ["baseline"]] and not found(3)["apart"]
    assert found(8)["order"] == [["libraries", "copy", "baseline"]] and not found(8)["apart"]


def test_levels_are_nan_where_nobody_is() -> None:
    sums = np.zeros((2, 24), np.int64)
    sums[0, 0], sums[0, 1], sums[0, 2] = 10, 8, 8 * 32768
    assert level(sums, "belonging", 1)[0] == 0.5 and np.isnan(level(sums, "belonging", 1)[1])
    assert level(sums, "residents", 20).tolist() == [200, 0] and set(MEASURES) >= {"cohesion", "employed"}


def test_policies_need_names_of_their_own() -> None:
    with pytest.raises(InputError, match="two or more"):
        design_from({"policies": "baseline"})
