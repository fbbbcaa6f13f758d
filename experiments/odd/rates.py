"""Rates by age and arrivals from abroad, as the code declares them and as a run has them."""

from collections.abc import Mapping

import numpy as np

from experiments.odd.constants import constants_of
from experiments.odd.declared import table
from experiments.odd.equations import equation
from sim.rates_by_age import rate_tables

AGES_SHOWN = (0, 1, 5, 10, 15, 18, 20, 22, 25, 28, 30, 35, 40, 45, 50, 60, 70, 80, 90, 100)
SHOWN = {
    "death": "deaths", "birth": "births, by age alone", "birth_paired": "births, with a partner",
    "birth_alone": "births, without a partner", "move": "moves, before length of stay and belonging count",
}  # fmt: skip


def yearly_rates(values: Mapping[str, float]) -> np.ndarray:
    """Percent a year (twelve times the chance of a month) by age, float64 [ages shown, columns shown]."""
    rates = rate_tables(values["mortality"], values["fertility"], values["job_finding_asylum"], True)
    columns = [getattr(rates, name)[list(AGES_SHOWN)] for name in SHOWN]
    return 1200 * np.array(columns, dtype=float).T


def rates_of_run(values: Mapping[str, float]) -> str:
    """Rates by age with the parameters of a run, and the numbers that they are made from."""
    found = yearly_rates(values)
    rows = [[str(age), *(f"{rate:.3g}" for rate in line)] for age, line in zip(AGES_SHOWN, found, strict=True)]
    parts = [
        "Rates by age with the parameters of this run, in percent a year (births per resident of either sex):",
        table(["age", *SHOWN.values()], rows),
        "The numbers that they are made from:",
        constants_of("sim/rates_by_age.py"),
        "Arrivals from abroad:",
        constants_of("scenarios/arrivals.py"),
        equation("scenarios/arrivals.py", "arrival_rates", values),
    ]
    return "\n\n".join(parts)
