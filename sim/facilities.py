"""Shared facilities where people meet: one record for each kind, from which every list of facilities derives.

A kind is added here, with its parameter `share_<name>` in `sim.parameters` and how its supply is known in
`scenarios.facilities`. Add at the end: the order is that of the columns of supply.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Facility:
    """A kind of facility.

    Attributes
    ----------
    name : str
    amenity : bool
        Counts as an amenity of urban life: central neighbourhoods have most; parks and schools go with suburbs.
    of_families : bool
        Used by households with children.
    of_members : bool
        People join it.
    """

    name: str
    amenity: bool = True
    of_families: bool = False
    of_members: bool = False


DECLARED = (
    Facility("shops"),
    Facility("library"),
    Facility("park", amenity=False),
    Facility("sports"),
    Facility("community_centre"),
    Facility("school", amenity=False, of_families=True),
    Facility("association", of_members=True),
)
FACILITIES = tuple(facility.name for facility in DECLARED)
FACILITY_COUNT = len(FACILITIES)  # kinds of facilities
IS_AMENITY = tuple(facility.amenity for facility in DECLARED)
OF_FAMILIES = tuple(facility.of_families for facility in DECLARED)
# Places in the list of facilities.
SCHOOL = next(at for at, facility in enumerate(DECLARED) if facility.of_families)
ASSOCIATION = next(at for at, facility in enumerate(DECLARED) if facility.of_members)
