"""Origin schemes, the table of areas, and the municipalities of the typology."""

import copy

import numpy as np
import pytest

from scenarios.areas import FACILITIES, AreaTable
from scenarios.arrivals import arrival_rates, national_rates
from scenarios.cbs import read_cbs
from scenarios.errors import InputError
from scenarios.facilities import supply, supply_from_count
from scenarios.notes import Note, in_dutch
from scenarios.origins import MOTIVES, OriginScheme, load_scheme, scheme_names
from scenarios.regions.archetypes import archetype, archetype_names, figures
from scenarios.regions.neighbourhoods import layout
from scenarios.regions.region import load_region
from scenarios.synthesis import dissimilarity, diversity, hexagons, meets, solve, spread, synthesise
from tests.tools.paths import shared_data

NAMES = ["amstelveen", "amsterdam", "arnhem", "diemen", "rotterdam", "the_hague", "urk", "vaals", "westland"]


def test_diversity_has_the_values_the_wrr_prints() -> None:
    cases = {(1.0,): 0.0, (0.5, 0.5): 0.5, (1 / 3,) * 3: 2 / 3, (0.8, 0.1, 0.1): 0.34}
    for shares, expected in cases.items():
        assert diversity(np.array(shares)) == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("name", ["cbs7", "cbs3", "wrr18"])
def test_schemes_hold_together(name: str) -> None:
    scheme = load_scheme(name)
    assert len(scheme) == {"cbs7": 7, "cbs3": 3, "wrr18": 18}[name]
    assert len(set(scheme.labels("nl"))) == len(set(scheme.labels("en"))) == len(scheme)
    np.testing.assert_allclose(scheme.arrivals.sum(axis=1), 1)
    assert (scheme.arrivals[:, 0] == 0).all() and scheme.discrimination[0] == 1 and scheme.first_generation[0] == 0
    assert name in scheme_names() and set(scheme.sources) >= {"national", "arrivals"}


def test_a_scheme_that_does_not_add_up_is_refused(tmp_path) -> None:
    group = {"first_generation": 0.0, "discrimination": 1.0}
    data = {"groups": {"a": group, "b": group}, "arrivals": {m: {"b": 1.0} for m in MOTIVES}}
    assert OriginScheme.from_mapping(data, "own.yaml").national is None
    data["arrivals"]["study"] = {"b": 0.7}
    with pytest.raises(InputError, match=r"own\.yaml, column arrivals\.study: adds up to 0\.700"):
        OriginScheme.from_mapping(data, "own.yaml")
    with pytest.raises(InputError, match="did you mean cbs7"):
        load_scheme("cbs_7")


def test_arrivals_average_to_the_national_rate_and_follow_composition() -> None:
    scheme = load_scheme("cbs7")
    assert scheme.national is not None
    np.testing.assert_allclose(arrival_rates(scheme.national[None], scheme.national, scheme)[0], national_rates())
    double = scheme.national.copy()
    double[1] *= 2  # twice the western share: twice the arrivals of EU labour, who all belong to it
    rates = arrival_rates(np.stack([scheme.national, double]), scheme.national, scheme)
    assert rates[1, 0] == pytest.approx(2 * rates[0, 0])
    assert rates[1, MOTIVES.index("asylum")] < 1.05 * rates[0, MOTIVES.index("asylum")]


def test_facilities_saturate_and_use_what_is_known() -> None:
    residents = np.array([1000, 1000, 1000])
    counts = np.array([1.0, 2.0, 4.0])
    q = supply_from_count(counts, residents, np.ones(3))
    assert q.mean() == pytest.approx(1.0) and (np.diff(q) > 0).all() and q[2] / q[1] < 2
    result, notes = supply({"facility_park": np.array([2.0, np.nan, 2.0])}, np.full(3, 1887.0), residents)
    assert result[0, FACILITIES.index("park")] == 2.0 and result[1, FACILITIES.index("park")] != 2.0
    assert "assumption" in notes[-1]


@pytest.mark.parametrize("name", NAMES)
def test_archetypes_match_their_figures(name: str) -> None:
    table, value = (
        archetype(name),
        {k: v["value"] for k, v in figures(name).items() if isinstance(v, dict) and "value" in v},
    )
    counts = table.origin * table.residents[:, None]
    np.testing.assert_allclose(counts, np.round(counts), atol=1e-6)
    assert table.residents.sum() == value["population"]
    # Exact to the person: no group differs by a whole one from its share.
    expected = np.array([value["composition"][g] for g in table.scheme.groups]) * value["population"]
    assert np.abs(counts.sum(axis=0) - expected).max() <= 1.0
    assert diversity(table.composition()) == pytest.approx(value["diversity_7"], abs=0.01)
    assert dissimilarity(counts) == pytest.approx(value["dissimilarity"], abs=0.02)
    assert spread(counts) == pytest.approx(value["diversity_spread"], abs=0.03)
    weight = table.residents / table.residents.sum()
    np.testing.assert_allclose(weight @ table.age, value["ages"], atol=1e-3)
    assert weight @ table.one_person == pytest.approx(value["one_person"], abs=0.01)
    assert weight @ table.density == pytest.approx(value["address_density"], rel=0.01)
    assert weight @ table.socio_economic == pytest.approx(value["socio_economic"]["mean"], abs=0.05)
    assert table.neighbours and {i for pair in table.neighbours for i in pair[:2]} == set(range(len(table)))


@pytest.mark.parametrize("name", ["vaals", "arnhem"])
def test_the_stored_solution_is_what_the_search_finds(name: str) -> None:
    *_, targets, gradient, preference = layout(figures(name))
    np.testing.assert_allclose(solve(targets, gradient, preference), figures(name)["solution"], atol=0.02)
    assert meets(synthesise(targets, gradient, preference), targets)
    assert meets(synthesise(targets, gradient, preference, known=(9.0, 0.0, 0.0, 0.0)), targets)


def test_arrivals_fit_the_type_of_municipality() -> None:
    rate = {name: dict(zip(MOTIVES, archetype(name).arrival_rate[0], strict=True)) for name in archetype_names()}
    assert sorted(rate) == NAMES
    assert max(rate, key=lambda n: rate[n]["knowledge"]) == "amstelveen"
    for other in ("arnhem", "diemen", "amstelveen"):
        assert rate["westland"]["labour_eu"] / sum(rate["westland"].values()) > rate[other]["labour_eu"] / sum(
            rate[other].values()
        )
    assert sum(rate["urk"].values()) < 0.002 < 0.01 < sum(rate["amsterdam"].values())


@pytest.mark.skipif(shared_data() is None, reason="no ../shared/data")
@pytest.mark.parametrize("name", NAMES)
def test_archetypes_resemble_the_real_municipalities(name: str) -> None:
    real = read_cbs(shared_data() / "netherlands" / "wijk_2017.csv", figures(name)["code"])
    made = archetype(name)
    assert made.residents.sum() == pytest.approx(real.residents.sum(), rel=0.05)
    assert diversity(made.composition()) == pytest.approx(diversity(real.composition()), abs=0.03)
    assert made.residents @ made.density / made.residents.sum() == pytest.approx(
        real.residents @ real.density / real.residents.sum(), rel=0.15
    )


def test_select_and_reorder_keep_everything_together() -> None:
    table = archetype("vaals")
    order = [2, 0, 3, 1]
    turned = table.reordered(order)
    assert turned.code == [table.code[i] for i in order]
    np.testing.assert_array_equal(turned.origin, table.origin[order])
    pairs = {frozenset((table.code[i], table.code[j])) for i, j, _ in table.neighbours or []}
    assert {frozenset((turned.code[i], turned.code[j])) for i, j, _ in turned.neighbours or []} == pairs
    assert len(table.select("GM0981")) == 4 and table.select(["vaals_03", " vaals_01"]).code == ["vaals_01", "vaals_03"]
    with pytest.raises(InputError, match=r"unknown code 'vaals_31'.*did you mean"):
        table.select(["vaals_31"])
    with pytest.raises(InputError, match="each of 0 to 3 once"):
        table.reordered([0, 0, 1, 2])
    with pytest.raises(ValueError, match="read-only"):
        table.origin[0, 0] = 0.0


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"code": ["a", "a", "b", "c"]}, "'a' is used twice"),
        ({"residents": [1, 2, 3, 0]}, "residents is 0"),
        ({"density": [1.0, np.nan, 1.0, 1.0]}, "density is nan"),
        ({"one_person": [0.1, 0.2]}, "shape"),
        ({"municipality": [0, 0, 0, 1]}, "municipality"),
        ({"neighbours": [(1, 0, 1.0)]}, "neighbours"),
        ({"origin": np.full((4, 7), 0.1)}, "add up to 0.7000"),
    ],
)
def test_a_table_that_breaks_a_promise_is_refused(change: dict, message: str) -> None:
    table = archetype("vaals")
    values = {key: getattr(table, key) for key in AreaTable.__dataclass_fields__} | change
    with pytest.raises(InputError, match=message):
        AreaTable.validated(**values)


def test_hexagons_touch_their_neighbours() -> None:
    centres, pairs = hexagons(19, 2.0)
    assert len(pairs) == 42  # two full rings around the middle
    np.testing.assert_allclose([np.hypot(*(centres[i] - centres[j])) for i, j, _ in pairs], 2.0, atol=1e-5)


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("westlan", {}, "unknown region 'westlan'.*did you mean westland"),
        ("cbs", {}, "region=cbs needs a table"),
        ("urk", {"table": "x.csv"}, "region.table does not belong to region=urk"),
        ("netherlands", {"table": "x.csv", "codes": ["GM1783"]}, "use region=cbs"),
    ],
)
def test_regions_refuse_what_they_do_not_know(name: str, options: dict, message: str) -> None:
    with pytest.raises(InputError, match=message):
        load_region(name, **options)
    assert load_region("Den Haag") is load_region("the_hague")


def test_notes_and_source_of_every_municipality_are_told_in_dutch() -> None:
    """A sentence without a translation would stay English in a Dutch report; copies keep both."""
    for name in archetype_names():
        table = copy.deepcopy(archetype(name))
        told = [*table.notes, table.source]
        assert all(isinstance(note, Note) for note in told)
        assert not set(in_dutch(told)) & set(told) and "nagebootst" in in_dutch(told)[0]
