"""Reader of policies, which are mappings of named measures; errors are one clear line.

A measure says what it sets and for how long::

    libraries:
      facilities: library        # whom or what: `facilities` or `migrants`; one, a list, or all
      funding: 1.5               # a lever by its short name, and its value; a measure may set several
      start: 0                   # month in which it begins
      ramp: 12                   # months it takes to come fully into force
      end: 60                    # first month in which it no longer holds; or `duration`, in months
      where: GM0599              # everywhere, or codes and names of municipalities, codes of neighbourhoods
      budget: 2000000            # euro per year that it may cost
      price: 80                  # euro per unit of its levers, instead of that of conf/levers.yaml; or [60, 80, 100]

Keys beside the measures (start, ramp, end, duration, where) apply to every measure that does not set them itself; a
budget there is for the whole policy. A lever can be named in full too: ``lever: facilities.funding.park`` with ``value:
2``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from scenarios.errors import InputError, bedoelt_u, close_matches
from scenarios.policy.dutch import in_dutch, in_english
from scenarios.policy.levers import Lever, Price, find_lever, lever_of_word, parts_of
from scenarios.text import plain_text
from sim.facilities import FACILITIES
from sim.motives import MOTIVES

TIMING = ("start", "ramp", "end", "duration", "where")
ABOUT = {"migrants": ("motive", MOTIVES), "facilities": ("facility", FACILITIES)}
POLICY_KEYS = ("name", "title", "text", *TIMING, "budget", "file")
EVERYWHERE = "everywhere"
MOST_MONTHS = 12_000


@dataclass(frozen=True)
class Setting:
    """One lever (of one motive or facility) and the value it is given."""

    lever: Lever
    target: int
    value: float

    @property
    def full_name(self) -> str:
        """Such as facilities.funding.library."""
        return self.lever.full_names[self.target]


@dataclass(frozen=True)
class Measure:
    """One measure.

    Attributes
    ----------
    name : str
    settings : tuple of Setting
    start, ramp : int
        Month in which it begins; months it takes to come fully into force (0 or 1: at once).
    end : int or None
        First month in which it no longer holds.
    where : tuple of str
        Codes or names of areas; empty is everywhere.
    budget : float or None
        Euro per year that it may cost in all its areas together.
    price : Price or None
        Euro per unit of its levers, in place of those of conf/levers.yaml.
    """

    name: str
    settings: tuple[Setting, ...]
    start: int = 0
    ramp: int = 0
    end: int | None = None
    where: tuple[str, ...] = ()
    budget: float | None = None
    price: Price | None = None

    def strength(self, month: int) -> float:
        """Degree to which it is in force in a month, 0 to 1; it grows linearly over the ramp."""
        if month < self.start or (self.end is not None and month >= self.end):
            return 0.0
        return min((month - self.start + 1) / max(self.ramp, 1), 1.0)

    @property
    def priced(self) -> bool:
        """Whether any of its levers has a price."""
        return any(setting.lever.prices for setting in self.settings)


@dataclass(frozen=True)
class Policy:
    """A package of measures; without any it is the baseline."""

    name: str
    title: dict[str, str]
    text: dict[str, str]
    measures: tuple[Measure, ...] = ()
    budget: float | None = None

    @property
    def prices(self) -> dict[str, Price]:
        """Its own prices by full name of the lever."""
        return {s.full_name: m.price for m in self.measures if m.price is not None for s in m.settings}


def policy_from(values: Mapping[str, Any], name: str | None = None) -> Policy:
    """Read a policy from a mapping, as Hydra or YAML gives it.

    Raises
    ------
    InputError
        Unknown lever, motive or facility; a value out of range; an end before the start; a negative ramp; a budget
        without a price.
    """
    values = in_english(plain(values))
    name = plain_text(str(name or values.get("name") or "policy"))
    here = f"policy {name}: "
    measures = []
    for key, value in values.items():
        if key in POLICY_KEYS:
            continue
        if not isinstance(value, Mapping):
            words = [*POLICY_KEYS, *lever_of_word()]
            raise InputError(
                f"{here}'{key}' is not a measure: under a name of its own it sets one or more levers"
                f"{close_matches(str(key), words)}"
            )
        shared = {k: values[k] for k in TIMING if values.get(k) is not None}
        if value.get("end") is not None or value.get("duration") is not None:
            shared = {k: v for k, v in shared.items() if k not in ("end", "duration")}
        measures.append(read_measure(plain_text(str(key)), shared | dict(value), f"policy {name}, measure {key}: "))
    budget = _budget(values.get("budget"), here)
    if budget is not None and not any(measure.priced for measure in measures):
        raise InputError(f"{here}budget is given, but none of its levers has a price in conf/levers.yaml")
    found = Policy(name, _texts(values.get("title"), name), _texts(values.get("text"), ""), tuple(measures), budget)
    for measure in measures:
        for setting in measure.settings:
            if measure.price not in (None, found.prices.get(setting.full_name)):
                raise InputError(f"{here}{setting.full_name} has two prices; give it one")
    return found


def plain(values: Any) -> Any:
    """Hydra's containers as plain Python ones."""
    if isinstance(values, Mapping):
        return {str(key): plain(value) for key, value in values.items()}
    if isinstance(values, Sequence) and not isinstance(values, str):
        return [plain(value) for value in values]
    return values


def read_measure(name: str, values: dict[str, Any], here: str) -> Measure:
    """Read one measure, completed with the timing and areas of the policy; `here` begins every error."""
    known = lever_of_word()
    targets = {about: _targets(values[about], about, here) for about in ABOUT if values.get(about) is not None}
    settings: list[Setting] = []
    for key, value in values.items():
        if key in known and value is not None:
            settings += _settings(known[key], value, targets, here)
        elif key not in (*known, *ABOUT, *TIMING, "budget", "price", "lever", "value", "title", "text"):
            words = [*known, *ABOUT, *TIMING, "budget", "price", "lever", "value"]
            hint = close_matches(key, words) or f" (allowed: {', '.join(words)})"
            dutch = in_dutch(words)
            wenk = bedoelt_u(key, dutch) or f" (toegestaan: {', '.join(dutch)})"
            raise InputError(f"{here}unknown word '{key}'{hint}", f"{here}onbekend woord '{key}'{wenk}")
    if values.get("lever") is not None:
        lever, target = find_lever(str(values["lever"]), here)
        settings += _parts(lever, target, _number(values.get("value"), lever, "value", here))
    if not settings:
        raise InputError(f"{here}it sets no lever (allowed: {', '.join(known)})")
    for about in targets:
        if not any(setting.lever.target == ABOUT[about][0] for setting in settings):
            words = [word for word, lever in known.items() if lever.target == ABOUT[about][0]]
            raise InputError(f"{here}{about} are named, but nothing is set for them (allowed: {', '.join(words)})")
    budget = _budget(values.get("budget"), here)
    if budget is not None:
        for setting in settings:
            if not setting.lever.prices:
                raise InputError(f"{here}budget is given, but {setting.full_name} has no price in conf/levers.yaml")
    return Measure(
        name,
        tuple(settings),
        **_timing(values, here),
        where=_where(values.get("where")),
        budget=budget,
        price=_price(values.get("price"), settings, here),
    )


def _settings(lever: Lever, value: Any, targets: dict[str, list[int]], here: str) -> list[Setting]:
    """The settings of a lever given by its short name, one per motive or facility."""
    number = _number(value, lever, lever.word, here)
    about = next((a for a, (target, _) in ABOUT.items() if target == lever.target), None)
    if about is None:
        return _parts(lever, 0, number)
    if about not in targets:
        raise InputError(f"{here}{lever.word} needs '{about}' (allowed: all, or {', '.join(lever.targets)})")
    return [Setting(lever, target, number) for target in targets[about]]


def _parts(lever: Lever, target: int, value: float) -> list[Setting]:
    return [Setting(part, index, value) for part, index in parts_of(lever, target)]


def _targets(value: Any, about: str, here: str) -> list[int]:
    """Indices of the motives or facilities named: one, a list, or all."""
    known = ABOUT[about][1]
    names = [str(v) for v in (value if isinstance(value, list) else [value])]
    if names == ["all"]:
        return list(range(len(known)))
    for name in names:
        if name not in known:
            kind = "motive" if about == "migrants" else "facility"
            raise InputError(
                f"{here}unknown {kind} '{name}'{close_matches(name, known)} (allowed: all, or {', '.join(known)})"
            )
    return sorted({known.index(name) for name in names})


def _number(value: Any, lever: Lever, word: str, here: str) -> float:
    allowed = f"(allowed: {lever.low:g} to {lever.high:g} {lever.unit['en']})"
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InputError(f"{here}{word} is '{value}', which is not a number {allowed}")
    if not lever.low <= value <= lever.high:
        raise InputError(f"{here}{word} is {value:g} {allowed}")
    return float(value)


def _budget(value: Any, here: str) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not value >= 0:
        raise InputError(f"{here}budget is '{value}' (allowed: euro per year, 0 or more)")
    return float(value)


def _price(value: Any, settings: list[Setting], here: str) -> Price | None:
    """An own price: euro per unit, or the lowest, the price and the highest."""
    if value is None:
        return None
    given = value if isinstance(value, list) else [value] * 3
    plain_numbers = all(isinstance(v, int | float) and not isinstance(v, bool) and 0 <= v < np.inf for v in given)
    if len(given) != 3 or not plain_numbers or given != sorted(given):
        raise InputError(f"{here}price is '{value}' (allowed: euro per unit, 0 or more; or [least, price, most])")
    for setting in settings:
        if not setting.lever.prices:
            raise InputError(f"{here}price is given, but {setting.full_name} is not paid for by any unit")
    low, price, high = (float(v) for v in given)
    return Price(
        price=price, low=low, high=high, certainty="E", source="the policy file", source_nl="het beleidsbestand"
    )


def _months(values: dict[str, Any], key: str, least: int, here: str) -> int | None:
    value = values.get(key)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= MOST_MONTHS:
        raise InputError(f"{here}{key} is '{value}' (allowed: whole months, {least} to {MOST_MONTHS})")
    return value


def _timing(values: dict[str, Any], here: str) -> dict[str, Any]:
    """Start, ramp and end of a measure."""
    start, ramp = _months(values, "start", 0, here) or 0, _months(values, "ramp", 0, here) or 0
    end, duration = _months(values, "end", 0, here), _months(values, "duration", 1, here)
    if end is not None and duration is not None:
        raise InputError(f"{here}both end and duration are given (allowed: one of them)")
    if duration is not None:
        end = start + duration
    if end is not None and end <= start:
        raise InputError(
            f"{here}end is month {end}, not after its start in month {start} (allowed: {start + 1} or later)"
        )
    return {"start": start, "ramp": ramp, "end": end}


def _where(value: Any) -> tuple[str, ...]:
    names = [str(v) for v in value] if isinstance(value, list) else [str(value)] if value is not None else []
    return () if EVERYWHERE in names else tuple(names)


def _texts(value: Any, default: str) -> dict[str, str]:
    if isinstance(value, Mapping):
        return {language: plain_text(str(value.get(language, default))) for language in ("nl", "en")}
    return dict.fromkeys(("nl", "en"), plain_text(str(value)) if value is not None else default)
