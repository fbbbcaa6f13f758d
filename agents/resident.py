"""The month of one resident, step by step: a readable specification of the model, and where to try other behaviour.

Each method is one step of the month and changes only the resident's own state. The rules it calls are the equations of
`sim.rules`; the `agents` driver and the compiled one give the same result to the bit. A researcher who wants other
behaviour overrides a method in a subclass and passes the class to `CohesionModel(established=..., transient=...)`; see
docs/own_behaviour.md. `make_acquaintance`, which writes the rows of two people, is called after all other steps.
"""

from typing import Any

import numpy as np

from agents.home_search import LooksForHome
from scenarios.errors import InputError
from sim.machine.arithmetic import HALF, ONE
from sim.motives import ASYLUM, NO_MOTIVE
from sim.phases.life_events import (
    ASYLUM_MONTHS,
    BIRTH_FROM,
    LEAVE_FROM,
    MEMBER_FROM,
    MOVE_FROM,
    RETIRE,
    TIE_FROM,
)
from sim.population import DIE, EMIGRATE, GIVE_BIRTH, MOVE, NOBODY, NOTHING, PAIR, SEEKS_TIE
from sim.rules.associations import JOINING_FROM
from sim.rules.belonging import person_state
from sim.rules.leaving import TWELFTH
from sim.rules.people import OLDEST, WORKING_FROM, WORKING_UNTIL

MOST_PURPOSES = 1_000_000


class Resident(LooksForHome):
    """Someone who lives in a neighbourhood: established or a newcomer from abroad."""

    luck: tuple[float, float, float, float]

    def step(self) -> None:
        """The steps of the month that concern this resident alone; ties and moves follow."""
        lookups = self.model.lookups
        self.luck = lookups.rules.luck(lookups.key, self.serial, lookups.month)
        self.meet()
        self.keep_ties()
        self.belong()
        self.withdraw()
        self.learn_language()
        self.decide()
        self.settle_in()
        self.seek_tie()
        self.seek_partner()

    def chance(self, purpose: int) -> float:
        """Uniform number in [0, 1) for own behaviour: one for each person, month and purpose.

        Parameters
        ----------
        purpose : int
            0 to 999,999: which of the own draws this is. The same purpose in the same month gives the same number.

        Raises
        ------
        InputError
        """
        if not isinstance(purpose, int) or not 0 <= purpose < MOST_PURPOSES:
            raise InputError(f"chance({purpose!r}): a purpose is a whole number (allowed: 0 to {MOST_PURPOSES - 1:,})")
        lookups = self.model.lookups
        return float(lookups.rules.chance(lookups.key, self.serial, lookups.month, purpose))

    def meet(self) -> None:
        """Update familiar faces and contact from encounters with the own group and with others."""
        lookups, neighbourhood, group = self.model.lookups, self.neighbourhood, self.origin
        rules, c = lookups.rules, lookups.c
        spoken = rules.common_language(self.language, neighbourhood.language_of_others[group], c.language_floor)
        own = rules.encounters(self.withdrawal, neighbourhood.met_own[group], 1.0)
        other = rules.encounters(self.withdrawal, neighbourhood.met_other[group], spoken)
        self.faces_own = rules.next_faces(
            self.faces_own, own, neighbourhood.left_own[group], c.forgetting, c.recognition, c.local_circle
        )
        self.faces_other = rules.next_faces(
            self.faces_other, other, neighbourhood.left_other[group], c.forgetting, c.recognition, c.local_circle
        )
        self.contact = rules.next_contact(self.contact, own, other, neighbourhood.bad_contact, c.contact_speed)

    def keep_ties(self) -> None:
        """End ties whose time is over; follow a partner who moved, or lose the tie."""
        lookups = self.model.lookups
        if self.tie_news or self.tie_end <= lookups.month:
            lookups.rules.update_ties(self.own_row, lookups.state)

    def belong(self) -> None:
        """Move belonging towards its target, which faces, ties, residence, work, language and others make."""
        lookups, neighbourhood = self.model.lookups, self.neighbourhood
        rules, c = lookups.rules, lookups.c
        weight = 1.0 if self.origin == 0 else c.diversity_migrants
        burden = rules.diversity_burden(neighbourhood.felt_diversity, self.contact, weight, c.contact_buffer)
        person = person_state(
            self.disposition,
            self.familiar_faces,
            self.tie_count,
            self.months_here,
            self.employed,
            self.status,
            self.language,
            self.reception(),
        )
        target = rules.belonging_target(person, neighbourhood.common, burden, lookups.parameters)
        self.belonging = rules.next_belonging(self.belonging, target, self.luck[0], c.adjustment, c.noise)

    def withdraw(self) -> None:
        """Withdraw more into the own circle when feeling less at home."""
        lookups = self.model.lookups
        self.withdrawal = lookups.rules.next_withdrawal(self.withdrawal, self.belonging, lookups.parameters)
        if lookups.c.withdrawal_unsafe > 0:
            self.withdrawal = lookups.rules.withdraw_unsafe(self.withdrawal, self.belonging, lookups.parameters)

    def learn_language(self) -> None:
        """Learn Dutch from contact and courses."""
        lookups = self.model.lookups
        self.language = lookups.rules.next_language(
            self.language, self.contact, self.course_hours(), lookups.parameters
        )

    def decide(self) -> None:
        """Draw at most one of: death, having a child, moving house, leaving the country, each a part of one draw."""
        lookups, luck, age = self.model.lookups, self.luck[1], min(self.age, OLDEST)
        event = NOTHING
        if luck < BIRTH_FROM:
            if luck < lookups.death[age]:
                event = DIE
        elif luck < MOVE_FROM:
            if luck - BIRTH_FROM < self.chance_of_child(age):
                event = GIVE_BIRTH
        elif luck < LEAVE_FROM:
            if luck - MOVE_FROM < self.chance_to_move(lookups.move[age]):
                event = MOVE
        elif self.decides_on_leaving and luck - LEAVE_FROM < self.chance_to_leave():
            event = EMIGRATE
        self.intention = event

    @property
    def decides_on_leaving(self) -> bool:
        """Whether the person decides on leaving the country: partners and minors follow the head of the household."""
        lookups = self.model.lookups
        return not self.in_household or lookups.rules.may_depart(self.row, min(self.age, OLDEST), lookups.state)

    def chance_of_child(self, age: int) -> float:
        """This month's chance of a child."""
        lookups = self.model.lookups
        if self.in_household:
            return lookups.rules.birth_in_role(self.row, self.neighbourhood.index, age, lookups.state)
        return lookups.birth[age]

    def chance_to_move(self, by_age: float) -> float:
        """This month's chance to move house."""
        lookups = self.model.lookups
        chance = lookups.rules.moving_chance(
            by_age, self.months_here, self.belonging, self.neighbourhood.mobility, lookups.parameters
        )
        if self.in_household:
            return lookups.rules.moving_in_role(chance, self.row, min(self.age, OLDEST), lookups.state)
        return chance

    def chance_to_leave(self) -> float:
        """This month's chance to leave the country: the mover's hazard of the motive; small for people born here."""
        lookups, motive = self.model.lookups, self.motive_index
        if not self.born_abroad or motive == NO_MOTIVE:
            chance = lookups.c.emigration_natives * TWELFTH
        elif self.stayer:
            chance = 0.0
        else:
            chance = lookups.rules.departure_chance(
                lookups.leave[motive],
                self.language,
                self.employed,
                self.belonging,
                self.reception(),
                lookups.parameters,
            )
        return lookups.rules.leaving_in_role(chance, self.row, lookups.state) if self.in_household else chance

    def settle_in(self) -> None:
        """Find or lose work, or join or leave an association."""
        luck = self.luck[3]
        if luck < MEMBER_FROM:
            if luck < self.work_chance():
                self.change_work()
        elif luck - MEMBER_FROM < self.member_chance():
            self.member = not self.member

    def work_chance(self) -> Any:
        """This month's chance to lose work, or else to find it."""
        lookups, neighbourhood = self.model.lookups, self.neighbourhood
        of_age = WORKING_FROM <= self.age < WORKING_UNTIL
        if self.employed:
            return lookups.c.job_loss * neighbourhood.job_kept if of_age else RETIRE
        if not of_age:
            return 0.0
        finding = lookups.c.job_finding
        since = lookups.month - self.arrived
        if self.motive_index == ASYLUM and since < ASYLUM_MONTHS:
            finding = lookups.finding_asylum[max(since, 0) // 12]
        return lookups.rules.job_chance(
            finding,
            self.language,
            lookups.discrimination[self.origin],
            neighbourhood.enforcement,
            self.job_support(),
            lookups.parameters,
        )

    def change_work(self) -> None:
        """Start or stop working; socio-economic status rises or falls with it."""
        step = self.model.lookups.c.job_position
        self.status += -step if self.employed else step
        self.employed = not self.employed

    def member_chance(self) -> float:
        """This month's chance to leave the association, or else to join one."""
        c = self.model.lookups.c
        if self.member:
            return c.quitting
        if self.age < JOINING_FROM:
            return 0.0
        lookups = self.model.lookups
        return lookups.rules.joining_chance(self.neighbourhood.associations, self.belonging, lookups.parameters)

    def seek_tie(self) -> None:
        """Seek a personal tie now and then among familiar faces, above all of the own group."""
        lookups, luck = self.model.lookups, self.luck[2]
        c = lookups.c
        formation = lookups.rules.tie_formation_of(c.tie_formation, c.member_ties, self.member)
        chance = lookups.rules.tie_chance(self.faces_own, self.faces_other, formation, c.tie_out_group, c.local_circle)
        if luck >= TIE_FROM and luck - TIE_FROM < HALF * chance:
            self.intention |= SEEKS_TIE

    def seek_partner(self) -> None:
        """Look for a partner to live with: those who have none and to whom nothing else happens this month."""
        lookups, luck = self.model.lookups, np.float32(self.luck[2])
        if self.in_household and self.intention == NOTHING:
            chance = lookups.rules.pairing_in_role(self.row, min(self.age, OLDEST), lookups.state)
            if ONE - luck < chance:
                self.intention = PAIR

    def make_acquaintance(self) -> None:
        """Make the tie that was sought, if a partner is found: one resident after the other, since two rows change."""
        lookups, neighbourhood = self.model.lookups, self.neighbourhood
        self.intention &= ~SEEKS_TIE
        lookups.rules.form_tie_alone(self.own_row, neighbourhood.index, lookups.month, lookups.state)

    def leave(self) -> None:
        """Die or leave the country, with those who follow the head: partners are notified, dwellings fall vacant."""
        lookups = self.model.lookups
        if self.in_household:
            lookups.rules.leave_in_household(self.own_row, self.neighbourhood.index, lookups.state)
            return
        lookups.rules.tell_partners(self.own_row, lookups.state)
        lookups.rules.vacate(self.own_row, NOBODY, lookups.state)

    def reception(self) -> float:
        """R, the share of reception that reaches this person."""
        return 0.0

    def course_hours(self) -> float:
        """Hours of Dutch lessons this month."""
        return 0.0

    def job_support(self) -> float:
        """Help in finding work."""
        return 0.0


class EstablishedResident(Resident):
    """Born here, or in the country for five years or more; with or without a migration background."""


class TransientMigrant(Resident):
    """Came from abroad less than five years ago: for them there is reception. Who stays becomes established."""

    def reception(self) -> float:
        """R, the share of reception that reaches this person, by motive."""
        return self.neighbourhood.reception[self.motive_index]

    def course_hours(self) -> float:
        """Hours of Dutch lessons this month, by motive."""
        return self.neighbourhood.course_hours[self.motive_index]

    def job_support(self) -> float:
        """Help in finding work, from policy."""
        return self.neighbourhood.job_support * self.model.lookups.c.job_support_effect
