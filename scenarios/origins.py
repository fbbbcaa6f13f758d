"""Origin schemes: the groups of the source statistics, with the figures of each, as data.

The scheme travels with the table of areas. Nothing in the model is keyed on the name of a group: rules see only
the numbers below (who arrives for which motive, who was born abroad, the measured hiring disadvantage).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import Any

import numpy as np

from scenarios.errors import InputError, close_matches, wrong
from scenarios.yaml_files import parse_yaml, read_yaml

MOTIVES = ("labour_eu", "knowledge", "study", "family", "asylum", "other_eu")
"""Motives of arrival, in the order of every array over motives."""

AGE_CLASSES = 5
CUSTOM_FIRST_GENERATION = 0.5
CUSTOM_DISCRIMINATION = 1.3


@dataclass(frozen=True, eq=False)
class OriginScheme:
    """A list of G origin groups; group 0 is the host background.

    Attributes
    ----------
    name : str
    groups : list of str
        Keys, as used in the column names ``origin_<key>``.
    labels_nl, labels_en : list of str
        Labels for readers.
    arrivals : float64[6, G]
        Per motive (order of `MOTIVES`) the distribution of arrivals over the groups; rows sum to 1.
    first_generation : float64[G]
        Share of the group born abroad.
    discrimination : float64[G]
        How many times as many applications someone needs for one invitation, 1 = host (Thijssen et al.).
    host_language : float64[G]
        Share of the group that speaks the country's language at home; left out of a file: 1 for the host background,
        0 for others.
    national : float64[G] or None
        National shares of residents to which arrivals are related; None when unknown.
    sources : dict of str to str
        Source and certainty of each figure.
    age : float64[G, 5] or None
        Shares of the age classes of `scenarios.areas.AGES` in each group in the country; None when unknown.
    """

    name: str
    groups: list[str]
    labels_nl: list[str]
    labels_en: list[str]
    arrivals: np.ndarray
    first_generation: np.ndarray
    discrimination: np.ndarray
    host_language: np.ndarray
    national: np.ndarray | None
    sources: dict[str, str]
    age: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.groups)

    def labels(self, language: str = "en") -> list[str]:
        """Return the labels of the groups in ``en`` or ``nl``."""
        return self.labels_nl if language == "nl" else self.labels_en

    @classmethod
    def from_mapping(cls, data: dict[str, Any], file: str | Path) -> "OriginScheme":
        """Build a scheme from the content of its YAML file and check it; see ``conf/origin_scheme/cbs7.yaml``."""
        groups = data.get("groups") if isinstance(data, dict) else None
        if not isinstance(groups, dict) or len(groups) < 2:
            raise wrong("must hold 'groups', a mapping of at least two groups", file=file)
        for key, part in {"arrivals": data.get("arrivals"), "sources": data.get("sources") or {}, **groups}.items():
            if not isinstance(part, dict):
                raise wrong("is not a mapping of names and values", file=file, column=str(key), value=part)
        keys = [str(key) for key in groups]
        arrivals = np.array([_motive_row(data, motive, keys, file) for motive in MOTIVES])
        national = _optional_shares(groups, file)
        return cls(
            name=str(data.get("name", Path(file).stem)),
            groups=keys,
            labels_nl=[str(g.get("nl", key)) for key, g in groups.items()],
            labels_en=[str(g.get("en", key)) for key, g in groups.items()],
            arrivals=_frozen(arrivals),
            first_generation=_group_values(groups, "first_generation", 0.0, 1.0, file),
            discrimination=_group_values(groups, "discrimination", 1.0, 3.0, file),
            host_language=_host_language(groups, file),
            national=national,
            sources={str(k): str(v) for k, v in (data.get("sources") or {}).items()},
            age=_ages(data.get("age"), keys, file),
        )

    @classmethod
    def custom(cls, groups: Sequence[str], composition: np.ndarray) -> "OriginScheme":
        """Make a scheme for any list of groups, the first of which is the host background.

        Parameters
        ----------
        groups : sequence of str
            At least two keys.
        composition : float64[G]
            Shares of residents in the table: arrivals of every motive are spread over the other groups by them.
        """
        composition = np.asarray(composition, dtype=np.float64)
        others = composition.copy()
        others[0] = 0.0
        if others.sum() <= 0:
            others[1:] = 1.0
        count = len(groups)
        is_host = np.arange(count) == 0
        return cls(
            name="custom",
            groups=list(groups),
            labels_nl=[g.replace("_", " ") for g in groups],
            labels_en=[g.replace("_", " ") for g in groups],
            arrivals=_frozen(np.tile(others / others.sum(), (len(MOTIVES), 1))),
            first_generation=_frozen(np.where(is_host, 0.0, CUSTOM_FIRST_GENERATION)),
            discrimination=_frozen(np.where(is_host, 1.0, CUSTOM_DISCRIMINATION)),
            host_language=_frozen(np.where(is_host, 1.0, 0.0)),
            national=_frozen(composition / composition.sum()),
            sources={"all": "assumption (E): own groups, of which no arrival figures are known"},
        )


@cache
def scheme_names() -> list[str]:
    """Names of the schemes that come with Thuis."""
    folder = resources.files("conf.origin_scheme")
    return sorted(Path(f.name).stem for f in folder.iterdir() if f.name.endswith(".yaml"))


def load_scheme(name: "str | Path | OriginScheme") -> OriginScheme:
    """Return a scheme by name (``cbs7``, ``cbs3``, ``wrr18``) or from the path of a YAML file of one's own.

    Raises
    ------
    InputError
        When it does not exist or is inconsistent.
    """
    if isinstance(name, OriginScheme):
        return name
    if str(name) in scheme_names():
        return _own_scheme(str(name))
    path = Path(name)
    if path.suffix not in (".yaml", ".yml"):
        raise InputError(
            f"unknown origin scheme '{name}' (allowed: {', '.join(scheme_names())} or the path of a .yaml file)"
            + close_matches(str(name), scheme_names())
        )
    return OriginScheme.from_mapping(read_yaml(path), path)


@cache
def _own_scheme(name: str) -> OriginScheme:
    """Read a scheme that comes with Thuis, once."""
    text = resources.files("conf.origin_scheme").joinpath(f"{name}.yaml").read_text(encoding="utf-8")
    return OriginScheme.from_mapping(parse_yaml(text, f"{name}.yaml"), f"{name}.yaml")


def _frozen(values: np.ndarray) -> np.ndarray:
    values = np.ascontiguousarray(values, dtype=np.float64)
    values.setflags(write=False)
    return values


def _motive_row(data: dict[str, Any], motive: str, keys: list[str], file: str | Path) -> np.ndarray:
    """Read one motive's distribution over the groups; groups left out get 0."""
    row = data["arrivals"].get(motive)
    if not isinstance(row, dict):
        raise wrong("is missing", file=file, column=f"arrivals.{motive}")
    unknown = sorted(set(map(str, row)) - set(keys))
    if unknown:
        raise wrong("is not a group of this scheme", file=file, column=f"arrivals.{motive}", value=unknown[0])
    for key, value in row.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise wrong("is not a number", file=file, column=f"arrivals.{motive}.{key}", value=value)
    values = np.array([float(row.get(key, 0.0)) for key in keys])
    if not values.min() >= 0 or not abs(values.sum() - 1) <= 0.001:
        total = f"adds up to {values.sum():.3f}"
        raise wrong(total, file=file, column=f"arrivals.{motive}", allowed="shares adding to 1")
    return values / values.sum()


def _group_values(groups: dict[str, Any], field: str, low: float, high: float, file: str | Path) -> np.ndarray:
    values = []
    for key, group in groups.items():
        value = group.get(field) if isinstance(group, dict) else None
        if not isinstance(value, int | float) or not low <= value <= high:
            where = f"groups.{key}.{field}"
            raise wrong("is not valid", file=file, column=where, value=value, allowed=f"{low} to {high}")
        values.append(float(value))
    return _frozen(np.array(values))


def _ages(given: Any, keys: list[str], file: str | Path) -> np.ndarray | None:
    """Read the age classes of every group, if the scheme tells them."""
    if given is None:
        return None
    rows = []
    for key in keys:
        row = given.get(key) if isinstance(given, dict) else None
        shares = row if isinstance(row, list) and all(isinstance(v, int | float) and 0 <= v <= 1 for v in row) else []
        if len(shares) != AGE_CLASSES or abs(sum(shares) - 1) > 0.01:
            raise wrong("is not valid", file=file, column=f"age.{key}", value=row, allowed="five shares adding to 1")
        rows.append([value / sum(shares) for value in shares])
    return _frozen(np.array(rows))


def _host_language(groups: dict[str, Any], file: str | Path) -> np.ndarray:
    """Read who speaks the country's language at home; left out it is the host background only."""
    spoken = {
        key: group | {"host_language": group.get("host_language", 1.0 if at == 0 else 0.0)}
        for at, (key, group) in enumerate(groups.items())
    }
    return _group_values(spoken, "host_language", 0.0, 1.0, file)


def _optional_shares(groups: dict[str, Any], file: str | Path) -> np.ndarray | None:
    if not all(isinstance(g, dict) and "national" in g for g in groups.values()):
        return None
    shares = _group_values(groups, "national", 0.0, 1.0, file)
    if abs(shares.sum() - 1) > 0.02:
        raise wrong(f"add up to {shares.sum():.3f}", file=file, column="groups.*.national", allowed="0.98 to 1.02")
    return _frozen(shares / shares.sum())
