"""Parameters of leaving the country."""

from dataclasses import dataclass

from sim.parameters.declaration import parameter

CBS_2025 = "CBS 14-07-2025, Vertrokken immigranten; fit of the mover-stayer model"


@dataclass(frozen=True)
class Leaving:
    """Leaving the country (mover-stayer by motive)."""

    stay_labour_eu: float = parameter(
        0.3, (0.28, 0.43), "share", ("C", f"calibrated; started from: {CBS_2025}"), "pi: stayers, labour EU"
    )
    stay_knowledge: float = parameter(0.214, (0.14, 0.29), "share", ("S", CBS_2025), "pi: stayers, knowledge workers")
    stay_study: float = parameter(
        0.17,
        (0.10, 0.30),
        "share",
        ("C", "calibrated; started from: Nuffic stay rate about 25 %"),
        "pi: stayers, study",
    )
    stay_family: float = parameter(
        0.50, (0.40, 0.60), "share", ("S", "CBS jaarrapport integratie"), "pi: stayers, family"
    )
    stay_asylum: float = parameter(
        0.62, (0.50, 0.70), "share", ("C", "calibrated; started from: WODC Cahier 2019-13"), "pi: stayers, asylum"
    )
    stay_other_eu: float = parameter(
        0.27, (0.25, 0.42), "share", ("C", f"calibrated; started from: {CBS_2025}"), "pi: stayers, other EU"
    )
    leave_labour_eu: float = parameter(
        0.62, (0.30, 0.65), "per year", ("C", f"calibrated; started from: {CBS_2025}"), "lambda: movers, labour EU"
    )
    leave_knowledge: float = parameter(
        0.411, (0.27, 0.60), "per year", ("S", CBS_2025), "lambda: movers, knowledge workers"
    )
    leave_study: float = parameter(0.45, (0.30, 0.65), "per year", ("R", "Nuffic"), "lambda: movers, study")
    leave_family: float = parameter(
        0.17, (0.10, 0.25), "per year", ("C", "calibrated; started from: CBS jaarrapport integratie"), "lambda: family"
    )
    leave_asylum: float = parameter(0.20, (0.13, 0.30), "per year", ("S", "WODC Cahier 2019-13"), "lambda: asylum")
    leave_other_eu: float = parameter(
        0.7, (0.33, 0.75), "per year", ("C", f"calibrated; started from: {CBS_2025}"), "lambda: movers, other EU"
    )
    departure_language: float = parameter(
        0.3, (0.0, 1.0), "log odds", ("S", "direction: CBS 2025, Snel 2015"), "theta_L"
    )
    departure_work: float = parameter(0.25, (0.0, 1.0), "log odds", ("S", "direction: CBS 2025"), "theta_P: with work")
    departure_belonging: float = parameter(0.5, (0.0, 1.0), "log odds", ("S", "direction: Snel 2015"), "theta_b")
    emigration_natives: float = parameter(
        0.0024,
        (0.001, 0.008),
        "per year",
        ("C", "calibrated: emigration 2017 to 2023 (CBS), children who leave with their parents apart"),
        "Leaving, born here",
    )
