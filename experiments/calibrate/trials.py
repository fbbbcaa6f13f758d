"""Trials whose outputs are kept, a file per trial: a study can be stopped, resumed and shared out over processes."""

import json
from collections.abc import Callable, Sequence
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from experiments.results.folders import write_json
from scenarios.errors import InputError

Values = dict[str, float]


def run_trials(
    folder: Path,
    simulate: Callable[[Values, int], Values],
    points: Sequence[Values],
    seeds: Sequence[int],
    of: str = "",
    workers: int = 1,
    report: Callable[[int], None] = lambda done: None,
) -> None:
    """Simulate what is not in the folder yet.

    Parameters
    ----------
    simulate : callable
        Outputs by name for parameters by name and a seed; a function of a module where there are several workers.
    points, seeds : sequence of dict, of int
        Parameters and seed of each trial. A trial's file holds them; a folder with others is refused.
    of : str
        What else the outputs depend on, such as a digest of the areas; kept and compared as well.
    """
    folder.mkdir(parents=True, exist_ok=True)
    requested = [{"parameters": p, "seed": s, "of": of} for p, s in zip(points, seeds, strict=True)]
    missing = [number for number, trial in enumerate(requested) if not _kept(file_of(folder, number), trial)]
    tasks = [(file_of(folder, number), simulate, requested[number]) for number in missing]
    if tasks:  # the first one here: what has to be compiled is compiled once
        _simulate(tasks.pop(0))
        report(len(points) - len(tasks))
    pool = get_context("spawn").Pool(workers) if workers > 1 and len(tasks) > 1 else None
    try:
        for done, _ in enumerate(pool.imap_unordered(_simulate, tasks) if pool else map(_simulate, tasks), 1):
            report(len(points) - len(tasks) + done)
    finally:
        if pool is not None:
            pool.terminate()


def file_of(folder: Path, number: int) -> Path:
    """Where a trial is kept."""
    return folder / f"{number:05d}.json"


def _simulate(task: tuple[Path, Callable[[Values, int], Values], dict]) -> None:
    path, simulate, trial = task
    hidden = path.with_name(f".{path.stem}.part")
    write_json(hidden, trial | {"outputs": simulate(trial["parameters"], trial["seed"])})
    hidden.replace(path)


def _kept(path: Path, trial: dict) -> bool:
    """Whether this trial is there already.

    Raises
    ------
    InputError
        Another one is.
    """
    if not path.is_file():
        return False
    kept = json.loads(path.read_text(encoding="utf-8"))
    if any(kept.get(key, "") != trial[key] for key in trial):
        raise InputError(f"{path} is a trial of another design; give another folder")
    return True


def read_trials(folder: Path, count: int | None = None) -> tuple[list[Values], list[str], np.ndarray]:
    """The trials of a folder, or the first of them.

    Returns
    -------
    list of dict, list of str, float64 [N, O]
        Parameters by name, names of the outputs, outputs.
    """
    trials = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))[:count]]
    names = list(trials[0]["outputs"])
    outputs = np.array([[trial["outputs"][name] for name in names] for trial in trials])
    return [trial["parameters"] for trial in trials], names, outputs
