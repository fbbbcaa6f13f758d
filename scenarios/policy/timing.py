"""Measures that can have no effect because of when they begin."""

from collections.abc import Sequence

from scenarios.notes import Warned
from scenarios.policy.measures import Measure

FIRST_YEAR_LIKE = 1900
"""A month this late was probably meant as a calendar year."""


def never_in_force(measures: Sequence[Measure], months: int, policy: str = "") -> list[Warned]:
    """One warning per measure that begins only after the last month of a run.

    Parameters
    ----------
    measures : sequence of Measure
    months : int
        Length of the run.
    policy : str
        Name of the policy, to be told where there are several.
    """
    of, van = (f" of policy {policy}", f" van beleid {policy}") if policy else ("", "")
    found = []
    for measure in measures:
        if measure.start >= months:
            hint = ("; start is a number of months, no year", "; start is een aantal maanden, geen jaartal")
            hint = hint if measure.start >= FIRST_YEAR_LIKE else ("", "")
            found.append(
                Warned(
                    f"The measure {measure.name}{of} begins in month {measure.start} and the run ends after month "
                    f"{months}: it has no effect{hint[0]}.",
                    f"De maatregel {measure.name}{van} begint in maand {measure.start} en de simulatie eindigt na "
                    f"maand {months}: hij heeft geen effect{hint[1]}.",
                )
            )
    return found
