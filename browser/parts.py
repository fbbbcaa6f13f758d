"""What each lever and each element of the agenda adds: the same run without it, on the same residents and draws."""

from collections.abc import Callable
from typing import Any

import numpy as np

from browser.course import Course
from browser.levers import ELEMENT, Event, elements_of, group_changes
from browser.months import TOTALS
from browser.timeline import Timeline

MOST = 12  # parts of which an effect is told
MONTHS = 60  # that are simulated at first; as many more when the page goes beyond
AT_HOME, ADULTS, SPENT = (TOTALS.index(name) for name in ("at_home", "adults", "spent"))


class Parts:
    """Runs of a policy, each without one of its levers or elements, on the visitor's own residents and draws.

    Parameters
    ----------
    run : Timeline
        With the whole policy.
    begin : callable
        Makes a run from month 0 with these events, an element of the agenda left out (None for none).
    """

    def __init__(self, run: Timeline, begin: Callable[[list[Event], int | None], Course]) -> None:
        self.run, self.begin, self.until = run, begin, MONTHS
        self.levers = group_changes(run.events)
        elements = [f"{ELEMENT}{element}" for element in elements_of(run.events, run.table.code)]
        self.names = [
            *(elements if len(elements) > 1 else []),
            *(list(self.levers)[:MOST] if len(self.levers) > 1 else []),
        ]
        self.without: dict[str, list[np.ndarray]] = {}
        self.running: tuple[str, Course] | None = None

    def reach(self, month: int) -> None:
        """Go on to a month; what is shorter is simulated anew."""
        if month > self.until:
            self.until, self.running = -(-month // MONTHS) * MONTHS, None

    def missing(self) -> str | None:
        """The first part whose run is not as long as it is wanted."""
        return next((name for name in self.names if len(self.without.get(name, ())) <= self.until), None)

    def can_step(self) -> bool:
        """Whether a month is still to be passed."""
        return self.missing() is not None

    def step(self) -> bool:
        """Pass a month of a run; True when it has come to its end."""
        name = self.missing()
        assert name is not None
        if self.running is None or self.running[0] != name:
            element = int(name.removeprefix(ELEMENT)) if name.startswith(ELEMENT) else None
            events = [event for event in self.run.events if event[1] not in self.levers.get(name, ())]
            self.running = name, self.begin(events, element)
            self.without[name] = []
        self.without[name].append(self.running[1].numbers()[0])
        return len(self.without[name]) > self.until

    def effects(self, month: int) -> dict[str, Any]:
        """By lever and element: the share who feel at home, people and euro that it adds to the others by a month."""
        whole = self.run.totals.get(month)
        known = {name: months[month] for name, months in self.without.items() if len(months) > month}
        if whole is None:
            return {}
        change = {name: whole - other for name, other in known.items()}
        return {
            name: {
                "at_home": float(one[AT_HOME]),
                "people": float(one[AT_HOME] * whole[ADULTS]),
                "spent": float(one[SPENT]),
            }
            for name, one in change.items()
        }
