"""One small pure function per equation of the model, compiled; the compiled month and Mesa agents call the same ones.

All arguments and results are single precision unless a docstring says otherwise.
"""

from sim.rules.allocation import drawing_range, lottery_number
from sim.rules.associations import association_size, joining_chance
from sim.rules.belonging import belonging_target, belonging_terms, diversity_burden, next_belonging
from sim.rules.cohesion import cohesion_score
from sim.rules.households import (
    answer_to_fit,
    dwelling_fit,
    dwelling_kind,
    leaving_as_role,
    leaving_municipality,
    local_births,
    moving_as_role,
    pairing_chance,
    separation_chance,
)
from sim.rules.housing import (
    answer_to_vacancy,
    home_utility,
    moving_chance,
    own_group_term,
    sampling_correction,
    vacancy_term,
)
from sim.rules.language import next_language
from sim.rules.leaving import departure_chance
from sim.rules.meeting import (
    chosen_share,
    common_language,
    contact_trouble,
    encounters,
    mixed_rate,
    mixed_share,
    next_contact,
    next_faces,
    own_tie_share,
    tie_chance,
    tie_formation_of,
)
from sim.rules.neighbourhood import (
    diversity,
    exposed,
    facility_supply,
    felt_amenities,
    felt_diversity,
    funding_in_use,
    neighbourhood_term,
    neighbourhood_terms,
    school_stability,
    status_term,
    turnover,
)
from sim.rules.people import age_of, is_newcomer, is_of_working_age
from sim.rules.reception import arrivals_that_count, effective_reception, permitted_share, reach
from sim.rules.safety import feels_unsafe, withdraw_unsafe
from sim.rules.withdrawal import next_withdrawal
from sim.rules.work import job_chance

__all__ = [
    "age_of",
    "answer_to_fit",
    "answer_to_vacancy",
    "arrivals_that_count",
    "association_size",
    "belonging_target",
    "belonging_terms",
    "chosen_share",
    "cohesion_score",
    "common_language",
    "contact_trouble",
    "departure_chance",
    "diversity",
    "diversity_burden",
    "drawing_range",
    "dwelling_fit",
    "dwelling_kind",
    "effective_reception",
    "encounters",
    "exposed",
    "facility_supply",
    "feels_unsafe",
    "felt_amenities",
    "felt_diversity",
    "funding_in_use",
    "home_utility",
    "is_newcomer",
    "is_of_working_age",
    "job_chance",
    "joining_chance",
    "leaving_as_role",
    "leaving_municipality",
    "local_births",
    "lottery_number",
    "mixed_rate",
    "mixed_share",
    "moving_as_role",
    "moving_chance",
    "neighbourhood_term",
    "neighbourhood_terms",
    "next_belonging",
    "next_contact",
    "next_faces",
    "next_language",
    "next_withdrawal",
    "own_group_term",
    "own_tie_share",
    "pairing_chance",
    "permitted_share",
    "reach",
    "sampling_correction",
    "school_stability",
    "separation_chance",
    "status_term",
    "tie_chance",
    "tie_formation_of",
    "turnover",
    "vacancy_term",
    "withdraw_unsafe",
]
