"""The emulator of a sweep: its outcomes as functions of its factors, kept in a file from which it is made again."""

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from experiments.emulate.assessment import WITHIN, Assessment, assess
from experiments.emulate.points import Factors, cases_of, digest_of, factors_of, points_of
from experiments.emulate.process import Learned, Points, Predicted, Process
from experiments.results.folders import write_json
from experiments.results.version import version
from experiments.sweep.plan import written
from experiments.sweep.table import Sweep
from scenarios.errors import InputError, close_matches

KIND, FILE = "thuis emulator 2", "emulator.json"
PACKAGES = ("numpy", "scipy", "scikit-learn")
RANGES = ("mean", "point", "run")
Case = tuple[str, ...]


@dataclass(frozen=True)
class Fitted:
    """One outcome of one case."""

    points: Points
    process: Process
    assessment: Assessment


@dataclass(frozen=True)
class Emulator:
    """What the model would say at factors that were not run.

    Attributes
    ----------
    factors : Factors
    fitted : dict
        By case (the words of the factors that are words; one empty case where there are none) and outcome.
    about : dict
        The sweep it is of: folder, digest of its plan, versions, number of seeds and whether points share them.
    """

    factors: Factors
    fitted: dict[Case, dict[str, Fitted]]
    about: dict[str, Any]

    @property
    def outcomes(self) -> list[str]:
        """Names of the outcomes."""
        return list(next(iter(self.fitted.values())))

    def predict(self, points: Any, outcomes: Sequence[str] | None = None, of: str = "mean") -> pl.DataFrame:
        """Outcomes at points, with 95 % ranges.

        Parameters
        ----------
        points : mapping, sequence of mappings, or polars or pandas DataFrame
            A value for every factor of the sweep.
        outcomes : sequence of str, optional
            All when left out.
        of : {"mean", "point", "run"}
            What the range is of: the expected outcome, the mean of as many runs as a point of the sweep, or a run.

        Returns
        -------
        DataFrame
            The factors, and for each outcome NAME, NAME_low and NAME_high.

        Raises
        ------
        InputError
            A factor that is missing, unknown or beyond the range of the sweep: an emulator does not extrapolate.
        """
        if of not in RANGES:
            raise InputError(f"of={of} is not allowed; allowed is {', '.join(RANGES)}")
        frame = self.checked(points)
        wanted = [self.known(name) for name in (self.outcomes if outcomes is None else outcomes)]
        columns = {name: np.full((3, len(frame)), np.nan) for name in wanted}
        keys = self.case_of(frame)
        for case in dict.fromkeys(keys):
            rows = np.array([key == case for key in keys])
            unit = self.unit(frame.filter(pl.Series(rows)))
            for name in wanted:
                found = self.fitted[case][name].process.predict(unit)
                reach = WITHIN * getattr(found, f"of_{of}")
                columns[name][:, rows] = found.mean, found.mean - reach, found.mean + reach
        ends = ("", "_low", "_high")
        return frame.with_columns(
            pl.Series(f"{name}{end}", columns[name][at]) for name in wanted for at, end in enumerate(ends)
        )

    def predicted(self, case: Case, outcome: str, values: np.ndarray) -> Predicted:
        """One outcome of a case at values [N, D] of the factors that are numbers, which are not checked."""
        return self.fitted[case][outcome].process.predict(self.factors.unit(values))

    def mean(self, case: Case, outcome: str, values: np.ndarray) -> np.ndarray:
        """Its expected outcome alone, float64 [N], which is fast."""
        return self.fitted[case][outcome].process.mean(self.factors.unit(values))

    def known(self, outcome: str) -> str:
        """The name of an outcome that was learned."""
        if outcome not in self.outcomes:
            near = close_matches(outcome, self.outcomes)
            raise InputError(f"outcome={outcome} was not learned{near} (allowed: {', '.join(self.outcomes)})")
        return outcome

    def unit(self, frame: pl.DataFrame) -> np.ndarray:
        """The factors of a frame from -1 to 1, float64 [N, D]."""
        return self.factors.unit(frame.select(self.factors.names).to_numpy().astype(float))

    def case_of(self, frame: pl.DataFrame) -> list[Case]:
        """The case of each row."""
        if not self.factors.words:
            return [()] * len(frame)
        return [tuple(str(word) for word in row) for row in frame.select(self.factors.words).iter_rows()]

    def checked(self, points: Any) -> pl.DataFrame:
        """The points as a frame, each within what the sweep varied."""
        frame = frame_of_points(points)
        every = [*self.factors.words, *self.factors.names]
        for name in frame.columns:
            if name not in every:
                raise InputError(f"{name} is not a factor of this emulator{close_matches(name, every)}")
        for name in every:
            if name not in frame.columns:
                raise InputError(f"a point has no {name}; give every factor: {', '.join(every)}")
        for name, low, high in zip(self.factors.names, self.factors.low, self.factors.high, strict=True):
            if not frame[name].dtype.is_numeric():
                raise InputError(f"{name}={frame[name][0]} is not a number; allowed is {low:g} to {high:g}")
            out = frame.with_row_index("row", 1).filter(~pl.col(name).is_between(low, high).fill_null(False))
            if len(out):
                row = out.row(0, named=True)
                raise InputError(
                    f"point {row['row']}: {name}={row[name]} is beyond the sweep, which an emulator "
                    f"does not know; allowed is {low:g} to {high:g}"
                )
        for case in self.case_of(frame):
            if case not in self.fitted:
                allowed = "; ".join(" ".join(known) for known in self.fitted)
                raise InputError(f"{' '.join(case)} was not in the sweep (allowed: {allowed})")
        return frame.select(every)

    def table(self) -> pl.DataFrame:
        """Error and coverage on points left out, a row per case and outcome."""
        return pl.DataFrame(
            [
                dict(zip(self.factors.words, case, strict=True)) | {"outcome": name} | fitted.assessment.values()
                for case, outcomes in self.fitted.items()
                for name, fitted in outcomes.items()
            ]
        )

    def write(self, path: Path) -> None:
        """Write everything that is needed to trust it and to make it again."""
        values = {"kind": KIND, **self.about, "factors": asdict(self.factors), "fitted": [
            {"case": case, "outcome": name, "assessment": fitted.assessment.values(),
             "learned": asdict(fitted.process.learned), "digest": digest_of(fitted.points),
             "points": asdict(fitted.points)}
            for case, outcomes in self.fitted.items() for name, fitted in outcomes.items()
        ]}  # fmt: skip
        try:
            written(path, lambda beside: write_json(beside, values))
        except OSError as error:
            raise InputError(f"{path} cannot be written: {error.strerror or error}") from error


def frame_of_points(points: Any) -> pl.DataFrame:
    """Points as they come from Python, as a frame."""
    if isinstance(points, pl.DataFrame):
        return points
    if hasattr(points, "to_dict") and hasattr(points, "columns"):
        return pl.DataFrame({str(name): points[name].tolist() for name in points.columns})
    rows = [points] if isinstance(points, Mapping) else list(points)
    if not rows or not all(isinstance(row, Mapping) for row in rows):
        raise InputError("points are a mapping of factors to values, a list of those, or a frame")
    if any(set(row) != set(rows[0]) for row in rows):
        raise InputError("every point has the same factors")
    return pl.DataFrame([dict(row) for row in rows])


def fit_emulator(sweep: Sweep, outcomes: Sequence[str] = ()) -> Emulator:
    """Learn the outcomes of a sweep at the end of its runs.

    Parameters
    ----------
    outcomes : sequence of str
        Those of the sweep's small table that vary, when left out.

    Raises
    ------
    InputError
        No such outcome, too few points, or nothing varies.
    """
    factors = factors_of(sweep)
    for name in outcomes:
        sweep.frame_for(name)
    cases = cases_of(sweep, factors)
    levers = np.array([name.startswith("policy.") for name in factors.names])
    names = list(outcomes) or [
        name for name in sweep.shown_outcomes if all(varies(runs, name) for runs in cases.values())
    ]
    fitted: dict[Case, dict[str, Fitted]] = {}
    for case, runs in cases.items():
        where = f"{sweep.path}{', ' if case else ''}{' '.join(case)}"
        fitted[case] = {}
        for name in names:
            points, values = points_of(runs, factors, name, where)
            process = Process(points, levers=levers)
            fitted[case][name] = Fitted(points, process, assess(points, process, values, levers))
    return Emulator(factors, fitted, about(sweep))


def varies(runs: pl.DataFrame, outcome: str) -> bool:
    """Whether an outcome differs between runs."""
    return runs[outcome].drop_nulls().n_unique() > 1


def about(sweep: Sweep) -> dict[str, Any]:
    """What the emulator is of, and what made it."""
    plan = sweep.plan
    return {
        "sweep": {
            "folder": str(sweep.path), "digest": plan.digest, "code": plan.code, "design": plan.design,
            "runs": plan.runs, "points": plan.points, "replicates": plan.replicates, "same_seeds": plan.common,
            "years": plan.years, "scale": plan.scale, "start": plan.start, "fixed": plan.fixed,
        },
        "versions": {"thuis": version(), "python": platform.python_version()}
        | {name: metadata.version(name) for name in PACKAGES},
    }  # fmt: skip


def read_emulator(path: str | Path) -> Emulator:
    """The emulator in a file, or in the folder of its sweep.

    Raises
    ------
    InputError
        There is none, or its points were changed.
    """
    path = Path(path) / FILE if Path(path).is_dir() else Path(path)
    if not path.exists() and path.name != FILE:
        raise InputError(f"{path}: no such folder or file; allowed is the folder of a sweep")
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: no emulator there; make it with: thuis emulate {path.parent}") from error
    except ValueError as error:
        raise InputError(f"{path} is not an emulator of Thuis") from error
    if not isinstance(values, dict) or values.get("kind") != KIND:
        raise InputError(
            f"{path} is not an emulator of Thuis, or of another version; make it with: thuis emulate {path.parent}"
        )
    try:
        return rebuilt(values, path)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise InputError(f"{path} is not a whole emulator ({error!r:.100})") from error


def rebuilt(values: dict[str, Any], path: Path) -> Emulator:
    """The emulator from the content of its file."""
    f = values["factors"]
    fitted: dict[Case, dict[str, Fitted]] = {}
    for each in values["fitted"]:
        points = Points(**{name: np.array(column, float) for name, column in each["points"].items()})
        if digest_of(points) != each["digest"]:
            raise InputError(f"{path}: the points of {each['outcome']} were changed; make the emulator again")
        kept = each["learned"]
        lengths = tuple(tuple(part) for part in kept["lengths"])
        learned = Learned(tuple(kept["heights"]), lengths, kept["noise"])
        assessment = {
            name: value for name, value in each["assessment"].items() if name not in ("share", "share_levers")
        }
        one = Fitted(points, Process(points, learned), Assessment(**assessment))
        fitted.setdefault(tuple(each["case"]), {})[each["outcome"]] = one
    factors = Factors(f["names"], np.array(f["low"]), np.array(f["high"]), f["words"])
    return Emulator(factors, fitted, {name: values[name] for name in ("sweep", "versions")})
