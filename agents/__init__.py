"""The model as Mesa agents: a live view of the same world the engine computes.

from agents import CohesionModel
model = CohesionModel("vaals", scale=10)
model.run_for(12)
model.agents.groupby(type).count()
"""

from agents.model import CohesionModel
from agents.neighbourhood import Neighbourhood
from agents.networks import neighbourhood_map, social_network
from agents.resident import EstablishedResident, Resident, TransientMigrant

__all__ = [
    "CohesionModel",
    "Resident",
    "EstablishedResident",
    "TransientMigrant",
    "Neighbourhood",
    "social_network",
    "neighbourhood_map",
]
