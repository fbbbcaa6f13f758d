"""How well a survey of one's own is used: eleven areas of Amsterdam, and cities whose truth is known.

    python -m tests.tools.survey_campaign amsterdam|synthetic [FOLDER]

Prints the rows of docs/measured/own_survey.md; what FOLDER holds of the simulations is not made again.
"""

import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl

from experiments.calibrate.amsterdam import plain_table
from experiments.calibrate.design import sobol_points
from experiments.calibrate.space import NAMES, named
from experiments.calibrate.survey.assessment import agreements, areas_table, compared
from experiments.calibrate.survey.prior import Prior, named_values, prior_of
from experiments.calibrate.survey.simulating import simulate_draws
from experiments.calibrate.survey.study import SurveyStudy, run_survey_study
from experiments.calibrate.survey.survey import Survey, read_survey, scale_for
from experiments.calibrate.survey.update import errors_of, fit_linear_emulator, left_out, moved_point, update
from experiments.calibrate.targets import COLUMNS
from experiments.validate.outcomes import LeftOut
from scenarios.plain import read_plain
from sim.parameters import Parameters
from tests.tools.paths import shared_data

RESPONDENTS = 300
SURVEYS = ((2017, ("home", "cohesion")), (2011, ("home",)), (2016, ("cohesion",)))
SEEN = 2017  # a year that the national fit has seen
DRAWS, OUTSIDE = 200, 48
NINE_IN_TEN = 1.645
MARK = Parameters().home_mark


def survey_of(year: int, constructs: tuple[str, ...], folder: Path) -> Survey:
    """What was measured in eleven areas of Amsterdam in a year."""
    data = Path(str(shared_data())) / "amsterdam"
    table = read_plain(plain_table(data / "areas_inputs_2005_2018.csv", year))
    rows = pl.read_csv(data / "areas_outcomes_calibration.csv", infer_schema_length=None).filter(pl.col("year") == year)
    found = [
        {"code": row["area"], "construct": name, "value": row[COLUMNS[name]], "scale_min": 0, "scale_max": 10}
        for name in constructs
        for row in rows.iter_rows(named=True)
        if row[COLUMNS[name]] is not None
    ]
    path = folder / f"survey_{year}.csv"
    pl.DataFrame(found).write_csv(path)
    return read_survey(table, path, RESPONDENTS)


def quietly(name: str, count: int) -> Callable[[int], None]:
    """A line every fifty trials."""
    return lambda done: print(name, done, "of", count, file=sys.stderr) if done % 50 == 0 else None


def study_of(survey: Survey, folder: Path, sample: str) -> SurveyStudy:
    """The fit to a survey."""
    options = {"prior": sample, "draws": DRAWS, "scale": None, "seed": 1, "workers": 2}
    return run_survey_study(folder, survey, options, quietly)


def amsterdam(folder: Path) -> None:
    """Each area predicted without it, from the national sample and from one that knows nothing."""
    blank = folder / "blank.parquet"
    marks = MARK + 0.02 * np.random.default_rng(7).normal(size=DRAWS)
    pl.DataFrame([named(point) for point in sobol_points(DRAWS, 7)]).with_columns(home_mark=marks).write_parquet(blank)
    for year, constructs in SURVEYS:
        survey = survey_of(year, constructs, folder)
        unseen = year != SEEN
        for word, sample in (("national", "calibrated"), *([("blank", str(blank))] if unseen else [])):
            show(f"{year}, {word}", study_of(survey, folder / f"{year}_{word}", sample))


def show(title: str, study: SurveyStudy) -> None:
    """How each predictor does, and what the fit is."""
    areas = areas_table(study.survey, study.emulator, study.found, study.left)
    off = np.sqrt((study.checked**2).mean())
    print(
        f"\n{title}: one agent per {study.scale}, factor {study.found.factor:.2f}, effective parameters "
        f"{study.found.effective:.1f}, emulator off {off:.3f}"
    )
    for row in agreements(areas):
        r = "–" if row["pearson"] is None else f"{row['pearson']:.2f}"
        name, construct = row["predictor"], row["construct"]
        beside = "" if name == "own_fit" else compared(areas, construct, name, 1).word
        print(f"| {construct} | {name} | {r} | {row['rmse']:.3f} | {row['bias']:+.3f} | {beside} |")
    inside = ((areas["measured"] > areas["low"]) & (areas["measured"] < areas["high"])).sum()
    print(f"inside nine in ten: {inside} of {len(areas)}", flush=True)


def synthetic(folder: Path) -> None:
    """Cities with the areas of Amsterdam whose parameters are known: draws of the sample, and points of the space."""
    survey = survey_of(2017, ("home", "cohesion"), folder)
    scale, prior = scale_for(survey, None), prior_of("calibrated", DRAWS)

    def simulate(where: str, points: np.ndarray, seed: int) -> np.ndarray:
        values = [named_values(prior, point) for point in points]
        return simulate_draws(folder / where, survey, scale, values, seed, 2, quietly(where, len(points)))

    seen = simulate("2017_national/national", prior.draws, 1)
    known = [*NAMES, "home_mark"]
    points = np.column_stack([sobol_points(OUTSIDE, 11), np.full(OUTSIDE, MARK)])
    points = points[:, [known.index(name) for name in prior.names]]
    there = simulate("outside", points, 5001)
    for what, truths, said, apart in (
        ("draws of the sample", prior.draws, seen, True),
        ("points of the whole space", points, there, False),
    ):
        chance = np.random.default_rng(12)
        every = np.arange(DRAWS)
        cities = [
            City(prior, seen, every != at if apart else every >= 0, truth, one, survey, chance)
            for at, (truth, one) in enumerate(zip(truths, said, strict=True))
        ]
        report(what, cities, survey)


class City:
    """A city whose truth is known, surveyed with errors, and what is found of it by the other draws of a sample."""

    def __init__(
        self,
        prior: Prior,
        seen: np.ndarray,
        kept: np.ndarray,
        truth: np.ndarray,
        said: np.ndarray,
        survey: Survey,
        chance: np.random.Generator,
    ) -> None:
        own = replace(prior, draws=prior.draws[kept])
        lines = fit_linear_emulator(own, seen[kept])
        exact = replace(lines, error=np.zeros_like(lines.error))
        errors = chance.multivariate_normal(np.zeros(len(said)), errors_of(survey, exact, 1.0))
        self.survey = with_values(survey, said + errors)
        found, self.left = update(own, lines, self.survey), left_out(own, lines, self.survey)
        point = moved_point(own, lines, self.survey, found, own.mean)
        self.middle, self.kept = lines.middle, found.kept
        self.truth, self.point = own.standard(np.stack([truth, point]))
        self.after, self.before = lines.predict(np.stack([self.point, np.zeros_like(point)])) - said


def report(what: str, cities: list[City], survey: Survey) -> None:
    """Figures over all cities: how areas are predicted without them, and what is found of the parameters."""
    print(f"\n{what}: {len(cities)} cities")
    value = np.stack([city.survey.value for city in cities])
    left, before = (
        np.stack(each) - value for each in ([city.left.mean for city in cities], [city.middle for city in cities])
    )
    inside = np.abs(left) < NINE_IN_TEN * np.stack([city.left.spread for city in cities])
    for construct, one in enumerate(survey.measured):
        at = survey.construct == construct
        rmse, usual = (np.sqrt((each[:, at] ** 2).mean(axis=1)) for each in (left, before))
        print(
            f"| {one.construct} | {np.sqrt((rmse**2).mean()):.3f} | {np.sqrt((usual**2).mean()):.3f} "
            f"| {(rmse < usual).mean():.0%} | {inside[:, at].mean():.1%} |"
        )
    truth, point = np.stack([city.truth for city in cities]), np.stack([city.point for city in cities])
    within = np.abs(point - truth) < NINE_IN_TEN * np.stack([city.kept for city in cities])
    share = ((point - truth) ** 2).sum() / (truth**2).sum()
    off = [
        np.sqrt(np.mean([each**2 for each in which]))
        for which in ([city.after for city in cities], [city.before for city in cities])
    ]
    print(f"parameters inside nine in ten {within.mean():.1%}; squared error beside the national mean {share:.2f}")
    print(f"the areas' own truth: off by {off[0]:.3f} with the survey, {off[1]:.3f} without", flush=True)


def with_values(survey: Survey, value: np.ndarray) -> Survey:
    """The same survey with other figures."""
    cut = np.cumsum([len(one.code) for one in survey.measured])[:-1]
    measured = [replace(one, value=part) for one, part in zip(survey.measured, np.split(value, cut), strict=True)]
    return Survey(survey.table, measured, LeftOut([]), survey.usual_respondents)


if __name__ == "__main__":
    target = Path(sys.argv[2] if len(sys.argv) > 2 else "out/survey_campaign")
    target.mkdir(parents=True, exist_ok=True)
    {"amsterdam": amsterdam, "synthetic": synthetic}[sys.argv[1]](target)
