"""Search for a home: a mover's choice. The lottery decides who gets a home that several people want."""

from bisect import insort

import numpy as np

from agents.neighbourhood import Neighbourhood
from agents.person import Person
from sim.phases.destinations import ATTEMPTS
from sim.phases.home_choice import CHOICES, MINUS_INFINITY, NO_HOME, OUTSIDE
from sim.rules.housing import MOST_ANSWER
from sim.workspace import LANES


class LooksForHome(Person):
    """The part of a resident that looks for another home."""

    def look_for_home(self) -> int:
        """Where a mover wants to live: a neighbourhood's index, -1 for outside the simulated ones, -2 for staying."""
        lookups, here = self.model.lookups, self.neighbourhood
        far, _, _ = lookups.rules.moving_luck(lookups.key, self.serial, lookups.month, 0)
        if far >= lookups.rules.share_moving_between(here.municipality, self.looks_for, lookups.state):
            return self.choose_home(self.model.neighbourhoods_of(here.municipality), here)
        municipality = self.choose_municipality()
        if municipality == OUTSIDE:
            return int(OUTSIDE)
        return self.choose_home(self.model.neighbourhoods_of(municipality), None)

    def choose_municipality(self) -> int:
        """The municipality someone goes to who leaves this one, -1 outside; one with few homes empty is passed over."""
        lookups, found = self.model.lookups, int(OUTSIDE)
        for attempt in range(ATTEMPTS):
            _, where, luck = lookups.rules.moving_luck(lookups.key, self.serial, lookups.month, attempt)
            found = self.model.destination(self.neighbourhood.municipality, self.origin, where)
            ready = lookups.c.destination_vacancies == 0 and not self.in_household
            if ready or luck * MOST_ANSWER < self.model.answer(found, self.looks_for):
                break
        return found

    def choose_home(self, options: list[Neighbourhood], here: Neighbourhood | None) -> int:
        """The best of the neighbourhoods compared that have a vacancy (McFadden's sampling of alternatives).

        `here` is where one moves from; None from another municipality, where distance does not count.
        """
        lookups = self.model.lookups
        rules, key, serial, month = lookups.rules, lookups.key, self.serial, lookups.month
        best, best_utility = int(NO_HOME), MINUS_INFINITY
        compared = self.near_and_drawn if lookups.c.choice_near >= 0.5 else self.drawn
        for n, (place, correction) in enumerate(compared(len(options), here)):
            option = options[place]
            if option.vacant <= 0:
                continue
            noise = rules.choice_noise(key, serial, month, n)
            utility = np.float32(self.utility_of(option, here, correction)) + np.float32(noise)
            if utility > best_utility:
                best, best_utility = option.index, utility
        return best

    def drawn(self, count: int, here: Neighbourhood | None) -> list[tuple[int, float]]:
        """Which of `count` neighbourhoods are compared: all up to twelve, or twelve by chance; none is corrected."""
        if count <= CHOICES:
            return [(n, 0.0) for n in range(count)]
        lookups = self.model.lookups
        pick = lookups.rules.choice_pick
        return [(pick(lookups.key, self.serial, lookups.month, n, count), 0.0) for n in range(CHOICES)]

    def near_and_drawn(self, count: int, here: Neighbourhood | None) -> list[tuple[int, float]]:
        """Which of `count` are compared: all up to sixteen, or the own and bordering ones and others by chance.

        With each stands its correction: one that was drawn stands for others that were not.
        """
        if count <= LANES:
            return [(n, 0.0) for n in range(count)]
        lookups = self.model.lookups
        taken = list(here.near) if here is not None else []
        found = [(place, 0.0) for place in taken]
        correction = lookups.rules.sampling_correction(count - len(taken), LANES - len(taken))
        for n in range(len(taken), LANES):
            place = lookups.rules.choice_pick(lookups.key, self.serial, lookups.month, n, count - n)
            for other in taken:  # in ascending order
                place += place >= other
            insort(taken, place)
            found.append((place, correction))
        return found

    @property
    def in_household(self) -> bool:
        """Whether people live in households; everyone lives alone otherwise."""
        return bool(self.model.lookups.c.households >= 0.5)

    @property
    def looks_for(self) -> int:
        """The kind of dwelling looked for: 0 of one person, 1 of others without children, 2 of families."""
        lookups = self.model.lookups
        return lookups.rules.looks_for(self.row, lookups.state) if self.in_household else 0

    def fit_of(self, option: Neighbourhood) -> np.float32:
        """What dwellings of the kind that one looks for add to the utility of a neighbourhood."""
        if not self.in_household:
            return np.float32(0)
        return np.float32(option.dwelling_fit[self.looks_for])

    def utility_of(self, option: Neighbourhood, here: Neighbourhood | None, correction: float = 0.0) -> float:
        """Utility of a home in this neighbourhood for this person."""
        distance = here.distance(option) if here is not None else 0.0
        return self.model.lookups.rules.home_utility(
            option.group_shares[self.origin],
            abs(np.float32(self.status) - np.float32(option.status)),
            option.vacant,
            distance,
            option.attraction + self.fit_of(option) + np.float32(correction),
            self.model.lookups.parameters,
        )
