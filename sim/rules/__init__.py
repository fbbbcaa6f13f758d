"""One small pure function per equation of the model, compiled; the compiled month and Mesa agents call the same ones.

All arguments and results are single precision unless a docstring says otherwise.
"""

from sim.rules.belonging import belonging_target, diversity_burden, next_belonging
from sim.rules.cohesion import cohesion_score
from sim.rules.housing import answer_to_vacancy, home_utility, moving_chance
from sim.rules.language import next_language
from sim.rules.leaving import departure_chance
from sim.rules.meeting import common_language, encounters, next_contact, next_faces, own_tie_share, tie_chance
from sim.rules.reception import effective_reception, permitted_share, reach
from sim.rules.withdrawal import next_withdrawal
from sim.rules.work import job_chance

__all__ = [
    "answer_to_vacancy",
    "belonging_target",
    "cohesion_score",
    "common_language",
    "departure_chance",
    "diversity_burden",
    "effective_reception",
    "encounters",
    "home_utility",
    "job_chance",
    "moving_chance",
    "next_belonging",
    "next_contact",
    "next_faces",
    "next_language",
    "next_withdrawal",
    "own_tie_share",
    "permitted_share",
    "reach",
    "tie_chance",
]
