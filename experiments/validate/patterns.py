"""The patterns of conf/patterns.yaml, compared with measurements over seeds."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from conf.files import read_yaml
from scenarios.errors import InputError, close_matches

T_975 = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26, 2.23)  # Student's t, 1 to 10 degrees of freedom
Parts = dict[str, float]


@dataclass(frozen=True)
class Row:
    """One part of one pattern in one scene.

    Attributes
    ----------
    measured : mean over seeds
    low, high : bounds of the 95 % interval of that mean over seeds; nan with one seed
    inside : whether `measured` lies within the band; None where the part is reported but not judged
    """

    pattern: str
    scene: str
    part: str
    target: float | None
    band_low: float | None
    band_high: float | None
    unit: str
    measured: float
    low: float
    high: float
    inside: bool | None


def read_patterns() -> tuple[dict[str, Any], dict[str, dict[str, float]]]:
    """Patterns by name, and the mixes of motives, from conf/patterns.yaml."""
    data = read_yaml("conf", "patterns.yaml")
    return data["patterns"], data["mixes"]["value"]


def chosen_patterns(requested: list[str] | None, known: dict[str, Any]) -> set[str]:
    """The requested patterns, all when none are given.

    Raises
    ------
    InputError
        For an unknown name.
    """
    for name in requested or []:
        if name not in known:
            raise InputError(f"unknown pattern '{name}'{close_matches(name, known)} (allowed: {', '.join(known)})")
    return set(requested or known)


def rows_of(pattern: str, about: dict[str, Any], scene: str, runs: list[Parts]) -> list[Row]:
    """A row per part of a pattern, from what each seed's run gave; none where the scene cannot tell."""
    rows = []
    for part in dict.fromkeys([*about["parts"], *(name for run in runs for name in run)]):
        values = np.array([run[part] for run in runs if part in run and np.isfinite(run[part])])
        if len(values):
            rows.append(_row(pattern, scene, part, about["parts"].get(part), values))
    return rows


def _row(pattern: str, scene: str, part: str, judged: dict[str, Any] | None, values: np.ndarray) -> Row:
    mean = float(values.mean())
    half = float("nan")
    if len(values) > 1:
        half = T_975[min(len(values) - 2, len(T_975) - 1)] * float(values.std(ddof=1)) / np.sqrt(len(values))
    target, low, high = (None if judged is None else judged[key] for key in ("target", "low", "high"))
    inside = None
    if judged is not None:
        inside = (low is None or mean >= low - 1e-9) and (high is None or mean <= high + 1e-9)
    unit = "" if judged is None else judged.get("unit", "")
    return Row(pattern, scene, part, target, low, high, unit, mean, mean - half, mean + half, inside)


def verdict(rows: list[Row], pattern: str, scene: str) -> bool | None:
    """Whether all judged parts of a pattern lie inside their bands in a scene; None where none could be measured."""
    judged = [row.inside for row in rows if row.pattern == pattern and row.scene == scene and row.inside is not None]
    return all(judged) if judged else None
