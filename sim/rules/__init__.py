"""One small pure function per equation of the model, compiled; the compiled month and Mesa agents call the same ones.

All arguments and results are single precision unless a docstring says otherwise.
"""

from sim.rules.allocation import drawing_range, lottery_number
from sim.rules.associations import joining_chance
from sim.rules.belonging import belonging_target, belonging_terms, diversity_burden, next_belonging
from sim.rules.cohesion import cohesion_score
from sim.rules.housing import answer_to_vacancy, home_utility, moving_chance
from sim.rules.language import next_language
from sim.rules.leaving import departure_chance
from sim.rules.meeting import (
    common_language,
    contact_trouble,
    encounters,
    mixed_rate,
    mixed_share,
    next_contact,
    next_faces,
    own_tie_share,
    tie_chance,
)
from sim.rules.neighbourhood import (
    diversity,
    facility_supply,
    felt_diversity,
    neighbourhood_term,
    neighbourhood_terms,
    turnover,
)
from sim.rules.people import age_of, is_newcomer, is_of_working_age
from sim.rules.reception import effective_reception, permitted_share, reach
from sim.rules.withdrawal import next_withdrawal
from sim.rules.work import job_chance

__all__ = [
    "age_of",
    "answer_to_vacancy",
    "belonging_target",
    "belonging_terms",
    "cohesion_score",
    "common_language",
    "contact_trouble",
    "departure_chance",
    "diversity",
    "diversity_burden",
    "drawing_range",
    "effective_reception",
    "encounters",
    "facility_supply",
    "felt_diversity",
    "home_utility",
    "is_newcomer",
    "is_of_working_age",
    "job_chance",
    "joining_chance",
    "lottery_number",
    "mixed_rate",
    "mixed_share",
    "moving_chance",
    "next_belonging",
    "next_contact",
    "next_faces",
    "next_language",
    "next_withdrawal",
    "own_tie_share",
    "permitted_share",
    "neighbourhood_term",
    "neighbourhood_terms",
    "reach",
    "tie_chance",
    "turnover",
]
