"""Whom a policy serves, by whose number it is paid, and the arrays: `sim.phases.beneficiaries` counts."""

from typing import NamedTuple

import numpy as np

from sim.machine.struct import Whole, WholeTable
from sim.motives import MOTIVE_COUNT

WORKING_AGE, AT_WORK, SEEKING = range(3)


class Beneficiaries(NamedTuple):
    """Agents per neighbourhood.

    Attributes
    ----------
    newcomers : int64 [J, 6]
        Came from abroad less than five years ago, by motive.
    labour : int64 [J, 3]
        Residents of 18 to 66, those of them at work, and newcomers of them without work.
    resident_months, newcomer_months, labour_months : int64 [J], [J, 6], [J, 3]
        Sums over the months counted since they were last set to 0.
    """

    newcomers: WholeTable
    labour: WholeTable
    resident_months: Whole
    newcomer_months: WholeTable
    labour_months: WholeTable


def no_beneficiaries(areas: int) -> Beneficiaries:
    """Nobody counted yet."""

    def table(columns: int) -> np.ndarray:
        return np.zeros((areas, columns), np.int64)

    return Beneficiaries(table(MOTIVE_COUNT), table(3), np.zeros(areas, np.int64), table(MOTIVE_COUNT), table(3))
