"""Parameters of the consequences that the WRR names, and of feeling unsafe."""

from dataclasses import dataclass

from sim.parameters.declaration import parameter


@dataclass(frozen=True)
class Consequences:
    """What the WRR names as consequences: that they act at all is an assumption, and 0 lies in every range."""

    school_turnover: float = parameter(
        0.5,
        (0.0, 1.0),
        "share",
        ("E", "WRR 2020: schools as transit houses; size unknown"),
        "Meeting at school, and the effect of competence, lost per share of pupils who are new",
    )
    association_members: float = parameter(
        0.5,
        (0.0, 1.0),
        "exponent",
        ("E", "WRR 2020; Volker et al. 2007: communities need meeting places; size unknown"),
        "Associations shrink with their members",
    )
    member_ties: float = parameter(
        0.25,
        (0.0, 1.0),
        "ratio",
        ("E", "Bagnall et al. 2018: moderate evidence for places to meet; size unknown"),
        "Members make so many more ties",
    )
    tie_withdrawn: float = parameter(
        0.5,
        (0.0, 1.0),
        "share",
        ("E", "WRR 2020: withdrawal into one's own circle; size unknown"),
        "How far one who withdraws is passed over as a tie",
    )
    moving_unsafe: float = parameter(
        0.25, (0.0, 1.0), "ratio", ("E", "WRR 2020: direction; size unknown"), "Those who feel unsafe move so much more"
    )
    withdrawal_unsafe: float = parameter(
        0.2,
        (0.0, 1.0),
        "share",
        ("E", "Glas et al. 2019: fear and cohesion go together; size unknown"),
        "Those who feel unsafe withdraw so much further",
    )
    room_sharing: float = parameter(
        0.005,
        (0.0, 0.1),
        "share of dwellings",
        ("E", "no count at hand"),
        "Rooms let in existing dwellings where hardly any are vacant",
    )
    effect_crowding: float = parameter(
        0.1,
        (0.0, 0.5),
        "belonging per share",
        ("E", "no estimate"),
        "Rooms shared per dwelling, on the belonging of all",
    )


@dataclass(frozen=True)
class Unsafety:
    """Feeling unsafe."""

    unsafe_level: float = parameter(-1.6, (-3.0, 0.0), "log odds", ("E", "about 16 % feel unsafe at times"), "Level")
    unsafe_belonging: float = parameter(
        4.0, (0.0, 8.0), "log odds per belonging", ("E", "direction: WRR"), "Less at home"
    )
