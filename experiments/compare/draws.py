"""Draws of the uncertain parameters: from a calibrated sample, and for the others around the values in force.

Every parameter can be drawn at the value in force, which is one more row of the sample and the mode of every
other parameter. An assumption (certainty E, or recalled: R) is drawn from the whole range that the model accepts, with
a triangular density that falls from the value to both ends; one with a source (S) or computed (C) from half of that.
"""

import hashlib
from functools import cache
from importlib import resources
from pathlib import Path

import numpy as np

from scenarios.errors import InputError
from sim.parameters import Parameters
from sim.parameters.declaration import Description, describe

CALIBRATED, NONE = "calibrated", "none"
ASSUMED = ("E", "R")
PART_WITH_SOURCE = 0.5


def sample_name(parameters: Parameters, posterior: str | None) -> str | None:
    """The sample to draw from: the requested one, else the calibrated one where the default values hold."""
    if posterior is None:
        return CALIBRATED if parameters == Parameters() else None
    return None if posterior == NONE else posterior


def draw_parameters(
    parameters: Parameters, posterior: str | None, percent: int, chance: np.random.Generator
) -> Parameters:
    """One draw of all uncertain parameters.

    Parameters
    ----------
    parameters : Parameters
        The values in force.
    posterior : str, optional
        As the option of that name.
    percent : int
        Width of the draws that do not come from a sample, in percent of the usual.

    Raises
    ------
    InputError
        A sample that cannot be read, or has a value out of range.
    """
    name, values = sample_name(parameters, posterior), {}
    rows = posterior_rows(name) if name else []
    fitted = rows[0] if rows else {}
    at = int(chance.random() * (len(rows) + 1))
    for key, d in describe(Parameters).items():
        if d.uncertain and key not in fitted:
            low, high = window(d, getattr(parameters, key), percent)
            values[key] = float(chance.triangular(low, getattr(parameters, key), high)) if low < high else low
    return parameters.changed(**values, **(rows[at] if at < len(rows) else {}))


def window(d: Description, value: float, percent: int) -> tuple[float, float]:
    """Lowest and highest value that is drawn around a value in force."""
    part = percent / 100 * (1 if d.certainty in ASSUMED else PART_WITH_SOURCE)
    return max(value - part * (value - d.low), d.low), min(value + part * (d.high - value), d.high)


def posterior_file(name: str) -> Path:
    """The file of a sample: `calibrated` is the one that ships with Thuis (docs/calibration.md)."""
    return Path(str(resources.files("conf").joinpath("posterior.csv"))) if name == CALIBRATED else Path(name)


def posterior_digest(name: str) -> str:
    """SHA-256 of the file of a sample."""
    return hashlib.sha256(posterior_file(name).read_bytes()).hexdigest()


@cache
def posterior_rows(name: str) -> list[dict[str, float]]:
    """Rows of a sample of parameters; other columns are ignored.

    Raises
    ------
    InputError
        No such file, not readable, no column that is a parameter, or a value out of range.
    """
    import polars as pl

    path = str(posterior_file(name))
    if not Path(path).is_file():
        raise InputError(f"posterior={path}: no such file")
    try:
        frame = pl.read_csv(path) if path.endswith(".csv") else pl.read_parquet(path)
    except Exception as error:
        raise InputError(f"posterior={path}: not readable: {' '.join(str(error).split())[:200]}") from error
    known = [name.removeprefix("parameters.") for name in frame.columns]
    columns = {old: new for old, new in zip(frame.columns, known, strict=True) if new in describe(Parameters)}
    if not columns or not len(frame):
        raise InputError(f"posterior={path}: no column is named after a parameter of the model")
    numbers = frame.select(pl.col(old).cast(pl.Float64, strict=False).alias(new) for old, new in columns.items())
    for old, key in columns.items():
        d = describe(Parameters)[key]
        wrong = (~numbers[key].is_between(d.low, d.high)).fill_null(True).arg_true()
        if len(wrong):
            row, value = wrong[0], frame[old][wrong[0]]
            fault = "is not a number" if numbers[key][row] is None else "is out of range"
            shown = "(empty)" if value is None else str(value)[:40]
            allowed = f"allowed is {d.low:g} to {d.high:g}"
            raise InputError(f"posterior={path}, row {row + 2}: {key}={shown} {fault}; {allowed}")
    return numbers.to_dicts()
