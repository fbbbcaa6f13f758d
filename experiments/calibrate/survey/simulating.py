"""The region of a survey, simulated at draws of the parameters."""

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import numpy as np

from experiments.calibrate.space import parameters_of
from experiments.calibrate.survey.survey import Survey
from experiments.calibrate.trial import settled
from experiments.calibrate.trials import Values, read_trials, run_trials
from experiments.validate.measures import outcome_table
from experiments.validate.outside import expected
from scenarios.start_cache import source_digest, table_digest
from sim.machine.threads import ThreadPool


def simulated_survey(survey: Survey, scale: int, values: Values, seed: int) -> Values:
    """What the survey would find at month 0, when the composition is that of the data, by `Survey.names`.

    Parameters
    ----------
    values : dict
        Parameters by name; the others are as shipped.
    """
    parameters = parameters_of(values)
    _, sums = settled(survey.table, parameters, scale, seed, ThreadPool(1))
    scored = outcome_table(sums, survey.table)
    at = {code: row for row, code in reversed(list(enumerate(scored.code)))}  # an area before a municipality
    found: Values = {}
    for one in survey.measured:
        said = expected(one, scored, np.array([at[code] for code in one.code]), parameters.home_mark)
        found |= {f"{one.construct}_{code}": float(v) for code, v in zip(one.code, said, strict=True)}
    return found


def simulate_draws(
    folder: Path,
    survey: Survey,
    scale: int,
    draws: Sequence[Values],
    first_seed: int,
    workers: int = 1,
    report: Callable[[int], None] = lambda done: None,
) -> np.ndarray:
    """What the survey would find at each draw, float64 [S, M]; what the folder holds is not simulated again.

    Every draw has a seed of its own, so that what chance does to an area averages out over the draws.

    Raises
    ------
    InputError
        The folder holds trials of another region, survey, scale or version of the model.
    """
    scales = [(one.construct, one.low, one.high) for one in survey.measured]
    requested = json.dumps([table_digest(survey.table), survey.names, scales, scale, source_digest()])
    of = hashlib.sha256(requested.encode()).hexdigest()
    seeds = [first_seed + number for number in range(len(draws))]
    run_trials(folder, partial(simulated_survey, survey, scale), draws, seeds, of, workers, report)
    _, names, outputs = read_trials(folder, len(draws))
    return outputs[:, [names.index(name) for name in survey.names]]
