"""The compiled rules for one resident at a time, as agents call them: the same equations to the bit.

The month in `sim` compiles the rules into loops over arrays. Here they are compiled once more for single numbers,
always in single precision: whatever Python number comes in is rounded to it, so an agent need not think about types.
The model's hundred parameters are passed as one array, because passing them one by one costs more than the rule.
"""

from functools import cache
from typing import Any

import numba as nb
import numpy as np
from numba.core import cgutils, types
from numba.extending import intrinsic
from numba.np.arrayobj import make_array

from sim import rules
from sim.households import looks_for, remove_from_household
from sim.machine.draws import EXTRA_CHOICE, MONTHLY, MOVING, bell, draw, gumbel, pick, uniform
from sim.machine.struct_types import state_type
from sim.parameters import Coefficients
from sim.phases.destinations import answer_of_municipality, share_moving_between
from sim.phases.household_events import birth_in_role, leaving_in_role, may_depart, moving_in_role, pairing_in_role
from sim.phases.leave import cancel_moves, leave_in_household, vacate
from sim.rules.allocation import lottery_number
from sim.rules.belonging import PersonState
from sim.state import STATE as LAYOUT
from sim.tie_search import form_tie_alone
from sim.ties import tell_partners, update_ties

COUNT = len(Coefficients._fields)
OWN_PURPOSE = 1 << 20  # purposes of own behaviour begin here, far above those of the engine
NUMBER, SERIAL, WHOLE = nb.float32, nb.uint64, nb.int64
PARAMETERS = nb.float32[::1]
PERSON = types.NamedUniTuple(NUMBER, len(PersonState._fields), PersonState)
STATE = state_type(LAYOUT)


@intrinsic
def unpack(typing_context, table):
    """The parameters by name, from the array in which they are passed."""

    def generate(context, builder, signature, arguments):
        data = make_array(signature.args[0])(context, builder, arguments[0]).data
        values = [builder.load(cgutils.gep_inbounds(builder, data, at)) for at in range(COUNT)]
        return context.make_tuple(builder, signature.return_type, values)

    return types.NamedUniTuple(types.float32, COUNT, Coefficients)(table), generate


unpacked: Any = unpack  # to a type checker an intrinsic still wants its first argument


def belonging_terms(person, burden, parameters):
    """See `sim.rules.belonging`."""
    return rules.belonging_terms(person, burden, unpacked(parameters))


def status_term(status, of_municipality, parameters):
    """See `sim.rules.neighbourhood`."""
    return rules.status_term(status, of_municipality, unpacked(parameters))


def neighbourhood_terms(status, amenity, turnover, anonymity, crowding, parameters):
    """See `sim.rules.neighbourhood`."""
    return rules.neighbourhood_terms(status, amenity, turnover, anonymity, crowding, unpacked(parameters))


def belonging_target(person, neighbourhood_term, burden, parameters):
    """See `sim.rules.belonging`."""
    return rules.belonging_target(rules.belonging_terms(person, burden, unpacked(parameters)), neighbourhood_term)


def next_withdrawal(withdrawal, belonging, parameters):
    """See `sim.rules.withdrawal`."""
    return rules.next_withdrawal(withdrawal, belonging, unpacked(parameters))


def withdraw_unsafe(withdrawal, belonging, parameters):
    """See `sim.rules.safety`."""
    c = unpacked(parameters)
    return rules.withdraw_unsafe(withdrawal, rules.feels_unsafe(belonging, c), c)


def next_language(language, contact, course_hours, parameters):
    """See `sim.rules.language`."""
    return rules.next_language(language, contact, course_hours, unpacked(parameters))


def job_chance(finding, language, discrimination, enforcement, support, parameters):
    """See `sim.rules.work`."""
    return rules.job_chance(finding, language, discrimination, enforcement, support, unpacked(parameters))


def departure_chance(yearly, language, employed, belonging, reception, parameters):
    """See `sim.rules.leaving`."""
    return rules.departure_chance(yearly, language, employed, belonging, reception, unpacked(parameters))


def joining_chance(supply, belonging, parameters):
    """See `sim.rules.associations`."""
    return rules.joining_chance(supply, belonging, unpacked(parameters))


def moving_chance(by_age, months_here, belonging, mobility, parameters):
    """See `sim.rules.housing`."""
    return rules.moving_chance(by_age, months_here, belonging, mobility, unpacked(parameters))


def home_utility(own_share, apart, vacancies, distance, attraction, parameters):
    """See `sim.rules.housing`."""
    c = unpacked(parameters)
    own_group, vacant = rules.own_group_term(own_share, c), rules.vacancy_term(vacancies, c)
    return rules.home_utility(own_group, apart, vacant, distance, attraction, c)


def luck(seed, serial, month):
    """The month's four draws of one person: noise in belonging, and the uniforms of life events, ties, and work."""
    noise, event, ties, work = draw(seed, serial, month, MONTHLY)
    return bell(noise), uniform(event), uniform(ties), uniform(work)


def moving_luck(seed, serial, month, attempt):
    """Uniforms of a mover: whether to leave the municipality (first attempt), where to, and whether to go."""
    words = draw(seed, serial, month, MOVING + (attempt << 8))
    return uniform(words[0]), uniform(words[1]), uniform(words[2])


def choice_noise(seed, serial, month, option):
    """Gumbel noise for the n-th alternative of someone who looks for a home."""
    return gumbel(draw(seed, serial, month, EXTRA_CHOICE + ((option // 4 + 1) << 8))[option % 4])


def choice_pick(seed, serial, month, option, count):
    """Which of `count` neighbourhoods is the n-th alternative."""
    return pick(draw(seed, serial, month, EXTRA_CHOICE + ((option // 4 + 5) << 8))[option % 4], count)


def chance(seed, serial, month, purpose):
    """Uniform number in [0, 1) for own behaviour; independent of the engine's draws."""
    return uniform(draw(seed, serial, month, OWN_PURPOSE + purpose)[0])


def lottery(serial, seed, month):
    """64 bits that decide who gets a home that several want."""
    return lottery_number(serial, seed, month)


PLAIN_RULES = {
    "common_language": 3,
    "encounters": 3,
    "next_faces": 6,
    "next_contact": 5,
    "tie_chance": 5,
    "tie_formation_of": 3,
    "sampling_correction": 2,
    "diversity_burden": 4,
    "next_belonging": 5,
}
PARAMETER_RULES = {
    status_term: 2,
    neighbourhood_terms: 5,
    next_withdrawal: 2,
    withdraw_unsafe: 2,
    next_language: 3,
    job_chance: 5,
    departure_chance: 5,
    joining_chance: 2,
    moving_chance: 4,
    home_utility: 5,
}
OF_PERSONS: dict[Any, tuple[Any, ...]] = {
    belonging_terms: (PERSON, NUMBER, PARAMETERS),
    belonging_target: (PERSON, NUMBER, NUMBER, PARAMETERS),
}
DRAWS: dict[Any, tuple[Any, ...]] = {
    luck: (SERIAL, SERIAL, WHOLE),
    moving_luck: (SERIAL, SERIAL, WHOLE, WHOLE),
    choice_noise: (SERIAL, SERIAL, WHOLE, WHOLE),
    choice_pick: (SERIAL, SERIAL, WHOLE, WHOLE, WHOLE),
    lottery: (SERIAL, SERIAL, WHOLE),
    chance: (SERIAL, SERIAL, WHOLE, WHOLE),
}
ON_ROWS: dict[Any, tuple[Any, ...]] = {
    update_ties: (WHOLE, STATE),
    form_tie_alone: (WHOLE, WHOLE, WHOLE, STATE),
    tell_partners: (WHOLE, STATE),
    vacate: (WHOLE, SERIAL, STATE),
    answer_of_municipality: (WHOLE, WHOLE, STATE),
    share_moving_between: (WHOLE, WHOLE, STATE),
    looks_for: (WHOLE, STATE),
    moving_in_role: (NUMBER, WHOLE, WHOLE, STATE),
    birth_in_role: (WHOLE, WHOLE, WHOLE, STATE),
    leaving_in_role: (NUMBER, WHOLE, STATE),
    pairing_in_role: (WHOLE, WHOLE, STATE),
    may_depart: (WHOLE, WHOLE, STATE),
    leave_in_household: (WHOLE, WHOLE, STATE),
    cancel_moves: (WHOLE, STATE),
    remove_from_household: (WHOLE, WHOLE, STATE),
}


def for_single_numbers(function, *arguments):
    """Compile for these types only, so that numbers of another type are converted."""
    return nb.njit([arguments], cache=True, error_model="numpy", nogil=True)(function)


def sources() -> dict[str, tuple[Any, tuple[Any, ...]]]:
    """Every rule above by name: the function as it is written, and the types of its arguments."""
    plain = {name: (getattr(rules, name).py_func, (NUMBER,) * count) for name, count in PLAIN_RULES.items()}
    of_parameters = {f.__name__: (f, (*(NUMBER,) * count, PARAMETERS)) for f, count in PARAMETER_RULES.items()}
    whole = {f.__name__: (f, arguments) for f, arguments in (OF_PERSONS | DRAWS).items()}
    return plain | of_parameters | whole | {f.__name__: (f.py_func, arguments) for f, arguments in ON_ROWS.items()}


class ScalarRules:
    """All of the above by name, each compiled when it is first asked for, and kept on disk afterwards."""

    def __init__(self) -> None:
        self.sources = sources()

    def __getattr__(self, name: str) -> Any:
        """A rule that was not asked for before."""
        source = vars(self).get("sources", {}).get(name)
        if source is None:
            raise AttributeError(name)
        function, arguments = source
        compiled = for_single_numbers(function, *arguments)
        setattr(self, name, compiled)
        return compiled


@cache
def scalar_rules() -> ScalarRules:
    """The rules for one resident at a time; one for the whole process."""
    return ScalarRules()


def parameter_array(coefficients: Coefficients) -> np.ndarray:
    """The parameters as compiled rules take them here, float32 [number of parameters]."""
    return np.array(tuple(coefficients), np.float32)
