"""Parameters of what a municipality can take in: reception, schools, homes, facilities."""

from dataclasses import dataclass

from sim.parameters.declaration import parameter


@dataclass(frozen=True)
class Capacity:
    """Reception and capacity."""

    reception_departure: float = parameter(0.10, (0.0, 0.25), "share", ("E", "Foged: direction"), "rho: fewer leave")
    congestion: float = parameter(1.0, (0.0, 2.0), "exponent", ("E", "design"), "eta_A: reception under load")
    crowding: float = parameter(0.5, (0.0, 1.0), "exponent", ("E", "design"), "Facilities under load")


@dataclass(frozen=True)
class Places:
    """What exists; 0, or 1 of homes, makes capacity somewhat more than now arrive."""

    capacity_reception: float = parameter(
        12.2,
        (0.0, 40.0),
        "people a year per 1,000 residents",
        ("E", "Dutch law houses refugees by number of residents; 12.2 is 1.1 times the country's arrivals"),
        "Reception places there are; 0: 1.1 times the municipality's own arrivals",
        uncertain=False,
    )
    capacity_schools: float = parameter(
        0.05,
        (0.0, 0.2),
        "share of children",
        ("E", "no count of free seats at hand"),
        "Free seats at school; 0: for 1.2 times the municipality's own arrivals",
        uncertain=False,
    )
    capacity_homes: float = parameter(
        0.12,
        (0.02, 1.0),
        "share",
        ("E", "arrivals from abroad are about a tenth of those who find a home"),
        "Homes that fall vacant which newcomers from abroad can get",
    )
    load_expected: float = parameter(
        1.0,
        (0.0, 1.0),
        "share",
        ("E", "chance in a small number of arrivals is no load"),
        "Weight of expected arrivals, beside those of last year, in the load on capacity",
        uncertain=False,
    )
