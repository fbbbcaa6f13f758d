"""Parameters of births, deaths, dwellings and arrivals."""

from dataclasses import dataclass

from sim.parameters.declaration import parameter


@dataclass(frozen=True)
class Demography:
    """Demography and housing."""

    group_ages: float = parameter(
        1.0,
        (0.0, 1.0),
        "exponent",
        ("R", "CBS 37325: ages by background; 1: as in the country"),
        "Differences in age between origin groups at the start",
        uncertain=False,
    )
    fertility: float = parameter(
        0.925,
        (0.6, 1.4),
        "ratio",
        ("C", "calibrated: births of 2017 to 2023 (CBS); the shape by age is recalled"),
        "Scale of births by age",
    )
    mortality: float = parameter(
        0.926,
        (0.8, 1.2),
        "ratio",
        ("C", "calibrated: deaths of 2017 to 2023 (CBS); Gompertz through three recalled figures"),
        "Scale of deaths by age",
    )
    vacancy: float = parameter(
        0.05, (0.02, 0.12), "share of dwellings", ("E", "2-3 % of dwellings, and spare rooms"), "Vacancy"
    )
    vacancy_response: float = parameter(
        1.0, (0.0, 2.0), "elasticity", ("E", "homes that fall vacant are let (Wheaton 1990)"), "Domestic arrivals"
    )


@dataclass(frozen=True)
class Growth:
    """New dwellings and arrivals."""

    building: float = parameter(0.006, (0.0, 0.03), "per year", ("S", "CBS: growth of the population"), "New dwellings")
    arrivals_scale: float = parameter(
        1.0, (0.0, 3.0), "ratio", ("S", "CBS: 191 thousand in 2018"), "Arrivals from abroad"
    )
