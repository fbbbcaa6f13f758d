"""Levers as the page shows them, and a policy from what a visitor did with them.

What a visitor did is a list of events: ``[month, lever, value]``. From that month on the lever has that value; null
puts it back at today's. The lever ``policy`` takes the name of a package of conf/policy instead of a number. A lever
that may differ by neighbourhood is set in one of them by the name ``lever@row``, its row in the table.
"""

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

import numpy as np

from scenarios.errors import InputError
from scenarios.notes import TARGET_NAMES
from scenarios.policy import Policy, Schedule, levers, load_policy, package_names
from scenarios.policy.levers import Lever, full_names
from scenarios.policy.measures import Measure, Setting
from scenarios.policy.words import policy_in_words
from sim.parameters import Parameters

Event = tuple[int, str, float | str | None]
PACKAGE = "policy"
HERE = "@"
ELEMENT = "element:"
"""Begins the name of an element of the agenda among the parts of a policy."""
ONLY_HERE = ("housing.attraction",)  # the same everywhere it does nothing: only places that differ attract
HORIZON = 360  # months: thirty years
MOST_BUILDING = 3.0  # room for new places is kept when the world is built
SHOWN_TO = {"admission.arrivals": 4.0, "housing.building": MOST_BUILDING, "work.retention": 1.0}
SHOWN_FROM = {"work.retention": -1.0}
WHOLE = {
    "motive": {"nl": "alle redenen van komst samen", "en": "all reasons for coming together"},
    "facility": {"nl": "alle voorzieningen samen", "en": "all facilities together"},
}
"""What all targets of a lever are called, by what its targets are."""
ELEMENTS = {
    1: {"nl": "Ontvangst voor wie nieuw is", "en": "Reception of newcomers"},
    2: {"nl": "Plekken om elkaar te ontmoeten", "en": "Places to meet"},
    3: {"nl": "Werk", "en": "Work"},
    4: {"nl": "Instroom, wonen en samenleven", "en": "Arrivals, housing and living together"},
}


def lever_range(lever: Lever) -> tuple[float, float]:
    """The range a visitor can choose from; never wider than what the model accepts."""
    return SHOWN_FROM.get(lever.name, lever.low), min(SHOWN_TO.get(lever.name, lever.high), lever.high)


def step_of(low: float, high: float) -> float:
    """The step of a slider."""
    return 0.05 if high - low <= 5 else 1.0


def lever_row(lever: Lever, target: int) -> dict[str, Any]:
    """One slider."""
    low, high = lever_range(lever)
    price = lever.prices[target] if lever.prices else None
    return {
        "name": lever.full_names[target],
        "lever": lever.name,
        "local": lever.level == "neighbourhood",
        "only_local": lever.name in ONLY_HERE,
        "parts": list(lever.parts),
        "element": lever.element,
        "text": lever.text,
        "target": TARGET_NAMES[lever.targets[target]] if lever.targets else None,
        "scale": lever.scale,
        "through": lever.through,
        "unit": lever.unit,
        "low": low,
        "high": high,
        "step": step_of(low, high),
        "today": lever.baseline[target],
        "price": None if price is None else {
            "euro": price.price, "low": price.low, "high": price.high, "per": lever.per,
            "source": price.source, "certainty": price.certainty,
        },
    }  # fmt: skip


def whole_row(lever: Lever) -> dict[str, Any]:
    """The slider that moves a lever for all of its targets at once."""
    return {
        **lever_row(lever, 0), "name": lever.name, "parts": list(lever.full_names), "target": WHOLE[lever.target],
        "price": None,
    }  # fmt: skip


def has_whole(lever: Lever) -> bool:
    """Whether a lever can be moved for all of its targets at once: it has several, and today's value is one."""
    return len(lever.full_names) > 1 and len(set(lever.baseline)) == 1


def lever_rows() -> list[dict[str, Any]]:
    """The sliders in the order of the agenda: of a lever for all its targets, then for each of them."""
    found = []
    for lever in shown_levers():
        found += [whole_row(lever)] if has_whole(lever) else []
        found += [lever_row(lever, at) for at in range(len(lever.full_names))]
    return found


def shown_levers() -> list[Lever]:
    """Levers that have a slider, in the order of the agenda; a shorthand moves those of its parts."""
    return list(levers().values())


def group_changes(events: list[Event]) -> dict[str, list[str]]:
    """The names of a list of events; those of all parts of a lever are one where they are set alike in every month.

    Returns
    -------
    dict
        By name of a lever, or of a shorthand, the names of its events.
    """
    when: dict[str, list[tuple[int, float | str | None]]] = {}
    for month, name, value in events_in_order(events):
        when.setdefault(name, []).append((month, value))
    wholes = [
        (lever.name, lever.parts or lever.full_names) for lever in shown_levers() if lever.parts or has_whole(lever)
    ]
    found, left = {}, dict(when)
    for whole, parts in sorted(wholes, key=lambda one: -len(one[1])):
        for place in sorted({name.removeprefix(parts[0]) for name in when if lever_of_event(name)[0] == parts[0]}):
            names = [part + place for part in parts]
            if all(name in left and left[name] == left.get(names[0]) for name in names):
                found[whole + place] = names
                left = {name: set_to for name, set_to in left.items() if name not in names}
    return found | {name: [name] for name in left}


def catalogue(parameters: Parameters) -> dict[str, Any]:
    """What the page needs to draw sliders and offer packages; which parameters are 0, and which are not as usual."""
    packages = [
        {
            "name": name,
            "title": policy.title,
            "text": policy.text,
            "words": {language: policy_in_words(policy, language) for language in ("nl", "en")},
        }
        for name in package_names()
        for policy in [load_policy(name)]
    ]
    values, usual = asdict(parameters), asdict(Parameters())
    zero = [name for name, value in values.items() if value == 0]
    changed = {name: value for name, value in values.items() if value != usual[name]}
    return {"levers": lever_rows(), "elements": ELEMENTS, "packages": packages, "zero": zero, "changed": changed}


def known_levers() -> dict[str, tuple[float, float]]:
    """Range by full name of every lever that an event can set; a shorthand is set by its parts."""
    return {full: lever_range(lever) for lever in shown_levers() if not lever.parts for full in lever.full_names}


def events_in_order(events: list[Event]) -> list[Event]:
    """By month, then lever; of several in one month the last one holds."""
    last = {(month, name): (month, name, value) for month, name, value in events}
    return [last[key] for key in sorted(last)]


def first_difference(old: list[Event], new: list[Event]) -> int | None:
    """The first month in which two lists set something else; None where they are alike."""
    different = set(events_in_order(old)) ^ set(events_in_order(new))
    return min((event[0] for event in different), default=None)


def shifted(measure: Measure, begin: int, until: int | None) -> Measure:
    """A package's measure, the package beginning in one month and given up in another."""
    ends = [end for end in (None if measure.end is None else measure.end + begin, until) if end is not None]
    return replace(measure, start=measure.start + begin, end=min(ends) if ends else None)


def package_measures(name: str, begin: int, until: int | None) -> list[Measure]:
    """What a package does between two months."""
    found = [shifted(measure, begin, until) for measure in load_policy(name).measures]
    return [measure for measure in found if measure.end is None or measure.end > measure.start]


def lever_steps(schedule: Schedule) -> dict[str, list[tuple[int, float]]]:
    """By full name of each lever that leaves today's value: the months in which it changes, and its value from then on.

    It is the value that the engine is given, whether a slider or a package set it; the mean of the places where they
    differ. What a budget holds back is not known before the months are simulated, and left out.
    """
    months = {0}
    for measure in schedule.policy.measures:
        months |= set(range(measure.start, measure.start + max(measure.ramp, 1)))
        months |= set() if measure.end is None else {measure.end}
    found: dict[str, list[tuple[int, float]]] = {}
    for month in sorted(month for month in months if month <= HORIZON):
        now = schedule.conditions(month)
        for full, (lever, target) in full_names().items():
            if lever.parts:
                continue
            field = getattr(now, lever.field)
            value = round(float((field if field.ndim == 1 else field[:, target]).mean(dtype=np.float64)), 5)
            steps = found.get(full, [(0, round(lever.baseline[target], 5))])
            if value != steps[-1][1]:
                found[full] = [*steps, (month, value)]
    return found


def lever_of_event(name: str) -> tuple[str, int | None]:
    """The lever of an event, and the row of the neighbourhood in which it holds; None for everywhere."""
    full, at, row = name.partition(HERE)
    return full, int(row) if at else None


def place_of(name: str, codes: Sequence[str]) -> tuple[str, ...]:
    """Where an event holds, as a measure says it.

    Raises
    ------
    InputError
        There is no such neighbourhood.
    """
    row = lever_of_event(name)[1]
    if row is None:
        return ()
    if row >= len(codes):
        raise InputError(f"{name}: there are {len(codes)} neighbourhoods, counted from 0")
    return (codes[row],)


def policy_of(events: list[Event], codes: Sequence[str] = ()) -> Policy:
    """The policy that a list of events amounts to; sliders go before packages.

    Parameters
    ----------
    codes : sequence of str
        Of the neighbourhoods, for events that hold in one of them.
    """
    ordered = events_in_order(events)
    packages: list[Measure] = []
    sliders: list[Measure] = []
    budget = None
    for at, (month, name, value) in enumerate(ordered):
        until = next((later[0] for later in ordered[at + 1 :] if later[1] == name), None)
        if value is None:
            continue
        if name == PACKAGE:
            packages += package_measures(str(value), month, until)
            budget = load_policy(str(value)).budget
            continue
        lever, target = full_names()[lever_of_event(name)[0]]
        setting = Setting(lever, target, float(value))
        where = place_of(name, codes)
        sliders.append(Measure(f"{name} {month}", (setting,), start=month, end=until, where=where))
    return Policy("visitor", {"nl": "eigen", "en": "own"}, {"nl": "", "en": ""}, (*packages, *sliders), budget)


def elements_of(events: list[Event], codes: Sequence[str]) -> list[int]:
    """The elements of the agenda that a list of events touches, whether by slider or package."""
    measures = policy_of(events, codes).measures
    return sorted({setting.lever.element for measure in measures for setting in measure.settings})


def without_element(policy: Policy, element: int | None) -> Policy:
    """The policy without what belongs to an element of the agenda; as it is for None."""
    if element is None:
        return policy
    left = [
        replace(one, settings=tuple(setting for setting in one.settings if setting.lever.element != element))
        for one in policy.measures
    ]
    return replace(policy, measures=tuple(one for one in left if one.settings))
