"""The levers, read from conf/levers.yaml: range, mechanism and costs of each."""

from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np

from conf.files import read_yaml
from scenarios.errors import InputError, close_matches
from sim.conditions import baseline_conditions
from sim.facilities import FACILITIES
from sim.motives import MOTIVES

TARGETS: dict[str, tuple[str, ...]] = {"motive": MOTIVES, "facility": FACILITIES, "none": ()}
LEVELS = ("municipality", "neighbourhood")
# Elements of the agenda of the WRR, English and Dutch.
ELEMENTS = {
    1: ("Reception for all migrants", "Ontvangst voor alle migranten"),
    2: ("Physical and social infrastructure", "Fysieke en sociale infrastructuur"),
    3: ("Work", "Werk"),
    4: ("Living together", "Samenleven"),
}


@dataclass(frozen=True)
class Price:
    """Euro per unit beyond the baseline, with a plausible range and the source."""

    price: float
    low: float
    high: float
    certainty: str
    source: str
    source_nl: str


@dataclass(frozen=True)
class Lever:
    """One lever.

    Attributes
    ----------
    name : str
        Such as ``facilities.funding``; with its target, ``facilities.funding.library``.
    word : str
        Its short name in a package.
    element : int
        Element of the agenda of the WRR, 1 to 4.
    field : str
        Field of `sim.conditions.Conditions`; empty for a shorthand.
    target : {"motive", "facility", "none"}
    level : {"municipality", "neighbourhood"}
        The smallest area for which it can differ.
    text, scale, through, unit : dict
        Dutch (nl) and English (en); the scale says what its values mean, empty where that is evident.
    low, high : float
        Range that is accepted.
    baseline : tuple of float
        Value without a policy, one per target (a single one where there are none).
    quantity : str
        What is paid for, see `scenarios.policy.costs`; empty where there is no price.
    per : dict
        The unit of the price, nl and en.
    prices : tuple of Price
        One per target; empty where there is no price.
    parts : tuple of str
        Full names of the levers a shorthand sets.
    """

    name: str
    word: str
    element: int
    field: str
    target: str
    level: str
    text: dict[str, str]
    scale: dict[str, str]
    through: dict[str, str]
    unit: dict[str, str]
    low: float
    high: float
    baseline: tuple[float, ...]
    quantity: str
    per: dict[str, str]
    prices: tuple[Price, ...]
    parts: tuple[str, ...]

    @property
    def targets(self) -> tuple[str, ...]:
        """Names of its targets; none for a lever without."""
        return TARGETS[self.target]

    @property
    def full_names(self) -> tuple[str, ...]:
        """Every name by which it can be set, one per target."""
        return tuple(f"{self.name}.{target}" for target in self.targets) or (self.name,)


def _per_target(value: Any, targets: tuple[str, ...]) -> tuple[Any, ...]:
    """One value per target, from one value or from a mapping by target."""
    if isinstance(value, dict) and "all" in value:
        value = value["all"]
    elif isinstance(value, dict) and targets:
        return tuple(value[target] for target in targets)
    return (value,) * max(len(targets), 1)


def _baseline_values(data: dict[str, Any], targets: tuple[str, ...]) -> tuple[float, ...]:
    """The baseline's value of each target; of a shorthand, that of the levers it sets, which are equal."""
    field, count = data.get("field", ""), max(len(targets), 1)
    if field:
        values = np.ravel(getattr(baseline_conditions(1, 1), field))
    else:
        entries = read_yaml("conf", "levers.yaml")
        part = next(name for name in entries if data["parts"][0].startswith(name))
        values = np.ravel(getattr(baseline_conditions(1, 1), entries[part]["field"]))[:1].repeat(count)
    return tuple(float(f"{value:.7g}") for value in values)


def _lever(name: str, data: dict[str, Any]) -> Lever:
    """One lever from its entry in the file."""
    target = data.get("target", "none")
    cost = data.get("cost", {})
    prices = _per_target(cost["prices"], TARGETS[target]) if cost else ()
    return Lever(
        name=name,
        word=data["word"],
        element=data["element"],
        field=data.get("field", ""),
        target=target,
        level=data["level"],
        text=data["text"],
        scale=data.get("scale", {"nl": "", "en": ""}),
        through=data["through"],
        unit=data["unit"],
        low=float(data["range"][0]),
        high=float(data["range"][1]),
        baseline=_baseline_values(data, TARGETS[target]),
        quantity=cost.get("quantity", ""),
        per=cost.get("per", {}),
        prices=tuple(Price(**price) for price in prices),
        parts=tuple(data.get("parts", ())),
    )


@cache
def levers() -> dict[str, Lever]:
    """Every lever by name, in the order of the file."""
    return {name: _lever(name, data) for name, data in read_yaml("conf", "levers.yaml").items()}


@cache
def lever_of_word() -> dict[str, Lever]:
    """Every lever by its short name."""
    return {lever.word: lever for lever in levers().values()}


@cache
def full_names() -> dict[str, tuple[Lever, int]]:
    """Lever and index of its target by full name."""
    return {full: (lever, i) for lever in levers().values() for i, full in enumerate(lever.full_names)}


def find_lever(full_name: str, where: str = "") -> tuple[Lever, int]:
    """The lever and the index of the target with this full name.

    Raises
    ------
    InputError
        Unknown name, with the nearest that are known.
    """
    known = full_names()
    if full_name not in known:
        raise InputError(f"{where}unknown lever '{full_name}'{close_matches(full_name, known)}")
    return known[full_name]


def parts_of(lever: Lever, target: int) -> list[tuple[Lever, int]]:
    """The levers that are set by this one: itself, or the parts of a shorthand."""
    return [find_lever(part) for part in lever.parts] if lever.parts else [(lever, target)]
