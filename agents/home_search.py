"""Search for a home: a mover's choice. The lottery decides who gets a home that several people want."""

import numpy as np

from agents.neighbourhood import Neighbourhood
from agents.person import Person
from sim.phases.home_choice import CHOICES, MINUS_INFINITY, NO_HOME, OUTSIDE
from sim.phases.move import ATTEMPTS
from sim.rules.housing import MOST_ANSWER


class LooksForHome(Person):
    """The part of a resident that looks for another home."""

    def look_for_home(self) -> int:
        """Where a mover wants to live: a neighbourhood's index, -1 for outside the simulated ones, -2 for staying."""
        lookups, here = self.model.lookups, self.neighbourhood
        far, _, _ = lookups.rules.moving_luck(lookups.key, self.serial, lookups.month, 0)
        if far >= lookups.c.moving_between:
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
            if lookups.c.destination_vacancies == 0 or luck * MOST_ANSWER < self.model.answer(found):
                break
        return found

    def choose_home(self, options: list[Neighbourhood], here: Neighbourhood | None) -> int:
        """The best of up to twelve neighbourhoods with a vacancy (McFadden's sampling of alternatives).

        `here` is where one moves from; None from another municipality, where distance does not count.
        """
        lookups, count = self.model.lookups, len(options)
        rules, key, serial, month = lookups.rules, lookups.key, self.serial, lookups.month
        best, best_utility = int(NO_HOME), MINUS_INFINITY
        for n in range(min(count, CHOICES)):
            option = options[n if count <= CHOICES else rules.choice_pick(key, serial, month, n, count)]
            if option.vacant <= 0:
                continue
            noise = rules.choice_noise(key, serial, month, n)
            utility = np.float32(self.utility_of(option, here)) + np.float32(noise)
            if utility > best_utility:
                best, best_utility = option.index, utility
        return best

    def utility_of(self, option: Neighbourhood, here: Neighbourhood | None) -> float:
        """Utility of a home in this neighbourhood for this person."""
        distance = here.distance(option) if here is not None else 0.0
        return self.model.lookups.rules.home_utility(
            option.group_shares[self.origin],
            self.status,
            option.status,
            option.vacant,
            distance,
            option.attraction,
            self.model.lookups.parameters,
        )
