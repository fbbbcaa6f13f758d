"""What a policy comes to in another future, shared by all visitors who play it."""

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import Any
from weakref import WeakValueDictionary

import numpy as np

from browser.course import MOST_SHARED, Course
from browser.levers import Event, events_in_order
from browser.months import COLUMNS, MEASURES, TOTALS

WHOLE = (*MEASURES, "at_home_established", "at_home_newcomers")  # of the whole place
AT_TOTALS = np.array([TOTALS.index(name) for name in WHOLE])
AT_COLUMNS = np.array([COLUMNS.index(name) for name in MEASURES])
MOST_KEPT = 400  # policies in a future that are kept when nobody plays them any more


class FutureRun:
    """Months of one policy in one future.

    Attributes
    ----------
    whole : list of float64 [T]
        By month, of the whole place.
    each : list of float32 [C, J]
        By month, of its neighbourhoods; [C, 0] where there are more than `MOST_SHARED`.
    """

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.whole: list[np.ndarray] = []
        self.each: list[np.ndarray] = []
        self.course: Course | None = None

    def __len__(self) -> int:
        return len(self.whole)

    def step(self, until: int, begin: Callable[[], Course]) -> None:
        """Pass a month, on a course that is begun where there is none; at the last one its world is let go."""
        with self.lock:
            if len(self) > until:
                return
            self.course = self.course or begin()
            totals, columns = self.course.numbers()
            if self.course.last == len(self):
                areas = columns.shape[1]
                self.whole.append(totals[AT_TOTALS])
                self.each.append(columns[AT_COLUMNS][:, : areas if areas <= MOST_SHARED else 0])
            if len(self) > until:
                self.course = None


class FutureRuns:
    """Those that visitors need, and the last ones that were complete."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.needed: WeakValueDictionary[Any, FutureRun] = WeakValueDictionary()
        self.complete: OrderedDict[Any, FutureRun] = OrderedDict()

    def find(self, future: Any, events: list[Event]) -> FutureRun:
        """That of a policy in a future."""
        key = (future, *events_in_order(events))
        with self.lock:
            found = self.needed.get(key)
            if found is None:
                found = self.needed[key] = FutureRun()
            return found

    def keep(self, future: Any, events: list[Event], run: FutureRun) -> None:
        """Keep a complete one for who comes later."""
        with self.lock:
            self.complete[(future, *events_in_order(events))] = run
            while len(self.complete) > MOST_KEPT:
                self.complete.popitem(last=False)
