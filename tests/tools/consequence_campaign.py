"""What the WRR names as consequences, and facilities: each left out and each in full, on the same draws.

    .venv/bin/python -m tests.tools.consequence_campaign [SCALE [SEEDS]]

Prints the tables of docs/measured/consequences.md: of Diemen in ten years, the difference that each mechanism makes to
the model as shipped; and what more facilities do where parts of their effect are left out. In brackets a range that
holds the mean difference with 95 % confidence over the seeds (Student), parameters as shipped.
"""

import csv
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import polars as pl
from scipy.stats import t

import thuis
from sim.parameters import Parameters

REGION, YEARS = "diemen", 10
CONSEQUENCES = (
    *("school_turnover", "association_members", "member_ties", "tie_withdrawn", "moving_unsafe", "withdrawal_unsafe"),
    *("room_sharing", "effect_crowding"),
)
FULL = {name: 1.0 for name in CONSEQUENCES} | {"room_sharing": 0.1, "effect_crowding": 0.5}
MANY = {"name": "many arrivals", "more": {"migrants": "all", "arrivals": 2.25}}
FACILITIES = {"name": "facilities", "more": {"facilities": "all", "funding": 2.0}}
SHARES = ("at_home", "members")
MEASURES = {"belonging": 3, "at_home": 1, "cohesion": 2, "faces": 1, "ties": 2, "members": 1, "growth": 1}  # digits
PARTS = {
    "as shipped": {},
    "nothing straight from what is funded (`amenities_funded` 0)": {"amenities_funded": 0.0},
    "half of a lively centre's effect straight from it (`amenities_funded` .5)": {"amenities_funded": 0.5},
    "all that is funded is used (`funding_used` 1)": {"funding_used": 1.0},
    "none of it is used (`funding_used` 0)": {"funding_used": 0.0},
}

Points = list[dict[str, float]]


def run_points(points: Points, policy: Mapping, scale: int, seeds: int) -> dict[str, np.ndarray]:
    """Each of `MEASURES` [points, seeds] at the end, of runs with these parameters; growth is over all years."""
    with tempfile.TemporaryDirectory() as folder:
        table = Path(folder) / "points.csv"
        names = list(points[0])
        with table.open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow([f"parameters.{name}" for name in names])
            rows.writerows([point[name] for name in names] for point in points)
        options = {"design": "file", "table": str(table), "replicates": seeds, "years": YEARS, "scale": scale}
        found = thuis.sweep(REGION, policy=policy, out=Path(folder) / "sweep", yearly=True, progress="none", **options)
        frame = found.pl()
    keys = [f"parameters.{name}" for name in names]
    levels = {}
    for measure in MEASURES:
        column = "residents" if measure == "growth" else measure
        levels[measure] = np.array([of_point(frame, keys, list(point.values()), column) for point in points])
    first, last = (levels["growth"][:, :, at] for at in (0, -1))
    return {name: 100 * (last / first - 1) if name == "growth" else values[:, :, -1] for name, values in levels.items()}


def of_point(frame: pl.DataFrame, keys: list[str], values: list[float], column: str) -> np.ndarray:
    """A column [seeds, years + 1] of the runs of one point."""
    chosen = frame.filter(*((pl.col(key) - value).abs() < 1e-9 for key, value in zip(keys, values, strict=True)))
    wide = chosen.sort("seed", "month").group_by("seed", maintain_order=True).agg(column)
    return np.array(wide[column].to_list()) * (100 if column in SHARES else 1)


def tell(difference: np.ndarray, digits: int) -> str:
    """The mean of differences [seeds] and its confidence interval."""
    mean, count = difference.mean(), len(difference)
    reach = t.ppf(0.975, count - 1) * difference.std(ddof=1) / np.sqrt(count)
    middle, low, high = (signed(value, digits) for value in (mean, mean - reach, mean + reach))
    return f"{middle} ({low} to {high})"


def signed(value: float, digits: int) -> str:
    """A number with its sign; none where it rounds to nought."""
    rounded = round(float(value), digits)
    return f"{rounded:+.{digits}f}" if rounded else f"{0:.{digits}f}"


def tell_levels(levels: dict[str, np.ndarray], at: int) -> str:
    """Cells with the means of one point."""
    return " | ".join(f"{levels[name][at].mean():.{digits}f}" for name, digits in MEASURES.items())


def tell_differences(levels: dict[str, np.ndarray], at: int, less: int) -> str:
    """Cells with the differences between two points."""
    return " | ".join(tell(levels[name][at] - levels[name][less], digits) for name, digits in MEASURES.items())


def print_head(first: str) -> None:
    """The head of a table."""
    labels = ("belonging", "at home, points", "cohesion", "faces", "ties", "members, points", "growth, points")
    print(f"\n| {first} | " + " | ".join(labels) + " |\n|" + " --- |" * (len(labels) + 1))


def print_consequences(scale: int, seeds: int) -> None:
    """Each consequence as shipped and in full, less without it."""
    usual = {name: float(getattr(Parameters(), name)) for name in CONSEQUENCES}
    points: Points = [usual, dict.fromkeys(CONSEQUENCES, 0.0)]
    for name in CONSEQUENCES:
        points += [usual | {name: 0.0}, usual | {name: FULL[name]}]
    for title, policy in (("as shipped, less without it", {}), ("the same, 2.25 times the arrivals", MANY)):
        levels = run_points(points, policy, scale, seeds)
        print_head(title)
        print(f"| levels as shipped | {tell_levels(levels, 0)} |")
        print(f"| all of them | {tell_differences(levels, 0, 1)} |")
        for n, name in enumerate(CONSEQUENCES):
            without, full = 2 + 2 * n, 3 + 2 * n
            print(f"| `{name}` {usual[name]:g} | {tell_differences(levels, 0, without)} |")
            print(f"| `{name}` {FULL[name]:g} | {tell_differences(levels, full, without)} |")


def print_facilities(scale: int, seeds: int) -> None:
    """What twice the funding of all facilities does, with parts of their effect left out."""
    usual = {name: float(getattr(Parameters(), name)) for name in ("amenities_funded", "funding_used")}
    points: Points = [usual | part for part in PARTS.values()]
    without, more = (run_points(points, policy, scale, seeds) for policy in ({}, FACILITIES))
    print_head("twice the funding of all facilities, less as it is")
    for n, title in enumerate(PARTS):
        cells = " | ".join(tell(more[name][n] - without[name][n], digits) for name, digits in MEASURES.items())
        print(f"| {title} | {cells} |")


def main(arguments: list[str]) -> None:
    """Print the tables."""
    scale, seeds = (int(given) for given in (*arguments, *("1", "10")[len(arguments) :]))
    print_consequences(scale, seeds)
    print_facilities(scale, seeds)


if __name__ == "__main__":
    main(sys.argv[1:])
