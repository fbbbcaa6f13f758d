"""Looking for a home: a mover's own choice. Who gets a home that several want is settled by the lottery, not here."""

import numpy as np

from agents.neighbourhood import Neighbourhood
from agents.person import Person
from sim.phases.home_choice import CHOICES, MINUS_INFINITY, NO_HOME, OUTSIDE


class LooksForHome(Person):
    """The part of a resident that looks for another home."""

    def look_for_home(self) -> int:
        """Where a mover wants to live: a neighbourhood's index, -1 for outside the simulated places, -2 for staying."""
        today, here = self.model.today, self.neighbourhood
        far, where = today.rules.moving_luck(today.key, self.serial, today.month)
        if far >= today.c.moving_between:
            return self.choose_home(self.model.neighbourhoods_of(here.municipality), here)
        municipality = self.model.destination(here.municipality, where)
        if municipality == OUTSIDE:
            return int(OUTSIDE)
        return self.choose_home(self.model.neighbourhoods_of(municipality), None)

    def choose_home(self, options: list[Neighbourhood], here: Neighbourhood | None) -> int:
        """The best of up to twelve neighbourhoods that have a place free (McFadden's sampling of alternatives).

        `here` is where one moves from, None from another municipality: then distance does not count.
        """
        today, count = self.model.today, len(options)
        rules, key, serial, month = today.rules, today.key, self.serial, today.month
        best, best_utility = int(NO_HOME), MINUS_INFINITY
        for n in range(min(count, CHOICES)):
            place = options[n if count <= CHOICES else rules.choice_pick(key, serial, month, n, count)]
            if place.vacant <= 0:
                continue
            noise = rules.choice_noise(key, serial, month, n)
            utility = np.float32(self.utility_of(place, here)) + np.float32(noise)
            if utility > best_utility:
                best, best_utility = place.index, utility
        return best

    def utility_of(self, place: Neighbourhood, here: Neighbourhood | None) -> float:
        """What a home in this neighbourhood is worth to this person."""
        distance = here.distance(place) if here is not None else 0.0
        return self.model.today.rules.home_utility(
            place.group_shares[self.origin], self.position, place.position, place.vacant, distance, place.attraction,
            self.model.today.parameters,
        )  # fmt: skip
