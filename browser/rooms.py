"""Rooms for a class or a council: everyone plays a policy of their own on the same people, one page sees all."""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from browser.levers import Event
from browser.months import TOTALS
from browser.protocol import Refused

MONTHS = 60  # at which results are compared
LETTERS = "BCDFGHJKLMNPQRSTVWXZ"  # without vowels: no words come of them, and none looks like a digit
LENGTH = 5
MOST_ROOMS, MOST_MEMBERS = 40, 200
KEPT_SECONDS = 12 * 3600
UNKNOWN = Refused("there is no room with this code", "er is geen ruimte met deze code")
ALL_TAKEN = Refused(
    "too many rooms are open: try again later", "er zijn te veel ruimtes open: probeer het later opnieuw"
)
CROWDED = Refused("this room is full", "deze ruimte is vol")
AT = {name: TOTALS.index(name) for name in ("at_home", "at_home_newcomers", "at_home_established", "adults", "spent")}


@dataclass(frozen=True)
class Result:
    """What a member's policy comes to.

    Attributes
    ----------
    events : list of Event
    numbers : dict of float or None
        Share of adults who feel at home with today's policy (``before``) and with this one (``after``), the difference
        for ``newcomers`` and ``established``, ``people`` more who feel at home, and ``cost`` in euro a year; None where
        there is nobody. Empty while the months are simulated.
    """

    name: str
    events: list[Event]
    numbers: dict[str, float | None]


def numbers_of(today: np.ndarray, policy: np.ndarray) -> dict[str, float | None]:
    """A result from the totals of both policies in the month of comparison."""
    change = policy - today
    found = {
        "before": today[AT["at_home"]],
        "after": policy[AT["at_home"]],
        "newcomers": change[AT["at_home_newcomers"]],
        "established": change[AT["at_home_established"]],
        "people": change[AT["at_home"]] * policy[AT["adults"]],
        "cost": change[AT["spent"]] / (MONTHS / 12),
    }
    return {name: None if np.isnan(value) else float(value) for name, value in found.items()}


@dataclass
class Room:
    """One room.

    Attributes
    ----------
    key : str
        Who has it sees the results.
    members : dict of Result
        By a name that each page made for itself; kept when it leaves.
    watching : dict of callable
        By visit: what is called with the results when there are new ones.
    """

    code: str
    key: str
    region: str
    seed: int
    members: dict[str, Result] = field(default_factory=dict)
    watching: dict[int, Callable[[], None]] = field(default_factory=dict)
    used: float = field(default_factory=time.monotonic)

    def words(self, key: str) -> dict[str, Any]:
        """What a page is told; all results only with the key."""
        told = {
            "code": self.code,
            "region": self.region,
            "seed": self.seed,
            "months": MONTHS,
            "count": len(self.members),
        }
        if key == self.key:
            rows = [{"name": one.name, "events": one.events, **one.numbers} for one in self.members.values()]
            told |= {"key": key, "results": rows}
        return told


class Rooms:
    """All rooms of a server; safe to use from several threads."""

    def __init__(self) -> None:
        self.rooms: dict[str, Room] = {}
        self.lock = threading.RLock()

    def open(self, region: str, seed: int) -> Room:
        """A new room on a place and seed.

        Raises
        ------
        Refused
            Too many are open.
        """
        with self.lock:
            now = time.monotonic()
            self.rooms = {
                code: room for code, room in self.rooms.items() if room.watching or now - room.used < KEPT_SECONDS
            }
            if len(self.rooms) >= MOST_ROOMS:
                raise ALL_TAKEN
            code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
            self.rooms[code] = Room(code, secrets.token_urlsafe(12), region, seed)
            return self.rooms[code]

    def find(self, code: str) -> Room:
        """The room of a code.

        Raises
        ------
        Refused
            There is none.
        """
        room = self.rooms.get(code.strip().upper())
        if room is None:
            raise UNKNOWN
        room.used = time.monotonic()
        return room

    def put(self, room: Room, member: str, result: Result) -> None:
        """Note a member's result, and tell it to who watches.

        Raises
        ------
        Refused
            The room is full.
        """
        with self.lock:
            if member not in room.members and len(room.members) >= MOST_MEMBERS:
                raise CROWDED
            if room.members.get(member) == result:
                return
            room.members[member] = result
            watching = list(room.watching.values())
        for tell in watching:
            tell()
