"""From classes of one's own to the two classes of agents that a model is made of."""

from collections.abc import Mapping
from typing import Any

from agents.resident import EstablishedResident, Resident, TransientMigrant
from scenarios.errors import InputError


def classes_of(found: Mapping[str, Any]) -> dict[str, type]:
    """Keywords of `CohesionModel` from what the user named.

    A subclass of `EstablishedResident` or of `TransientMigrant` is that kind of resident; a plain class with some of
    their methods is mixed into both kinds.

    Raises
    ------
    InputError
        It is no class, has no method of a resident, or two are of one kind.
    """
    chosen: dict[str, type] = {}
    for name, kind in found.items():
        if not isinstance(kind, type):
            raise InputError(f"behaviour={name} is no class but {type(kind).__name__}")
        for word, own in kinds_of(name, kind).items():
            if word in chosen:
                raise InputError(f"behaviour={name}: there is already a class for {word}= residents")
            chosen[word] = own
    return chosen


def kinds_of(name: str, kind: type) -> dict[str, type]:
    """The kinds of residents that one class is for."""
    if issubclass(kind, EstablishedResident):
        return {"established": kind}
    if issubclass(kind, TransientMigrant):
        return {"transient": kind}
    base = Resident.__mro__
    own = {method for each in kind.__mro__ if each not in (object, *base) for method in vars(each)}
    if not {name for name in own & set(dir(Resident)) if not name.startswith("__")}:
        raise InputError(f"behaviour={name} has no method of a resident, such as belong (docs: own behaviour)")
    usual: dict[str, type] = {"established": EstablishedResident, "transient": TransientMigrant}
    return {word: type(f"{kind.__name__}{base.__name__}", (kind, base), {}) for word, base in usual.items()}
