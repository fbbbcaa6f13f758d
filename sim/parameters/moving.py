"""Parameters of moving house: who moves, and where to."""

from dataclasses import dataclass

from sim.parameters.declaration import parameter


@dataclass(frozen=True)
class Moving:
    """Moving house."""

    moving_scale: float = parameter(
        1.45,
        (0.6, 2.0),
        "ratio",
        ("C", "calibrated; started from: CBS 9.7 % a year"),
        "Scale of the moving rate by age",
    )
    moving_belonging: float = parameter(2.3, (0.0, 4.0), "log odds", ("E", "design"), "theta_m")
    moving_recent: float = parameter(
        0.5,
        (0.0, 3.0),
        "ratio",
        ("C", "calibrated; started from: duration dependence"),
        "Extra moving just after a move",
    )
    moving_recent_scale: float = parameter(24, (6, 60), "months", ("E", "duration dependence"), "How long that lasts")
    moving_between: float = parameter(
        0.40, (0.25, 0.55), "share", ("R", "CBS: about 0.7 of 1.7 million"), "Moves to another municipality"
    )
    choice_own_group: float = parameter(
        1.05,
        (0.0, 2.0),
        "utility per log",
        ("C", "calibrated: change 2017 to 2024 (odd codes), and SF17; started from: Zuccotti 2023: weak"),
        "Own-group share",
    )
    choice_position: float = parameter(
        1.0, (0.3, 2.0), "utility per SD", ("S", "Zuccotti 2023: at least as strong"), "SES"
    )
    choice_vacancies: float = parameter(
        0.52,
        (0.2, 1.0),
        "utility per log",
        ("C", "calibrated: change 2017 to 2024 (odd codes), set below its mean"),
        "Vacant dwellings",
    )
    choice_distance: float = parameter(
        0.15, (0.0, 0.5), "utility per km", ("E", "design"), "Distance, within a municipality"
    )
    choice_near: float = parameter(
        1.0,
        (0.0, 1.0),
        "0 or 1",
        ("E", "McFadden 1978: sampling of alternatives"),
        "Half and more: movers always compare their own and bordering neighbourhoods",
        uncertain=False,
    )
    distance_scale: float = parameter(35, (10, 80), "km", ("E", "gravity of moves"), "Distance between municipalities")
    destination_own_group: float = parameter(
        1.38,
        (0.0, 2.0),
        "exponent",
        ("C", "calibrated: change 2017 to 2024, municipalities with odd codes; 1: a group goes where it lives"),
        "Own-group share in the choice of a municipality",
    )
    destination_vacancies: float = parameter(
        1.8,
        (0.0, 2.0),
        "elasticity",
        ("C", "calibrated: change 2017 to 2024, municipalities with odd codes; started from: Wheaton 1990"),
        "Moves to where homes are",
    )
