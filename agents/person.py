"""A person as a Mesa agent whose state is a row of the engine's population table: read and written in place."""

from typing import Any

import mesa
import numpy as np

from agents.household import Household
from agents.neighbourhood import Neighbourhood
from agents.ranges import BOOKED, WHOLE, allowed, changed, refused
from agents.surroundings import Surroundings
from agents.ties import ties_of
from scenarios.errors import InputError
from sim.motives import MOTIVES, NO_MOTIVE
from sim.population import BORN_ABROAD, EMPLOYED, MEMBER, NEVER, ROLES, STAYER, Population
from sim.rules.people import NEWCOMER_MONTHS

READ_ONLY = BOOKED | {
    "row": "the engine allocates rows",
    "serial": "it is the person's identity",
    "neighbourhood": "who wants to move says so in look_for_home",
    "table": "it is the engine's",
}
CANNOT_BE_MADE = (
    " cannot be made by hand: people are born, arrive or move in (arrivals by policy: thuis.levers()); "
    "existing ones are model.agents"
)
GONE = 1 << 62  # the row of someone who left: reading their state raises IndexError


def column(name: str, text: str) -> Any:
    """A property that reads and writes one column of the person's row."""
    at = Population._fields.index(name)

    def read(person: "Person") -> Any:
        return person._table[at].item(person._row)

    def write(person: "Person", value: Any) -> None:
        try:
            person._table[at][person._row] = value
        except (ValueError, TypeError, OverflowError) as error:
            raise refused(type(person), name, value, person.model.month, allowed(name)) from error

    def write_code(person: "Person", value: Any) -> None:
        if value not in codes:
            raise refused(type(person), name, value, person.model.month, allowed(name))
        person._table[at][person._row] = value

    codes = WHOLE.get(name, ())
    return property(read, refusing(name) if name in BOOKED else write_code if codes else write, doc=text)


def fixed(name: str, text: str) -> Any:
    """A property that only the engine changes."""
    hidden = f"_{name}"

    def read(person: "Person") -> Any:
        return getattr(person, hidden)

    return property(read, refusing(name), doc=text)


def read_table(person: "Person") -> Population:
    """The table of all people, which an agent cannot write in."""
    return person.model.people


def refusing(name: str) -> Any:
    """The error when own code writes an attribute that agents may only read."""

    def write(person: "Person", value: Any) -> None:
        raise InputError(f"{type(person).__name__}: {name} cannot be written: {READ_ONLY[name]}")

    return write


def flag(bit: Any, text: str) -> Any:
    """A property that reads and writes one flag of the person's row."""
    mask = int(bit)

    def read(person: "Person") -> bool:
        return bool(person.flags & mask)

    def write(person: "Person", value: bool) -> None:
        person.flags = person.flags | mask if value else person.flags & ~mask

    return property(read, write, doc=text)


class Person(mesa.Agent):
    """A registered person, without behaviour.

    Attributes
    ----------
    row : int
        Row in the population table; changes when the person moves house.
    serial : uint64
        Permanent identity, never used again. `unique_id` is Mesa's own number of the agent.
    neighbourhood : Neighbourhood
    table : Population
    """

    model: Surroundings

    def __init__(self, model: Surroundings, row: int | None = None, neighbourhood: Neighbourhood | None = None) -> None:
        if row is None or neighbourhood is None or not model.register.making:
            raise InputError(f"{type(self).__name__}{CANNOT_BE_MADE}")
        super().__init__(model)
        self._row = row
        self._neighbourhood = neighbourhood
        self._table = model.world.population
        self._serial = self._table.serial[row]

    row = fixed("row", "Row in the population table; changes when the person moves house.")
    serial = fixed("serial", "Permanent identity (uint64), never used again.")
    neighbourhood: Neighbourhood = fixed("neighbourhood", "Where the person lives.")
    table: Any = property(read_table, refusing("table"), doc="The engine's table of all people, to be read.")

    @property
    def own_row(self) -> int:
        """The row, for compiled code, which reads and writes there unchecked.

        Raises
        ------
        InputError
            It is not this person's: own code changed it.
        """
        if self.model.register.by_row.get(self._row) is not self:
            raise changed(self, "row")
        return self._row

    belonging = column("belonging", "b, feeling at home, 0 to 1.")
    disposition = column("disposition", "u, the person's own disposition, fixed.")
    faces_own = column("faces_own", "Familiar faces of the own origin group.")
    faces_other = column("faces_other", "Familiar faces of other origin groups.")
    contact = column("contact", "C, share of good encounters that is with other groups, moving average.")
    withdrawal = column("withdrawal", "w, withdrawal into the own circle.")
    language = column("language", "L, Dutch and knowing one's way, 0 to 1.")
    status = column("status", "S, socio-economic status in standard deviations.")
    origin = column("origin", "Index of the origin group; 0 has no migration background.")
    flags = column("flags", "Yes-or-no properties as bits, see `sim.population`.")
    intention = column("intention", "What happens at the end of this month, see `sim.population`.")
    born = column("born", "Month of birth, counted from the start of the run.")
    moved_in = column("moved_in", "Month of moving to this address.")
    arrived = column("arrived", "Month of arrival in the country; 32767 for people born here.")
    motive_index = column("motive", "Index of the motive of arrival; 255 for none.")
    tie_count = column("tie_count", "k, number of personal ties.")
    tie_own = column("tie_own", "Number of ties with the own origin group.")
    tie_news = column("tie_news", "The ties whose partner left or moved since last month, a bit each.")
    tie_end = column("tie_end", "Month in which the first of the ties ends.")

    role_index = column("role", "Place in the household, see `sim.population`.")

    employed = flag(EMPLOYED, "Has work.")
    member = flag(MEMBER, "Is a member of an association.")
    stayer = flag(STAYER, "Came to stay for good.")
    born_abroad = flag(BORN_ABROAD, "Was born abroad.")

    @classmethod
    def create_agents(cls, model: Surroundings, n: int, *args: Any, **kwargs: Any) -> Any:
        """Refuse to make people out of nothing."""
        raise InputError(f"{cls.__name__}{CANNOT_BE_MADE}")

    def remove(self) -> None:
        """Take the person out of the world; within a month they leave the country at its end.

        Partners have news, the home falls vacant, and no flow counts them.
        """
        if self._row == GONE:  # the engine has seen to it
            super().remove()
        elif self.model.passing:
            self.model.register.leaving.append(self)
        else:
            self.model.register.take_out(self)

    @property
    def pos(self) -> tuple[float, float]:
        """Where Mesa's SpaceRenderer draws the person, in kilometres."""
        return self.model.space.neighbourhood(self)

    @pos.setter
    def pos(self, value: Any) -> None:
        if value is not None:
            raise InputError(f"{type(self).__name__}: pos cannot be written: {READ_ONLY['neighbourhood']}")

    @property
    def familiar_faces(self) -> float:
        """F, people known by sight."""
        return self.faces_own + self.faces_other

    @property
    def months_here(self) -> int:
        """Months at this address."""
        return max(self.model.month - self.moved_in, 0)

    @property
    def months_in_country(self) -> int | None:
        """Months since arrival from abroad; None for people born here."""
        return None if self.arrived == NEVER else self.model.month - self.arrived

    @property
    def age(self) -> int:
        """Age in completed years."""
        return max(self.model.month - self.born, 0) // 12

    @property
    def motive(self) -> str | None:
        """Motive of arrival from abroad; None for people born here."""
        index = self.motive_index
        return None if index == NO_MOTIVE else MOTIVES[index]

    @motive.setter
    def motive(self, name: str | None) -> None:
        if name is not None and name not in MOTIVES:
            raise refused(type(self), "motive", name, self.model.month, f"None, {', '.join(MOTIVES)}")
        self.motive_index = NO_MOTIVE if name is None else MOTIVES.index(name)

    @property
    def newcomer(self) -> bool:
        """Came from abroad less than five years ago."""
        return self.motive_index != NO_MOTIVE and self.model.month - self.arrived < NEWCOMER_MONTHS

    @property
    def origin_label(self) -> str:
        """Label of the origin group."""
        return self.model.origin_labels[self.origin]

    @property
    def feels_at_home(self) -> bool:
        """Whether belonging reaches the threshold of the surveys."""
        return bool(self.belonging >= self.model.world.parameters.home_threshold)

    @property
    def role(self) -> str:
        """Place in the household: head, partner, child or housemate."""
        return ROLES[self.role_index]

    @property
    def household(self) -> Household:
        """Those with whom the person lives, and how; everyone lives alone unless `parameters.households` is 1."""
        return Household(self)

    @property
    def partners(self) -> "list[Person]":
        """The people one has a tie with, as agents (made when first asked for); see `agents.ties`."""
        return [self.model.resident_at(row) for row in ties_of(self.table, np.array([self.own_row]))[1].tolist()]
