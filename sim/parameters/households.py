"""Parameters of households: couples, children, dwellings of their kind."""

from dataclasses import dataclass

from sim.parameters.declaration import parameter


@dataclass(frozen=True)
class Households:
    """Households."""

    households: float = parameter(
        1.0,
        (0.0, 1.0),
        "share",
        ("E", "a switch: from a half on people live in households, below it everyone moves and leaves alone"),
        "Whether people live, move, arrive and leave in households",
        uncertain=False,
    )
    separation: float = parameter(
        0.022,
        (0.0, 0.06),
        "per year",
        ("R", "CBS 2017: some 95,000 of 4.2 million couples"),
        "Couples who part",
        uncertain=False,
    )
    partnering: float = parameter(
        0.081,
        (0.0, 0.6),
        "per year",
        ("C", "calibrated: kinds of households 2023 (CBS)"),
        "Looking for a partner",
        uncertain=False,
    )
    leaving_home: float = parameter(
        0.47,
        (0.3, 2.0),
        "ratio",
        ("C", "calibrated: kinds of households 2023; started from: CBS 2019: half leave home by 23.5"),
        "Moves of adult children over those of their age",
        uncertain=False,
    )
    moving_family: float = parameter(
        0.8,
        (0.4, 1.0),
        "ratio",
        ("E", "Feijten & Mulder 2002: families settle; size chosen"),
        "Moves of families with children",
        uncertain=False,
    )
    choice_dwelling: float = parameter(
        1.3,
        (0.0, 3.0),
        "exponent",
        ("C", "calibrated: kinds of households 2023; dwellings are let again to the kind they held"),
        "Households choose where dwellings of their kind are",
        uncertain=False,
    )
    choice_dwelling_free: float = parameter(
        2.6,
        (0.0, 5.0),
        "exponent",
        ("C", "calibrated: kinds of households 2023; a dwelling falls free to those whom it suits"),
        "Households choose where fewer of their kind live than dwellings suit",
        uncertain=False,
    )
    departure_family: float = parameter(
        0.95,
        (0.2, 1.0),
        "ratio",
        ("E", "rates by motive hold those with family too; Bijwaard 2010: with family fewer return"),
        "Leaving the country with a partner or children",
        uncertain=False,
    )
    fertility_local: float = parameter(
        0.77,
        (0.0, 1.0),
        "exponent",
        ("C", "calibrated: change 2017 to 2024; families stay larger in some municipalities (CBS: births per woman)"),
        "Births follow the children whom a municipality has",
        uncertain=False,
    )
