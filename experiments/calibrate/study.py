"""The study: a seeded search with Optuna that can be stopped and resumed, and a sample of what fits about as well."""

import warnings
from collections.abc import Callable
from pathlib import Path

import numpy as np
import optuna
import polars as pl
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

from experiments.calibrate.objective import findings, loss
from experiments.calibrate.space import SPACE, parameters_of
from experiments.calibrate.targets import Targets
from sim.parameters import Parameters

JOURNAL = "study.journal"
STUDY = "thuis"


def open_study(folder: Path, seed: int) -> optuna.Study:
    """The study kept in a folder, new or as it was left; a sampler seeded by `seed` and the trials done."""
    warnings.filterwarnings("ignore", category=optuna.exceptions.ExperimentalWarning)
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    storage = JournalStorage(JournalFileBackend(str(folder / JOURNAL)))
    study = optuna.create_study(study_name=STUDY, storage=storage, load_if_exists=True)
    study.sampler = optuna.samplers.TPESampler(
        seed=seed + 1009 * len(study.trials), multivariate=True, n_startup_trials=30, constant_liar=True
    )
    if not study.trials:
        now = Parameters()
        inside = {name: float(np.clip(getattr(now, name), *bounds)) for name, bounds in SPACE.items()}
        study.enqueue_trial(inside)  # the shipped defaults are the first trial
    return study


def try_once(targets: Targets, seed: int, values: dict[str, float]) -> tuple[float, dict[str, float]]:
    """Total loss of parameter values, and all that was found."""
    found = findings(parameters_of(values), targets, seed)
    return float(sum(loss(found).values())), found


def search(
    folder: Path, targets: Targets, trials: int, seed: int, report: Callable[[int, float], None] = lambda n, best: None
) -> optuna.Study:
    """Run so many more trials; several processes may do so in one folder at the same time."""
    study = open_study(folder, seed)

    def objective(trial: optuna.Trial) -> float:
        values = {name: trial.suggest_float(name, *bounds) for name, bounds in SPACE.items()}
        total, found = try_once(targets, seed, values)
        trial.set_user_attr("found", found)
        return total

    study.optimize(objective, n_trials=trials, callbacks=[lambda s, t: report(t.number, s.best_value)])
    return study


def completed(study: optuna.Study) -> pl.DataFrame:
    """One row per trial that was completed: number, loss, parameters and what was found, best first."""
    rows = [
        {"trial": t.number, "loss": float(t.value or 0)} | t.params | t.user_attrs.get("found", {})
        for t in study.trials
        if t.state == optuna.trial.TrialState.COMPLETE
    ]
    return pl.DataFrame(rows).sort("loss", "trial")


def posterior_sample(targets: Targets, draws: int, kept: float, seed: int) -> pl.DataFrame:
    """Approximate Bayesian sample by rejection: the best share of a Sobol design over the whole space.

    Returns
    -------
    polars.DataFrame
        `loss` and one column per parameter, `tie_decay` included: rows that ``thuis compare`` can draw from.
    """
    from scipy.stats import qmc

    names, bounds = list(SPACE), np.array(list(SPACE.values()))
    points = qmc.Sobol(len(names), seed=seed).random(draws)
    rows = []
    for point in qmc.scale(points, bounds[:, 0], bounds[:, 1]):
        values = dict(zip(names, map(float, point), strict=True))
        total, _ = try_once(targets, seed, values)
        rows.append({"loss": total} | values | {"tie_decay": parameters_of(values).tie_decay})
    return pl.DataFrame(rows).sort("loss").head(max(1, round(kept * draws)))
