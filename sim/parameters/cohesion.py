"""Parameters of cohesion."""

from dataclasses import dataclass

from sim.parameters.declaration import parameter


@dataclass(frozen=True)
class Cohesion:
    """Cohesion, the second construct: four statements of the Veiligheidsmonitor."""

    cohesion_faces: float = parameter(
        6,
        (5, 60),
        "faces",
        ("C", "calibrated; started from: Veiligheidsmonitor 2021: 78 % disagree that people hardly know each other"),
        "Faces for knowing each other",
    )
    cohesion_ties: float = parameter(
        6,
        (0.5, 6),
        "ties",
        ("C", "calibrated; started from: Veiligheidsmonitor 2021: 60 % cosy, help each other"),
        "Ties for helping",
    )
    cohesion_harmony: float = parameter(
        4.75,
        (0.0, 6.0),
        "ratio",
        ("C", "calibrated; started from: Veiligheidsmonitor 2021: 76 % get along"),
        "How far trouble in contact lowers getting along",
    )
