"""Parameters of language, work and associations."""

from dataclasses import dataclass

from sim.parameters.declaration import parameter


@dataclass(frozen=True)
class LanguageAndWork:
    """Language and work."""

    language_newcomer: float = parameter(0.35, (0.1, 0.6), "proficiency", ("E", "design"), "L on arrival")
    language_learning: float = parameter(0.012, (0.005, 0.02), "per month", ("E", "design"), "l0")
    language_course: float = parameter(
        0.006, (0.002, 0.015), "per 10 hours", ("S", "Foged & Van der Werf: +8-9 % per 100 h"), "l_course"
    )
    job_finding: float = parameter(0.045, (0.02, 0.10), "per month", ("E", "about 80 % employed"), "h_E: finding work")
    job_finding_asylum: float = parameter(
        0.88,
        (0.7, 1.3),
        "ratio",
        ("S", "CBS: 6/19/43/47 % employed at 2/3/6/9 years"),
        "Scale of asylum migrants' finding",
    )
    job_loss: float = parameter(0.010, (0.005, 0.02), "per month", ("E", "design"), "Losing work")
    job_language_floor: float = parameter(0.7, (0.4, 1.0), "ratio", ("E", "design"), "Job finding without Dutch")
    job_support_effect: float = parameter(0.5, (0.0, 1.0), "ratio", ("E", "no estimate"), "Job support on finding work")
    job_position: float = parameter(0.25, (0.0, 0.6), "SD", ("E", "design"), "Work's part in a person's position")


@dataclass(frozen=True)
class Associations:
    """Associations."""

    joining: float = parameter(
        0.010, (0.003, 0.03), "per month", ("E", "about a third a member"), "Joining an association"
    )
    quitting: float = parameter(0.016, (0.005, 0.04), "per month", ("E", "about a third a member"), "Leaving it")
