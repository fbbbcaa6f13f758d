"""What travels between page and server: small JSON messages one way, checked strictly, and binary months the other.

Nothing a visitor sends is used before it went through `read_message`: every field has a type, a range and a limit, and
an unknown field or word is refused.
"""

import json
import re
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np

from browser.levers import HORIZON, PACKAGE, Event, known_levers, lever_of_event
from browser.months import MEASURES
from experiments.options.settings import LARGEST_SCALE, LARGEST_SEED
from scenarios.errors import InputError
from scenarios.policy import package_names

MOST_BYTES = 32_768
MOST_EVENTS = 200
LONGEST_WORD = 40  # characters of a name or code of a room
RUNS = ("a", "b")
NUMBER = re.compile(r"^[0-9]{1,20}$")
LEVER = re.compile(r"^[a-z_.]{1,64}(@[0-9]{1,6})?$")
NAME = re.compile(r"^[A-Za-z0-9_.+\-]{1,64}$")
HEADER = struct.Struct("<4sIIiIIII")  # kind, run, revision, month, neighbourhoods, columns, movers shown and in all
KIND = b"THU2"


class Refused(InputError):
    """What is asked is not allowed or not possible now: one clear line.

    Parameters
    ----------
    text : str
    dutch : str
        The same in Dutch; left out where only another program than the page can have asked for it.
    """

    def __init__(self, text: str, dutch: str = "") -> None:
        super().__init__(text, dutch)


def texts_of(error: Exception) -> dict[str, str]:
    """What went wrong by language, for the page; English where there is no Dutch."""
    return {"en": str(error), "nl": getattr(error, "dutch", "") or str(error)}


@dataclass(frozen=True)
class Start:
    """A visitor asks for a region, a seed, and one or two policies."""

    region: str
    seed: int
    scale: int
    a: list[Event]
    b: list[Event] | None


@dataclass(frozen=True)
class Want:
    """The month the visitor looks at."""

    month: int


@dataclass(frozen=True)
class Change:
    """New events of a run; None ends the second run."""

    run: int
    events: list[Event] | None


@dataclass(frozen=True)
class People:
    """A sample of the residents of a neighbourhood, and perhaps one of them to follow."""

    run: int
    area: int
    month: int
    person: int | None


@dataclass(frozen=True)
class Range:
    """The difference of the two policies in other futures, of a measure in a month."""

    measure: str
    month: int


@dataclass(frozen=True)
class EnterRoom:
    """A room is opened (no code) or entered.

    Attributes
    ----------
    name : str
        Under which the visitor's policy is shown; empty for who only watches.
    member : str
        What the page calls itself, so that a page that is loaded again is the same member.
    key : str
        Of who opened the room and comes back.
    """

    code: str
    name: str
    member: str
    key: str


Message = Start | Want | Change | People | Range | EnterRoom


def whole(values: dict[str, Any], key: str, low: int, high: int) -> int:
    """A whole number in a range."""
    value = values[key]
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise Refused(f"{key} must be a whole number from {low} to {high}")
    return value


def which_run(values: dict[str, Any]) -> int:
    """0 or 1 for a and b."""
    if values["run"] not in RUNS:
        raise Refused("run must be a or b")
    return RUNS.index(values["run"])


def read_event(value: Any, ranges: dict[str, tuple[float, float]]) -> Event:
    """One event, its lever known and its value in range."""
    if not isinstance(value, list) or len(value) != 3:
        raise Refused("an event is [month, lever, value]")
    month, name, setting = value
    if isinstance(month, bool) or not isinstance(month, int) or not 0 <= month <= HORIZON:
        raise Refused(f"the month of an event must be a whole number from 0 to {HORIZON}")
    if name == PACKAGE:
        if setting is not None and setting not in package_names():
            raise Refused(f"unknown policy (allowed: {', '.join(package_names())})")
        return month, name, setting
    if not isinstance(name, str) or not LEVER.match(name):
        raise Refused("unknown lever")
    if lever_of_event(name)[0] not in ranges:
        raise Refused("unknown lever")
    if setting is None:
        return month, name, None
    low, high = ranges[lever_of_event(name)[0]]
    if isinstance(setting, bool) or not isinstance(setting, int | float) or not low <= setting <= high:
        raise Refused(f"{name} must be a number from {low:g} to {high:g}")
    return month, name, float(setting)


def read_events(value: Any) -> list[Event]:
    """A list of events."""
    if not isinstance(value, list) or len(value) > MOST_EVENTS:
        raise Refused(f"events must be a list of at most {MOST_EVENTS}")
    ranges = known_levers()
    return [read_event(one, ranges) for one in value]


def read_start(values: dict[str, Any]) -> Start:
    """The first message."""
    region = values["region"]
    if not isinstance(region, str) or not NAME.match(region):
        raise Refused("unknown region")
    return Start(
        region,
        whole(values, "seed", 0, min(LARGEST_SEED, 2**53 - 1)),
        whole(values, "scale", 0, LARGEST_SCALE),
        read_events(values["a"]),
        None if values["b"] is None else read_events(values["b"]),
    )


def read_change(values: dict[str, Any]) -> Change:
    """New events of a run."""
    run = which_run(values)
    if values["events"] is None and run == 0:
        raise Refused("the first run cannot be ended")
    return Change(run, None if values["events"] is None else read_events(values["events"]))


def read_people(values: dict[str, Any]) -> People:
    """Whose neighbourhood, and whom to follow; a person's number is text because it has 64 bits."""
    person = values["person"]
    if person is not None and not (isinstance(person, str) and NUMBER.match(person) and int(person) < 2**64):
        raise Refused("unknown person")
    area, month = whole(values, "area", 0, 1_000_000), whole(values, "month", 0, HORIZON)
    return People(which_run(values), area, month, None if person is None else int(person))


def read_range(values: dict[str, Any]) -> Range:
    """Of which measure, in which month."""
    if values["measure"] not in MEASURES:
        raise Refused(f"unknown measure (allowed: {', '.join(MEASURES)})")
    return Range(values["measure"], whole(values, "month", 0, HORIZON))


def read_room(values: dict[str, Any]) -> EnterRoom:
    """Texts of limited length, the name without signs that are not written."""
    for key in ("code", "name", "member", "key"):
        if not isinstance(values[key], str) or len(values[key]) > LONGEST_WORD:
            raise Refused(f"{key} must be text of at most {LONGEST_WORD} characters")
    name = "".join(sign for sign in values["name"] if sign.isprintable()).strip()
    return EnterRoom(values["code"], name, values["member"], values["key"])


READERS: dict[str, tuple[set[str], Any]] = {
    "start": ({"region", "seed", "scale", "a", "b"}, read_start),
    "want": ({"month"}, lambda v: Want(whole(v, "month", 0, HORIZON))),
    "change": ({"run", "events"}, read_change),
    "people": ({"run", "area", "month", "person"}, read_people),
    "room": ({"code", "name", "member", "key"}, read_room),
    "range": ({"measure", "month"}, read_range),
}


def read_message(text: Any) -> Message:
    """Check a message of a visitor.

    Raises
    ------
    Refused
        Anything but a message of the known kinds with exactly its fields.
    """
    if not isinstance(text, str) or len(text) > MOST_BYTES:
        raise Refused("a message is text of limited length")
    try:
        values = json.loads(text, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise Refused("a message is JSON") from None
    if not isinstance(values, dict) or not isinstance(values.get("type"), str) or values["type"] not in READERS:
        raise Refused("unknown type of message")
    fields, reader = READERS[values.pop("type")]
    if set(values) != fields:
        raise Refused(f"the fields must be {', '.join(sorted(fields))}")
    return reader(values)


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a number")


def pack_month(
    about: tuple[int, int, int], totals: np.ndarray, columns: np.ndarray, movers: np.ndarray, moved: int
) -> bytes:
    """One month as bytes: header, totals in double precision, columns in single precision, movers.

    Parameters
    ----------
    about : (int, int, int)
        Run, revision and month.
    totals : float64 [T]
        Of the whole region, see `browser.months.TOTALS`.
    columns : float32 [C, J]
        Per neighbourhood, see `browser.months.COLUMNS`.
    movers : int32 [M, 3]
        A sample of `moved` people who changed address, see `browser.movers`.
    """
    count, areas = columns.shape
    header = HEADER.pack(KIND, *about, areas, count, len(movers), moved)
    parts = (totals.astype("<f8"), np.ascontiguousarray(columns, "<f4"), np.ascontiguousarray(movers, "<i4"))
    return header + b"".join(part.tobytes() for part in parts)
