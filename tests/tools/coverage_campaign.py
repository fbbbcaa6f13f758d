"""How often the range of a comparison holds the truth, when the truth is known: the model itself with parameters drawn.

Two hundred times: true parameters are drawn from what comparisons draw from, the true effect of a policy is simulated
with them (the mean over many replicates), and a small comparison with the default design and a seed of its own gives
its range. An hour on a busy core, a quarter of it on a free one:
``python -m tests.tools.coverage_campaign [comparisons] [region] [scale] [years]``.
"""

import sys
from dataclasses import replace

import numpy as np

from experiments.compare.design import Design, design_from, drawn_parameters, plan
from experiments.compare.effects import stack
from experiments.compare.run import Comparison
from experiments.simulation.simulate import load_table

TRUTH_SEED, TRUTH_REPLICATES = 10_000_000, 6
QUICK = {"threads": 1, "roads": 0, "elements": 0}
MEASURES, GROUPS = ("at_home", "belonging"), ("everyone", "established", "newcomer")


def effects(design: Design, table: object) -> tuple[object, dict[tuple[str, str], np.ndarray]]:
    """The counts of a comparison, and the effect [R] on people in both futures by measure and group."""
    gathered = Comparison(design, table, fresh_start=True).gather(plan(design))  # type: ignore[arg-type]
    counts = stack(design, gathered.finished)
    return counts, {(m, g): counts.both_effect(m, g)[:, 1] for m in MEASURES for g in GROUPS}


def main(comparisons: int = 200, region: str = "vaals", scale: int = 20, years: int = 2) -> None:
    """Run the campaign and print, per measure and group, in what share of comparisons the range holds the truth."""
    requested = {"region": region, "scale": scale, "years": years, "policies": ["baseline", "libraries"]} | QUICK
    held: dict[tuple[str, str], list[bool]] = {}
    outside: dict[tuple[str, str], list[bool]] = {}
    for number in range(comparisons):
        design = design_from(requested | {"seed": number + 1})
        table = load_table(design.region)
        other = design_from(requested | {"seed": TRUTH_SEED + number})
        true = drawn_parameters(other, plan(other)[0])
        options = replace(other.options, parameters_drawn=False, replicates=TRUTH_REPLICATES)
        _, truth = effects(replace(other, parameters=true, options=options), table)
        counts, found = effects(design, table)
        for key, values in found.items():
            spread, real = counts.interval(values), np.nanmean(truth[key])  # type: ignore[attr-defined]
            held.setdefault(key, []).append(bool(spread.low <= real <= spread.high))
            chance = 1.96 * spread.chance / np.sqrt(len(values))
            outside.setdefault(key, []).append(bool(abs(real - spread.mean) > chance))
        if number % 20 == 19:
            tell(held, outside)


def tell(held: dict, outside: dict) -> None:
    """Print what was found so far."""
    for (measure, group), each in held.items():
        missed = np.mean(outside[measure, group])
        print(
            f"{len(each)} times, {measure} of {group}: the range holds the truth in {100 * np.mean(each):.1f} %,"
            f" an interval of chance alone misses it in {100 * missed:.0f} %",
            flush=True,
        )


if __name__ == "__main__":
    words = sys.argv[1:]
    main(*[int(word) if word.isdigit() else word for word in words])  # type: ignore[arg-type]
