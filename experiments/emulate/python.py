"""`thuis.emulate`: the emulator of a sweep, from Python."""

from collections.abc import Sequence
from pathlib import Path

from experiments.emulate.emulator import FILE, Emulator, fit_emulator, read_emulator
from experiments.sweep.table import Sweep, open_sweep


def emulate(sweep: Sweep | str | Path, outcomes: Sequence[str] = ()) -> Emulator:
    """The emulator of a sweep: read if it was made before, else fitted, and kept in the sweep's folder.

    Parameters
    ----------
    sweep : Sweep or path
        What `thuis.sweep` returned, or its folder.
    outcomes : sequence of str
        What is to be learned; the outcomes of the sweep's small table when left out.

    Returns
    -------
    Emulator
        ``.predict(points)`` gives outcomes with 95 % ranges, ``.table()`` error and coverage on points left out.

    Raises
    ------
    InputError
        No sweep there, too few points, or no such outcome.

    Examples
    --------
    >>> emulator = thuis.emulate("out/lhs", outcomes=["belonging"])
    >>> emulator.predict({"policy.libraries.funding": 1.3, "parameters.effect_diversity": 0.08})
    """
    opened = sweep if isinstance(sweep, Sweep) else open_sweep(sweep)
    path = opened.path / FILE
    if path.is_file():
        kept = read_emulator(path)
        if kept.about["sweep"]["digest"] == opened.plan.digest and set(outcomes or kept.outcomes) <= set(kept.outcomes):
            return kept
    found = fit_emulator(opened, outcomes)
    found.write(path)
    return found
