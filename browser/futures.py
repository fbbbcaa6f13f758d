"""The same two policies in other futures: how far a difference on the page depends on chance and on what is uncertain.

The visitor sees one future. Each other one has a starting population and chance of its own and a draw of the uncertain
parameters, as a replicate of `thuis compare` has; both policies meet the same of them, so that their difference is the
policies'. They are simulated when nothing else is to be done.
"""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

import numpy as np

from browser.course import Course
from browser.future_runs import WHOLE, FutureRun, FutureRuns
from browser.levers import Event
from browser.months import MEASURES
from browser.starts import Start
from sim.machine.threads import ThreadPool

WHOLE_AT_HOME = ("at_home", "at_home_newcomers", "at_home_established")
FIRST_MONTHS = 60  # months that are simulated of each; five years more when the page goes beyond
FEWEST, MOST = 3, 8  # other futures
MOST_AGENTS = 1_200_000  # of all futures together


def how_many(agents: int) -> int:
    """Other futures for a place of this size: fewer of larger ones, which take long and depend less on chance."""
    return int(np.clip(MOST_AGENTS // max(agents, 1), FEWEST, MOST))


class Futures:
    """Other futures of a visitor's two policies.

    Parameters
    ----------
    count : int
    make_start : callable
        Takes the number of a future (from 1); promises its settled start.
    pool : ThreadPool
    policies : list of two lists of Event
    runs : FutureRuns
        Where other visitors' are found.
    place : (str, int, int)
        Region, seed and scale, by which they are the same.
    """

    def __init__(
        self,
        count: int,
        make_start: Callable[[int], "Future[Start]"],
        pool: ThreadPool,
        policies: list[list[Event]],
        runs: FutureRuns,
        place: tuple[str, int, int],
    ) -> None:
        self.count, self.make_start, self.pool, self.policies = count, make_start, pool, policies
        self.shared, self.place = runs, place
        self.until = FIRST_MONTHS
        self.starts: dict[int, Future[Start]] = {}
        self.values: dict[tuple[int, int], FutureRun] = {}

    def change(self, policies: list[list[Event]]) -> None:
        """Other policies: what is known of one that did not change is kept."""
        for policy in (0, 1):
            if policies[policy] != self.policies[policy]:
                self.values = {key: found for key, found in self.values.items() if key[1] != policy}
        self.policies = policies

    def reach(self, month: int) -> None:
        """Go on to a month that the page shows, in steps of five years; what is shorter is simulated anew."""
        if month > self.until:
            self.until = -(-month // FIRST_MONTHS) * FIRST_MONTHS

    def missing(self) -> tuple[int, int] | None:
        """The first (future, policy) that is not known as far as it is wanted."""
        wanted = ((number, policy) for number in range(1, self.count + 1) for policy in (0, 1))
        return next((key for key in wanted if len(self.values.get(key, ())) <= self.until), None)

    def can_step(self) -> bool:
        """Whether a month can be passed: one is missing, and its start has settled."""
        key = self.missing()
        if key is None:
            return False
        start = self.starts.get(key[0]) or self.starts.setdefault(key[0], self.make_start(key[0]))
        return start.done()

    def step(self) -> bool:
        """Pass a month; True when a future has become whole.

        Raises
        ------
        InputError
            Its start could not be made.
        """
        key = self.missing()
        if key is None:
            return False
        start, events = self.starts[key[0]].result(), self.policies[key[1]]
        future = (*self.place, key[0])
        run = self.values.get(key) or self.values.setdefault(key, self.shared.find(future, events))
        run.step(self.until, lambda: Course.of(start, events, self.pool, 0))
        if len(run) <= self.until:
            return False
        self.shared.keep(future, events, run)
        return key[1] == 1

    def whole(self, month: int) -> list[int]:
        """The futures in which both policies are known in a month."""
        return [
            number
            for number in range(1, self.count + 1)
            if all(len(self.values.get((number, policy), ())) > month for policy in (0, 1))
        ]

    def differences(self, measure: str, month: int) -> dict[str, Any]:
        """The difference B − A of a measure in each future known: of the whole place, and by neighbourhood.

        Returns
        -------
        dict
            ``known`` and ``count`` of futures; ``whole`` and, for everyone, newcomers and established, ``at_home``:
            lists with a value per future; ``areas``: per neighbourhood such a list, or None where there are too many;
            ``low`` and ``high`` of the whole place, month by month.
        """
        known, at, share = self.whole(month), MEASURES.index(measure), [WHOLE.index(name) for name in WHOLE_AT_HOME]
        pairs = [(self.values[number, 0], self.values[number, 1]) for number in known]
        whole = np.array([b.whole[month] - a.whole[month] for a, b in pairs]).reshape(len(pairs), len(WHOLE))
        areas = [(b.each[month][at] - a.each[month][at]) for a, b in pairs]
        months = np.array([[b.whole[m][at] - a.whole[m][at] for m in range(month + 1)] for a, b in pairs])
        return {
            "low": plain(months.min(axis=0)) if known else [],
            "high": plain(months.max(axis=0)) if known else [],
            "known": len(known),
            "count": self.count,
            "measure": measure,
            "month": month,
            "whole": plain(whole[:, at]),
            "at_home": {name: plain(whole[:, n]) for name, n in zip(WHOLE_AT_HOME, share, strict=True)},
            "areas": [plain(column) for column in np.stack(areas).T] if areas and areas[0].size else None,
        }


def plain(values: np.ndarray) -> list[float | None]:
    """Numbers for JSON; None where there is nobody."""
    return [None if np.isnan(value) else round(float(value), 6) for value in values]
