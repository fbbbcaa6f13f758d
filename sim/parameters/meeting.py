"""Parameters of meeting: encounters in the street and at facilities, familiar faces, ties and contact."""

from dataclasses import dataclass

from sim.parameters.declaration import parameter


@dataclass(frozen=True)
class Meeting:
    """Meeting."""

    street_encounters: float = parameter(
        6,
        (2, 12),
        "encounters per month",
        ("E", "58 % weekly neighbour contact (CBS 2018) ties the sum"),
        "v0: on the street",
    )
    facility_encounters: float = parameter(
        8,
        (3, 16),
        "encounters per month",
        ("E", "Cox & Streeter 2019"),
        "v: at all facilities together, at average supply",
    )
    funding_used: float = parameter(
        0.5,
        (0.0, 1.0),
        "share",
        ("E", "Gieling et al. 2019: none for centres, schools, sports; Bagnall et al. 2018: some"),
        "Part of a change of funding that changes what people use",
    )
    share_shops: float = parameter(0.35, (0.17, 0.53), "share", ("E", "design"), "Encounters at neighbourhood shops")
    share_library: float = parameter(0.08, (0.04, 0.12), "share", ("E", "design"), "Encounters in the library")
    share_park: float = parameter(0.15, (0.07, 0.23), "share", ("E", "design"), "Encounters in parks")
    share_sports: float = parameter(0.10, (0.05, 0.15), "share", ("E", "design"), "Encounters at sports")
    share_community_centre: float = parameter(
        0.07, (0.03, 0.11), "share", ("E", "design"), "Encounters in the community centre"
    )
    share_school: float = parameter(0.20, (0.10, 0.30), "share", ("E", "design"), "Encounters at the school gate")
    share_association: float = parameter(0.05, (0.02, 0.08), "share", ("E", "design"), "Encounters in associations")
    homophily_street: float = parameter(
        0.025,
        (0.0, 1.2),
        "log odds",
        ("C", "calibrated; started from: CBS network segregation .346"),
        "eta: aversion to encounters with others",
    )
    homophily_facility: float = parameter(
        0.22,
        (0.0, 0.6),
        "log odds",
        ("C", "calibrated; started from: CBS network segregation .346"),
        "eta_f: the same at a facility",
    )
    shared_language: float = parameter(
        0.8, (0.0, 1.0), "share", ("C", "calibrated: cohesion of Amsterdam"), "Aversion a shared tongue undoes"
    )
    felt_language: float = parameter(
        0.9,
        (0.0, 1.0),
        "share",
        ("C", "calibrated: feeling at home in Amsterdam"),
        "Felt diversity a shared tongue undoes",
    )
    language_floor: float = parameter(
        0.4, (0.2, 0.7), "share", ("E", "design"), "Encounters possible without a common language"
    )
    recognition: float = parameter(
        0.19,
        (0.03, 0.2),
        "faces per encounter",
        ("C", "calibrated; started from: a design choice"),
        "alpha: learning a face",
    )
    forgetting: float = parameter(
        0.047,
        (0.005, 0.05),
        "per month",
        ("C", "calibrated; started from: a design choice"),
        "delta: forgetting a face",
    )
    local_circle: float = parameter(
        150, (80, 300), "people", ("R", "Dunbar's number"), "M: size of the circle one can know by face"
    )
    former_residents: float = parameter(
        1.0,
        (0.0, 1.0),
        "0 or 1",
        ("E", "definition"),
        "1: shares that left are of those who lived there before (faces), and of the year's mean (turnover)",
        uncertain=False,
    )


@dataclass(frozen=True)
class Ties:
    """Ties."""

    tie_formation: float = parameter(
        0.0091, (0.005, 0.05), "per month", ("C", "calibrated; started from: a design choice"), "p_T: making a tie"
    )
    tie_out_group: float = parameter(
        0.98, (0.1, 1.0), "ratio", ("C", "calibrated; started from: a design choice"), "The same with other groups"
    )
    tie_own_settings: float = parameter(
        0.109,
        (0.0, 0.3),
        "share",
        ("C", "calibrated: CBS network segregation .06 to .22 of groups with a background"),
        "h: ties that begin in settings of one's own group",
    )
    tie_decay: float = parameter(
        0.00478,
        (0.002, 0.012),
        "per month",
        ("C", "calibrated; started from: Mollenhorst: 48 % kept after 7 years"),
        "A tie ends",
    )
    tie_kept_moving: float = parameter(
        0.84, (0.0, 0.9), "share", ("C", "calibrated; started from: a design choice"), "kappa_T: ties kept on moving"
    )
    tie_saturation: float = parameter(4, (2, 8), "ties", ("E", "design"), "K0: ties for half of their effect")


@dataclass(frozen=True)
class Contact:
    """Contact."""

    contact_speed: float = parameter(0.08, (0.03, 0.2), "per month", ("E", "design"), "Moving average of contact")
    negative_contact: float = parameter(0.032, (0.02, 0.25), "share", ("E", "design"), "nu: encounters that go badly")
