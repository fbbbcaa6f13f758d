"""A survey of one's own: the update against known answers, a synthetic city found again, and what is refused."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from experiments.calibrate.space import SPACE
from experiments.calibrate.survey.assessment import compared
from experiments.calibrate.survey.prior import Prior, prior_of
from experiments.calibrate.survey.survey import Survey, sampling_error
from experiments.calibrate.survey.update import LinearEmulator, errors_of, left_out, moved_draws, moved_point, update
from experiments.cli.calibrate import main, read_options
from experiments.compare.draws import posterior_rows
from experiments.options.parameter_file import parameter_values
from experiments.options.requests import read_runs
from experiments.validate.outcomes import LeftOut, Measured, read_outcomes
from scenarios.errors import InputError
from scenarios.plain import read_plain

AREAS = 8
TABLE = pl.DataFrame(
    {
        "code": [f"A{at}" for at in range(AREAS)],
        "municipality": ["Proefstad"] * AREAS,
        "residents": [400 + 20 * at for at in range(AREAS)],
        "origin_native": [0.95 - 0.1 * at for at in range(AREAS)],
        "origin_other": [0.05 + 0.1 * at for at in range(AREAS)],
        "density": [800.0, 3000.0, 1500.0, 2500.0, 900.0, 4000.0, 2000.0, 5000.0],
    }
)


def survey_of(value: np.ndarray, error: float = 0.1) -> Survey:
    """A survey of cohesion in the areas of the table."""
    measured = Measured(
        "cohesion", TABLE["code"].to_list(), value, 0.0, 10.0, np.full(AREAS, np.nan), np.full(AREAS, error)
    )
    return Survey(read_plain(TABLE), [measured], LeftOut([]), 100)


@pytest.fixture
def lines() -> tuple[Prior, LinearEmulator]:
    """Four parameters, of which two decide what areas say, and exact lines."""
    chance = np.random.default_rng(3)
    draws = chance.normal(size=(400, 4)) @ np.array([[1, 0.4, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0.6], [0, 0, 0, 1]])
    mean, spread = draws.mean(axis=0), draws.std(axis=0)
    together = np.corrcoef(draws.T)
    prior = Prior(list("abcd"), draws, mean, spread, np.full(4, -9.0), np.full(4, 9.0), together)
    slopes = np.column_stack([np.full(AREAS, 0.3), np.linspace(-0.3, 0.3, AREAS), np.zeros((AREAS, 2))])
    return prior, LinearEmulator(np.linspace(5, 7, AREAS), slopes, np.full(AREAS, 0.02), np.ones(AREAS))


def test_an_area_is_left_out_as_if_it_had_not_been_surveyed(lines) -> None:
    prior, emulator = lines
    survey = survey_of(emulator.middle + np.random.default_rng(4).normal(0, 0.4, AREAS))
    found = left_out(prior, emulator, survey)
    for at in range(AREAS):
        kept = np.arange(AREAS) != at
        others = Survey(survey.table, [survey.measured[0].only(kept)], LeftOut([]), 100)
        there = LinearEmulator(
            emulator.middle[kept], emulator.slopes[kept], emulator.error[kept], emulator.explained[kept]
        )
        factor = update(prior, there, others).factor
        systematic = emulator.slopes @ prior.together @ emulator.slopes.T + errors_of(survey, emulator, factor)
        weights = np.linalg.solve(systematic[np.ix_(kept, kept)], systematic[kept, at])
        assert found.mean[at] == pytest.approx(emulator.middle[at] + weights @ (survey.value - emulator.middle)[kept])
        assert found.spread[at] ** 2 == pytest.approx(systematic[at, at] - weights @ systematic[kept, at])


def test_what_a_survey_says_nothing_of_stays(lines) -> None:
    prior, emulator = lines
    truth = np.array([1.5, -1.0, 0.0, 0.0])
    survey = survey_of(emulator.predict(truth[None])[0], 0.01)
    found = update(prior, emulator, survey)
    moved = prior.standard(moved_draws(prior, emulator, survey, found))
    assert found.effective == pytest.approx(2, abs=0.5) and found.kept[2:] == pytest.approx(1, abs=0.01)
    assert moved[:, :2].mean(axis=0) == pytest.approx(truth[:2], abs=0.45)
    assert np.corrcoef(moved[:, 2:].T, prior.draws[:, 2:].T)[[0, 1], [2, 3]] == pytest.approx(1, abs=0.01)
    assert moved.std(axis=0) == pytest.approx(found.kept, abs=0.08)
    middle = moved_point(prior, emulator, survey, found, prior.mean)
    assert prior.standard(middle) == pytest.approx(moved.mean(axis=0), abs=0.1)


def test_a_truth_of_the_sample_lies_in_its_intervals(lines) -> None:
    """Of many cities whose truth is a draw of the sample nine in ten intervals hold what another survey would find."""
    prior, emulator = lines
    chance, inside, narrowed = np.random.default_rng(5), [], []
    for truth in prior.standard(prior.draws)[:30]:
        survey = survey_of(np.zeros(AREAS))
        errors = chance.multivariate_normal(np.zeros(AREAS), errors_of(survey, emulator, 1.0))
        survey = survey_of(emulator.predict(truth[None])[0] + errors)
        found = left_out(prior, emulator, survey)
        inside.append(np.abs(found.mean - survey.value) < 1.645 * found.spread)
        off = truth - prior.standard(moved_point(prior, emulator, survey, update(prior, emulator, survey), prior.mean))
        narrowed.append((off**2)[:2].sum() / (truth[:2] ** 2).sum())
    assert 0.85 < np.mean(inside) < 0.95
    assert np.median(narrowed) < 0.5


def test_more_doubt_where_areas_differ_more_than_the_model_can(lines) -> None:
    prior, emulator = lines
    chance = np.random.default_rng(6)
    small, large = (survey_of(emulator.middle + chance.normal(0, sd, AREAS), 0.05) for sd in (0.02, 1.0))
    assert update(prior, emulator, small).factor < 1 < update(prior, emulator, large).factor


def test_beside_another_predictor_chance_is_counted() -> None:
    measured = np.arange(12.0)
    off = np.where(np.arange(12) % 2, 0.1, -0.1)
    others = {"national": measured + 5 * off, "inputs": measured - off, "constant": measured + 0.05 * off}
    areas = pl.DataFrame({"construct": ["home"] * 12, "measured": measured, "own_fit": measured + off} | others)
    assert [compared(areas, "home", name, 1).word for name in ("national", "inputs", "constant")] == [
        "better",
        "alike",
        "worse",
    ]


def test_errors_follow_respondents_and_the_table(tmp_path: Path) -> None:
    path = tmp_path / "survey.csv"
    head = "code,construct,value,scale_min,scale_max,n,se\n"
    path.write_text(
        head + "A0,home,64,0,100,400,\nA1,home,50,0,100,,2\nA2,home,90,0,100,,\nA3,cohesion,6,0,10,100,\n"
        "A4,cohesion,6,0,10,100,\nA5,cohesion,6,0,10,,0.3\n"
    )
    home, cohesion = read_outcomes(path, TABLE["code"].to_list())[0]
    assert sampling_error(home, 100) == pytest.approx([48 / 20, 2, 30 / 10])
    assert sampling_error(cohesion, 100) == pytest.approx([0.17, 0.17, 0.3])
    path.write_text(head + "A0,home,64,0,100,0,\n")
    with pytest.raises(InputError, match=r"survey\.csv, row 2, column n"):
        read_outcomes(path, TABLE["code"].to_list())


TRUTH = {"effect_diversity": 0.05, "base": 0.55}
FIT = ["draws=50", "scale=1", "seed=3"]


@pytest.fixture(scope="module")
def city(tmp_path_factory) -> Path:
    """A folder with the areas of a city, a survey of it with a known truth, and a wide sample to begin from."""
    from experiments.calibrate.survey.simulating import simulated_survey

    folder = tmp_path_factory.mktemp("city")
    TABLE.write_csv(folder / "areas.csv")
    survey = survey_of(np.full(AREAS, 6.0))
    home = Measured("home", survey.area, np.full(AREAS, 60.0), 0.0, 10.0, *np.full((2, AREAS), np.nan))
    both = Survey(survey.table, [home, *survey.measured], LeftOut([]), 100)
    seen = [simulated_survey(both, 1, TRUTH, seed) for seed in (901, 902)]
    rows = [(name.split("_")[1], name.split("_")[0], np.mean([s[name] for s in seen]), 0, 10, 0.08) for name in seen[0]]
    schema = ["code", "construct", "value", "scale_min", "scale_max", "se"]
    pl.DataFrame(rows, schema=schema, orient="row").write_csv(folder / "survey.csv")
    chance = np.random.default_rng(8)
    names = [*TRUTH, "effect_amenities", "cohesion_harmony"]
    pl.DataFrame({name: chance.uniform(*SPACE[name], 60) for name in names}).write_parquet(folder / "prior.parquet")
    return folder


def test_a_synthetic_city_is_found_again_and_resumed_to_the_byte(city: Path, capsys, monkeypatch) -> None:
    out, words = city / "fit", [f"outcomes={city / 'survey.csv'}", f"prior={city / 'prior.parquet'}", *FIT]
    words += ["region=file", f"region.table={city / 'areas.csv'}", f"out={out}"]
    assert main(words) == 0
    assert "page.html" in capsys.readouterr().out
    table = pl.read_csv(out / "parameters.csv")
    for name, true in TRUTH.items():
        row = table.row(by_predicate=pl.col("parameter") == name, named=True)
        assert abs(row["own"] - true) < 0.75 * abs(row["national"] - true)
        assert abs(row["own"] - true) < 2 * row["own_sd"] and row["kept"] < 0.8
    agreement = pl.read_csv(out / "agreement.csv")
    rmse = {(r["construct"], r["predictor"]): r["rmse"] for r in agreement.iter_rows(named=True)}
    for construct in ("home", "cohesion"):
        assert rmse[construct, "own_fit"] < 0.7 * rmse[construct, "national"]
    assert set(posterior_rows(str(out / "posterior.parquet"))[0]) == {*TRUTH, "effect_amenities", "cohesion_harmony"}
    single = parameter_values(out / "parameters.yaml")
    requested = read_runs(["region=vaals", "parameters.base=0.5", f"parameters={out / 'parameters.yaml'}"])[0].settings
    assert requested.parameters.effect_diversity == single["effect_diversity"] and requested.parameters.base == 0.5

    files = {
        path: path.read_bytes() for path in out.rglob("*") if path.is_file() and path.suffix not in (".json", ".part")
    }
    (out / "national" / "00007.json").unlink()
    assert main(words) == 0
    assert {path: path.read_bytes() for path in files} == files
    with pytest.raises(InputError, match="another design"):
        main([*words, "seed=4"])


@pytest.mark.parametrize("words, said", [
    (["outcomes=x.csv"], "region is missing"),
    (["region=vaals"], "outcomes=FILE"),
    (["data=x", "draws=60"], "outcomes=FILE"),
    (["region=vaals", "outcomes=x.csv", "first=32"], "national study"),
    (["region=vaals", "outcomes=x.csv", "draws=3"], "draws=3 is out of range"),
    ([], "data is missing"),
])  # fmt: skip
def test_options_that_do_not_go_together_are_refused(words: list[str], said: str) -> None:
    with pytest.raises(InputError, match=said):
        read_options(words)


@pytest.mark.parametrize(
    "rows, said",
    [
        ("A0,home,6,0,10,\n" * 1 + "A1,home,7,0,10,\nA2,home,7,0,10,\n", "3 areas were measured"),
        ("".join(f"A{at},home,7,0,10,\n" for at in range(8)), "has 400 residents: with scale=40"),
    ],
)
def test_surveys_that_tell_too_little_are_refused(rows: str, said: str, tmp_path: Path) -> None:
    TABLE.write_csv(tmp_path / "areas.csv")
    (tmp_path / "survey.csv").write_text("code,construct,value,scale_min,scale_max,n\n" + rows)
    with pytest.raises(InputError, match=said):
        main(
            [
                "region=file",
                f"region.table={tmp_path / 'areas.csv'}",
                f"outcomes={tmp_path / 'survey.csv'}",
                f"out={tmp_path / 'fit'}",
                "scale=40",
            ]
        )
    assert not (tmp_path / "fit" / "national").exists()


@pytest.mark.parametrize(
    "text, said",
    [
        ("base: 0.5\nbasis: 1\n", "'basis' is not a parameter of the model"),
        ("base: 7\n", "base is 7; allowed"),
        ("base: many\n", "base is 'many'"),
        ("- base\n", "no lines NAME: VALUE"),
    ],
)
def test_a_wrong_file_of_parameters_is_named(text: str, said: str, tmp_path: Path) -> None:
    path = tmp_path / "parameters.yaml"
    path.write_text(text)
    with pytest.raises(InputError, match=said):
        parameter_values(path)


def test_too_few_draws_are_refused(tmp_path: Path) -> None:
    pl.DataFrame({"base": np.linspace(0.5, 0.6, 20)}).write_parquet(tmp_path / "few.parquet")
    with pytest.raises(InputError, match="gives 20 draws"):
        prior_of(str(tmp_path / "few.parquet"), 200)
