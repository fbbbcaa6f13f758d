"""A household as Mesa's users see it: its members, its kind and where it lives, read from the engine's table."""

from typing import TYPE_CHECKING, Any

from sim.household_kinds import kind_of
from sim.population import NOBODY

if TYPE_CHECKING:
    from agents.neighbourhood import Neighbourhood


class Household:
    """The people with whom a resident lives now; it is read anew each time, and nothing is kept of it.

    Parameters
    ----------
    resident : Person
        Any of its members.
    """

    def __init__(self, resident: Any) -> None:
        self._resident = resident

    def __repr__(self) -> str:
        return f"<Household {self.kind} of {self.size} in {self.neighbourhood.name}>"

    def __len__(self) -> int:
        return self.size

    @property
    def rows(self) -> list[int]:
        """Rows of its members in the population table, its head first; none of someone who has left."""
        p, here = self._resident.table, self._resident.row
        if p.serial[here] == NOBODY:
            return []
        found = [here]
        while (following := int(p.household[found[-1]])) != here and len(found) <= len(p.serial):
            found.append(following)
        return sorted(found, key=lambda row: (int(p.role[row]), int(p.born[row]), row))

    @property
    def members(self) -> list[Any]:
        """Its members as agents, made when first asked for: head, partner, children from the eldest, housemates."""
        return [self._resident.model.resident_at(row) for row in self.rows]

    @property
    def size(self) -> int:
        """Number of members."""
        return len(self.rows)

    @property
    def kind(self) -> str:
        """One of `sim.household_kinds.KINDS`."""
        return kind_of([int(self._resident.table.role[row]) for row in self.rows])

    @property
    def neighbourhood(self) -> "Neighbourhood":
        """Where it lives."""
        return self._resident.neighbourhood
