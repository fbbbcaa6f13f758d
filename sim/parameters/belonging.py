"""Parameters of belonging and withdrawal."""

from dataclasses import dataclass

from sim.parameters.declaration import parameter


@dataclass(frozen=True)
class Belonging:
    """Belonging."""

    base: float = parameter(
        0.61, (0.3, 0.8), "belonging", ("C", "calibrated; started from: Veiligheidsmonitor 2021: 6.4"), "b0: level"
    )
    disposition_spread: float = parameter(0.177, (0.10, 0.18), "belonging", ("E", "design"), "SD of u")
    effect_familiarity: float = parameter(
        0.135, (0.05, 0.25), "belonging", ("C", "calibrated; started from: Sampson 1991 (mediation)"), "beta_phi"
    )
    faces_scale: float = parameter(
        9,
        (6, 60),
        "faces",
        ("C", "calibrated; started from: Volker 2007: greeting suffices; size E"),
        "F0: faces for 63 % of the effect",
    )
    effect_ties: float = parameter(
        0.03, (0.02, 0.15), "belonging", ("C", "calibrated; started from: Sampson 1991 (mediation)"), "beta_K"
    )
    effect_residence: float = parameter(
        0.045, (0.0, 0.12), "belonging", ("C", "calibrated; started from: Lewicka 2011"), "beta_tau: length of stay"
    )
    residence_scale: float = parameter(18, (18, 84), "months", ("C", "calibrated; started from: Lewicka 2011"), "tau0")
    effect_employment: float = parameter(
        0.03, (0.0, 0.08), "belonging", ("E", "income gradient Veiligheidsmonitor 2021"), "beta_E"
    )
    effect_position: float = parameter(
        0.005,
        (0.0, 0.06),
        "belonging per SD",
        ("C", "calibrated; started from: income gradient Veiligheidsmonitor 2021"),
        "beta_S: a person's own position",
    )
    effect_place_position: float = parameter(
        0.013,
        (0.0, 0.05),
        "belonging per SD",
        ("C", "calibrated; started from: Tolsma et al. 2009"),
        "beta_N: the neighbourhood's position",
    )
    effect_municipality_position: float = parameter(
        0.01,
        (0.0, 0.08),
        "belonging per SD",
        ("C", "calibrated: cohesion of 21 municipalities, where status counts more than within a city"),
        "beta_M: the municipality's position",
    )
    effect_language: float = parameter(
        0.02, (0.0, 0.08), "belonging", ("C", "calibrated; started from: a design choice"), "beta_L"
    )
    effect_reception: float = parameter(
        0.03, (0.0, 0.06), "belonging", ("E", "no causal estimate exists"), "beta_R: reception, newcomers only"
    )
    effect_amenities: float = parameter(
        0.095,
        (0.0, 0.15),
        "belonging",
        ("C", "calibrated; started from: Amsterdam: lively central places do well"),
        "Facilities within reach",
    )
    amenities_funded: float = parameter(
        0.1,
        (0.0, 0.5),
        "share",
        ("E", "Gieling et al. 2019: none for centres, schools, sports; Bagnall et al. 2018: some"),
        "What a change of facilities adds to belonging by itself, of the effect of those at the start",
    )
    effect_diversity: float = parameter(
        0.19, (0.0, 0.25), "belonging", ("C", "calibrated; started from: own estimate: -.16 to -.19 in all"), "beta_D"
    )
    diversity_migrants: float = parameter(
        0.935,
        (0.2, 1.0),
        "ratio",
        ("C", "calibrated; started from: CBS 2006 about 1/3; Glas about 1"),
        "mu: the same for people with a background",
    )
    contact_buffer: float = parameter(
        0.1, (0.0, 0.8), "share", ("C", "calibrated; started from: Pettigrew & Tropp 2006"), "gamma: contact softens"
    )
    effect_turnover: float = parameter(
        0.01,
        (0.0, 0.30),
        "belonging per 1/year",
        ("C", "calibrated; started from: WRR 2020: direction"),
        "beta_V: direct; most is mediated",
    )
    effect_anonymity: float = parameter(
        0.105,
        (0.0, 0.25),
        "belonging",
        ("C", "calibrated; started from: urban gradient Veiligheidsmonitor 2021"),
        "beta_A: anonymity of town life",
    )
    adjustment: float = parameter(0.08, (0.03, 0.15), "per month", ("E", "design"), "kappa: speed of belonging")
    noise: float = parameter(0.015, (0.0, 0.03), "belonging", ("E", "design"), "sigma: monthly noise")
    home_threshold: float = parameter(
        0.60,
        (0.5, 0.7),
        "belonging",
        ("S", "Veiligheidsmonitor 2021: 64.5 % at home at mean .64"),
        "Feels at home from here",
        uncertain=False,
    )
    home_mark: float = parameter(
        0.18,
        (0.0, 0.3),
        "belonging",
        ("C", "calibrated: marks out of ten for feeling at home, Amsterdam"),
        "How far a mark for feeling at home in the neighbourhood, over ten, lies above belonging",
        uncertain=False,
    )
    newcomer_start: float = parameter(
        0.55, (0.2, 0.7), "belonging", ("C", "calibrated; started from: a design choice"), "Belonging on arrival"
    )


@dataclass(frozen=True)
class Withdrawal:
    """Withdrawal."""

    withdrawal_speed: float = parameter(0.05, (0.02, 0.1), "per month", ("E", "design"), "kappa_w")
    withdrawal_highest: float = parameter(0.6, (0.0, 0.8), "share of activity", ("E", "design"), "w_max")
    withdrawal_threshold: float = parameter(0.45, (0.35, 0.5), "belonging", ("E", "design"), "theta_b")
    withdrawal_slope: float = parameter(0.07, (0.04, 0.12), "belonging", ("E", "design"), "s_w")
