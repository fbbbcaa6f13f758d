"""The parameters of the model, declared once; configuration, range checks, sensitivity and reference derive from it.

Sources are those of the evidence file (section 5.3 and the studies it names). E marks a design choice: it has a range
and is part of every sensitivity analysis. "Calibrated" defaults are the result of the study in
docs/calibration.md; the source named after it gave the starting value and the range.
"""

from collections import namedtuple
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import Any

import numpy as np

from sim.parameter import ParameterError, check_range, describe, parameter

CBS_2025 = "CBS 14-07-2025, Vertrokken immigranten; fit of the mover-stayer model"


@dataclass(frozen=True)
class Parameters:
    """Every number of the model with its default; `describe(Parameters)` tells unit, range, source and certainty."""

    # Meeting
    street_encounters: float = parameter(
        6,
        2,
        12,
        "encounters per month",
        "E",
        "58 % weekly neighbour contact (CBS 2018) ties the sum",
        "v0: on the street",
    )
    facility_encounters: float = parameter(
        8, 3, 16, "encounters per month", "E", "Cox & Streeter 2019", "v: at all facilities together, at average supply"
    )
    funding_used: float = parameter(
        0.5,
        0.0,
        1.0,
        "share",
        "E",
        "Gieling et al. 2019: none for centres, schools, sports; Bagnall et al. 2018: some",
        "Part of a change of funding that changes what people use",
    )
    share_shops: float = parameter(0.35, 0.17, 0.53, "share", "E", "evidence 5.3", "Encounters at neighbourhood shops")
    share_library: float = parameter(0.08, 0.04, 0.12, "share", "E", "evidence 5.3", "Encounters in the library")
    share_park: float = parameter(0.15, 0.07, 0.23, "share", "E", "evidence 5.3", "Encounters in parks")
    share_sports: float = parameter(0.10, 0.05, 0.15, "share", "E", "evidence 5.3", "Encounters at sports")
    share_community_centre: float = parameter(
        0.07, 0.03, 0.11, "share", "E", "evidence 5.3", "Encounters in the community centre"
    )
    share_school: float = parameter(0.20, 0.10, 0.30, "share", "E", "evidence 5.3", "Encounters at the school gate")
    share_association: float = parameter(0.05, 0.02, 0.08, "share", "E", "evidence 5.3", "Encounters in associations")
    homophily_street: float = parameter(
        0.025,
        0.0,
        1.2,
        "log odds",
        "C",
        "calibrated; started from: CBS network segregation .346",
        "eta: aversion to encounters with others",
    )
    homophily_facility: float = parameter(
        0.22,
        0.0,
        0.6,
        "log odds",
        "C",
        "calibrated; started from: CBS network segregation .346",
        "eta_f: the same at a facility",
    )
    shared_language: float = parameter(
        0.8, 0.0, 1.0, "share", "C", "calibrated: cohesion of Amsterdam", "Aversion a shared tongue undoes"
    )
    felt_language: float = parameter(
        0.9, 0.0, 1.0, "share", "C", "calibrated: feeling at home in Amsterdam", "Felt diversity a shared tongue undoes"
    )
    language_floor: float = parameter(
        0.4, 0.2, 0.7, "share", "E", "model section 3", "Encounters possible without a common language"
    )
    recognition: float = parameter(
        0.19, 0.03, 0.2, "faces per encounter", "C", "calibrated; started from: evidence 5.3", "alpha: learning a face"
    )
    forgetting: float = parameter(
        0.047, 0.005, 0.05, "per month", "C", "calibrated; started from: evidence 5.3", "delta: forgetting a face"
    )
    local_circle: float = parameter(
        150, 80, 300, "people", "R", "Dunbar's number", "M: size of the circle one can know by face"
    )
    former_residents: float = parameter(
        1.0,
        0.0,
        1.0,
        "0 or 1",
        "E",
        "definition",
        "1: shares that left are of those who lived there before (faces), and of the year's mean (turnover)",
        uncertain=False,
    )
    # Ties
    tie_formation: float = parameter(
        0.0091, 0.005, 0.05, "per month", "C", "calibrated; started from: evidence 5.3", "p_T: making a tie"
    )
    tie_out_group: float = parameter(
        0.92, 0.1, 1.0, "ratio", "C", "calibrated; started from: model section 3", "The same with other groups"
    )
    tie_own_settings: float = parameter(
        0.109,
        0.0,
        0.3,
        "share",
        "C",
        "calibrated: CBS network segregation .06 to .22 of groups with a background",
        "h: ties that begin in settings of one's own group",
    )
    tie_decay: float = parameter(
        0.00478,
        0.002,
        0.012,
        "per month",
        "C",
        "calibrated; started from: Mollenhorst: 48 % kept after 7 years",
        "A tie ends",
    )
    tie_kept_moving: float = parameter(
        0.84, 0.0, 0.9, "share", "C", "calibrated; started from: evidence 5.3", "kappa_T: ties kept on moving"
    )
    tie_saturation: float = parameter(4, 2, 8, "ties", "E", "evidence 5.3", "K0: ties for half of their effect")
    # Contact
    contact_speed: float = parameter(0.08, 0.03, 0.2, "per month", "E", "model section 3", "Moving average of contact")
    negative_contact: float = parameter(0.032, 0.02, 0.25, "share", "E", "evidence 5.3", "nu: encounters that go badly")
    # Belonging
    base: float = parameter(
        0.61, 0.3, 0.8, "belonging", "C", "calibrated; started from: Veiligheidsmonitor 2021: 6.4", "b0: level"
    )
    disposition_spread: float = parameter(0.177, 0.10, 0.18, "belonging", "E", "evidence 5.3", "SD of u")
    effect_familiarity: float = parameter(
        0.135, 0.05, 0.25, "belonging", "C", "calibrated; started from: Sampson 1991 (mediation)", "beta_phi"
    )
    faces_scale: float = parameter(
        9,
        6,
        60,
        "faces",
        "C",
        "calibrated; started from: Volker 2007: greeting suffices; size E",
        "F0: faces for 63 % of the effect",
    )
    effect_ties: float = parameter(
        0.03, 0.02, 0.15, "belonging", "C", "calibrated; started from: Sampson 1991 (mediation)", "beta_K"
    )
    effect_residence: float = parameter(
        0.045, 0.0, 0.12, "belonging", "C", "calibrated; started from: Lewicka 2011", "beta_tau: length of stay"
    )
    residence_scale: float = parameter(18, 18, 84, "months", "C", "calibrated; started from: Lewicka 2011", "tau0")
    effect_employment: float = parameter(0.03, 0.0, 0.08, "belonging", "E", "income gradient VM21", "beta_E")
    effect_position: float = parameter(
        0.005,
        0.0,
        0.06,
        "belonging per SD",
        "C",
        "calibrated; started from: income gradient VM21",
        "beta_S: a person's own position",
    )
    effect_place_position: float = parameter(
        0.013,
        0.0,
        0.05,
        "belonging per SD",
        "C",
        "calibrated; started from: Tolsma et al. 2009",
        "beta_N: the neighbourhood's position",
    )
    effect_municipality_position: float = parameter(
        0.01,
        0.0,
        0.08,
        "belonging per SD",
        "C",
        "calibrated: cohesion of 21 municipalities, where status counts more than within a city",
        "beta_M: the municipality's position",
    )
    effect_language: float = parameter(
        0.02, 0.0, 0.08, "belonging", "C", "calibrated; started from: evidence 5.3", "beta_L"
    )
    effect_reception: float = parameter(
        0.03, 0.0, 0.06, "belonging", "E", "no causal estimate exists", "beta_R: reception, newcomers only"
    )
    effect_amenities: float = parameter(
        0.095,
        0.0,
        0.15,
        "belonging",
        "C",
        "calibrated; started from: Amsterdam: lively central places do well",
        "Facilities within reach",
    )
    amenities_funded: float = parameter(
        0.1,
        0.0,
        0.5,
        "share",
        "E",
        "Gieling et al. 2019: none for centres, schools, sports; Bagnall et al. 2018: some",
        "What a change of facilities adds to belonging by itself, of the effect of those at the start",
    )
    effect_diversity: float = parameter(
        0.19, 0.0, 0.25, "belonging", "C", "calibrated; started from: own estimate: -.16 to -.19 in all", "beta_D"
    )
    diversity_migrants: float = parameter(
        0.935,
        0.2,
        1.0,
        "ratio",
        "C",
        "calibrated; started from: CBS 2006 about 1/3; Glas about 1",
        "mu: the same for people with a background",
    )
    contact_buffer: float = parameter(
        0.1, 0.0, 0.8, "share", "C", "calibrated; started from: Pettigrew & Tropp 2006", "gamma: contact softens"
    )
    effect_turnover: float = parameter(
        0.01,
        0.0,
        0.30,
        "belonging per 1/year",
        "C",
        "calibrated; started from: WRR 2020: direction",
        "beta_V: direct; most is mediated",
    )
    effect_anonymity: float = parameter(
        0.105,
        0.0,
        0.25,
        "belonging",
        "C",
        "calibrated; started from: urban gradient VM21",
        "beta_A: anonymity of town life",
    )
    adjustment: float = parameter(0.08, 0.03, 0.15, "per month", "E", "evidence 5.3", "kappa: speed of belonging")
    noise: float = parameter(0.015, 0.0, 0.03, "belonging", "E", "evidence 5.3", "sigma: monthly noise")
    home_threshold: float = parameter(
        0.60, 0.5, 0.7, "belonging", "S", "VM21: 64.5 % at home at mean .64", "Feels at home from here", False
    )
    home_mark: float = parameter(
        0.18,
        0.0,
        0.3,
        "belonging",
        "C",
        "calibrated: marks out of ten for feeling at home, Amsterdam",
        "How far a mark for feeling at home in the neighbourhood, over ten, lies above belonging",
        False,
    )
    newcomer_start: float = parameter(
        0.55, 0.2, 0.7, "belonging", "C", "calibrated; started from: evidence 5.1", "Belonging on arrival"
    )
    # Withdrawal
    withdrawal_speed: float = parameter(0.05, 0.02, 0.1, "per month", "E", "evidence 5.3", "kappa_w")
    withdrawal_highest: float = parameter(0.6, 0.0, 0.8, "share of activity", "E", "evidence 5.3", "w_max")
    withdrawal_threshold: float = parameter(0.45, 0.35, 0.5, "belonging", "E", "evidence 5.3", "theta_b")
    withdrawal_slope: float = parameter(0.07, 0.04, 0.12, "belonging", "E", "evidence 5.3", "s_w")
    # Cohesion, the second construct: four statements of the Veiligheidsmonitor
    cohesion_faces: float = parameter(
        6,
        5,
        60,
        "faces",
        "C",
        "calibrated; started from: VM21: 78 % disagree that people hardly know each other",
        "Faces for knowing each other",
    )
    cohesion_ties: float = parameter(
        6, 0.5, 6, "ties", "C", "calibrated; started from: VM21: 60 % cosy, help each other", "Ties for helping"
    )
    cohesion_harmony: float = parameter(
        4.75,
        0.0,
        6.0,
        "ratio",
        "C",
        "calibrated; started from: VM21: 76 % get along",
        "How far trouble in contact lowers getting along",
    )
    # Language and work
    language_newcomer: float = parameter(0.35, 0.1, 0.6, "proficiency", "E", "evidence 5.3", "L on arrival")
    language_learning: float = parameter(0.012, 0.005, 0.02, "per month", "E", "evidence 5.3", "l0")
    language_course: float = parameter(
        0.006, 0.002, 0.015, "per 10 hours", "S", "Foged & Van der Werf: +8-9 % per 100 h", "l_course"
    )
    job_finding: float = parameter(0.045, 0.02, 0.10, "per month", "E", "about 80 % employed", "h_E: finding work")
    job_finding_asylum: float = parameter(
        0.88, 0.7, 1.3, "ratio", "S", "CBS: 6/19/43/47 % employed at 2/3/6/9 years", "Scale of asylum migrants' finding"
    )
    job_loss: float = parameter(0.010, 0.005, 0.02, "per month", "E", "evidence 5.2", "Losing work")
    job_language_floor: float = parameter(0.7, 0.4, 1.0, "ratio", "E", "evidence 5.2", "Job finding without Dutch")
    job_support_effect: float = parameter(0.5, 0.0, 1.0, "ratio", "E", "no estimate", "Job support on finding work")
    job_position: float = parameter(0.25, 0.0, 0.6, "SD", "E", "design", "Work's part in a person's position")
    # Associations
    joining: float = parameter(0.010, 0.003, 0.03, "per month", "E", "about a third a member", "Joining an association")
    quitting: float = parameter(0.016, 0.005, 0.04, "per month", "E", "about a third a member", "Leaving it")
    # Reception and capacity
    reception_departure: float = parameter(0.10, 0.0, 0.25, "share", "E", "Foged: direction", "rho: fewer leave")
    congestion: float = parameter(1.0, 0.0, 2.0, "exponent", "E", "evidence 5.3", "eta_A: reception under load")
    crowding: float = parameter(0.5, 0.0, 1.0, "exponent", "E", "design", "Facilities under load")
    # What exists; 0, or 1 of homes, makes capacity somewhat more than now arrive
    capacity_reception: float = parameter(
        12.2,
        0.0,
        40.0,
        "people a year per 1,000 residents",
        "E",
        "Dutch law houses refugees by number of residents; 12.2 is 1.1 times the country's arrivals",
        "Reception places there are; 0: 1.1 times the municipality's own arrivals",
        uncertain=False,
    )
    capacity_schools: float = parameter(
        0.05,
        0.0,
        0.2,
        "share of children",
        "E",
        "no count of free seats at hand",
        "Free seats at school; 0: for 1.2 times the municipality's own arrivals",
        uncertain=False,
    )
    capacity_homes: float = parameter(
        0.12,
        0.02,
        1.0,
        "share",
        "E",
        "arrivals from abroad are about a tenth of those who find a home",
        "Homes that fall vacant which newcomers from abroad can get",
    )
    load_expected: float = parameter(
        1.0,
        0.0,
        1.0,
        "share",
        "E",
        "chance in a small number of arrivals is no load",
        "Weight of expected arrivals, beside those of last year, in the load on capacity",
        uncertain=False,
    )
    # Leaving the country (mover-stayer by motive)
    stay_labour_eu: float = parameter(
        0.32, 0.28, 0.43, "share", "C", f"calibrated; started from: {CBS_2025}", "pi: stayers, labour EU"
    )
    stay_knowledge: float = parameter(0.214, 0.14, 0.29, "share", "S", CBS_2025, "pi: stayers, knowledge workers")
    stay_study: float = parameter(
        0.17, 0.10, 0.30, "share", "C", "calibrated; started from: Nuffic stay rate about 25 %", "pi: stayers, study"
    )
    stay_family: float = parameter(0.50, 0.40, 0.60, "share", "S", "CBS jaarrapport integratie", "pi: stayers, family")
    stay_asylum: float = parameter(0.60, 0.50, 0.70, "share", "S", "WODC Cahier 2019-13", "pi: stayers, asylum")
    stay_other_eu: float = parameter(
        0.27, 0.25, 0.42, "share", "C", f"calibrated; started from: {CBS_2025}", "pi: stayers, other EU"
    )
    leave_labour_eu: float = parameter(
        0.62, 0.30, 0.65, "per year", "C", f"calibrated; started from: {CBS_2025}", "lambda: movers, labour EU"
    )
    leave_knowledge: float = parameter(
        0.411, 0.27, 0.60, "per year", "S", CBS_2025, "lambda: movers, knowledge workers"
    )
    leave_study: float = parameter(0.45, 0.30, 0.65, "per year", "R", "Nuffic", "lambda: movers, study")
    leave_family: float = parameter(
        0.17, 0.10, 0.25, "per year", "C", "calibrated; started from: CBS jaarrapport integratie", "lambda: family"
    )
    leave_asylum: float = parameter(0.20, 0.13, 0.30, "per year", "S", "WODC Cahier 2019-13", "lambda: asylum")
    leave_other_eu: float = parameter(
        0.7, 0.33, 0.75, "per year", "C", f"calibrated; started from: {CBS_2025}", "lambda: movers, other EU"
    )
    departure_language: float = parameter(0.3, 0.0, 1.0, "log odds", "S", "direction: CBS 2025, Snel 2015", "theta_L")
    departure_work: float = parameter(0.25, 0.0, 1.0, "log odds", "S", "direction: CBS 2025", "theta_P: with work")
    departure_belonging: float = parameter(0.5, 0.0, 1.0, "log odds", "S", "direction: Snel 2015", "theta_b")
    emigration_natives: float = parameter(
        0.0035, 0.001, 0.008, "per year", "C", "CBS 2017, 0.2-3.5 % by age incl. migrants", "Leaving, born here"
    )
    # Moving house
    moving_scale: float = parameter(
        1.26, 0.6, 1.5, "ratio", "C", "calibrated; started from: CBS 9.7 % a year", "Scale of the moving rate by age"
    )
    moving_belonging: float = parameter(2.3, 0.0, 4.0, "log odds", "E", "evidence 5.3", "theta_m")
    moving_recent: float = parameter(
        0.5, 0.0, 3.0, "ratio", "C", "calibrated; started from: duration dependence", "Extra moving just after a move"
    )
    moving_recent_scale: float = parameter(24, 6, 60, "months", "E", "duration dependence", "How long that lasts")
    moving_between: float = parameter(
        0.40, 0.25, 0.55, "share", "R", "CBS: about 0.7 of 1.7 million", "Moves to another municipality"
    )
    choice_own_group: float = parameter(
        0.95,
        0.0,
        2.0,
        "utility per log",
        "C",
        "calibrated: change 2017 to 2024, municipalities with odd codes; started from: Zuccotti 2023: weak",
        "Own-group share",
    )
    choice_position: float = parameter(1.0, 0.3, 2.0, "utility per SD", "S", "Zuccotti 2023: at least as strong", "SES")
    choice_vacancies: float = parameter(
        0.42,
        0.2,
        1.0,
        "utility per log",
        "C",
        "calibrated: change 2017 to 2024, municipalities with odd codes",
        "Vacant dwellings",
    )
    choice_distance: float = parameter(
        0.15, 0.0, 0.5, "utility per km", "E", "design", "Distance, within a municipality"
    )
    choice_near: float = parameter(
        1.0,
        0.0,
        1.0,
        "0 or 1",
        "E",
        "McFadden 1978: sampling of alternatives",
        "Half and more: movers always compare their own and bordering neighbourhoods",
        uncertain=False,
    )
    distance_scale: float = parameter(35, 10, 80, "km", "E", "gravity of moves", "Distance between municipalities")
    destination_own_group: float = parameter(
        1.3,
        0.0,
        2.0,
        "exponent",
        "C",
        "calibrated: change 2017 to 2024, municipalities with odd codes; 1: a group goes where it lives",
        "Own-group share in the choice of a municipality",
    )
    destination_vacancies: float = parameter(
        1.85,
        0.0,
        2.0,
        "elasticity",
        "C",
        "calibrated: change 2017 to 2024, municipalities with odd codes; started from: Wheaton 1990",
        "Moves to where homes are",
    )
    # Demography and housing
    group_ages: float = parameter(
        1.0,
        0.0,
        1.0,
        "exponent",
        "R",
        "CBS 37325: ages by background; 1: as in the country",
        "Differences in age between origin groups at the start",
        uncertain=False,
    )
    fertility: float = parameter(
        0.84,
        0.6,
        1.4,
        "ratio",
        "C",
        "calibrated: births of 2017 to 2023 (CBS); the shape by age is recalled",
        "Scale of births by age",
    )
    mortality: float = parameter(
        0.926,
        0.8,
        1.2,
        "ratio",
        "C",
        "calibrated: deaths of 2017 to 2023 (CBS); Gompertz through three recalled figures",
        "Scale of deaths by age",
    )
    vacancy: float = parameter(
        0.05, 0.02, 0.12, "share of dwellings", "E", "2-3 % of dwellings, and spare rooms", "Vacancy"
    )
    vacancy_response: float = parameter(
        1.0, 0.0, 2.0, "elasticity", "E", "homes that fall vacant are let (Wheaton 1990)", "Domestic arrivals"
    )
    households: float = parameter(
        1.0,
        0.0,
        1.0,
        "share",
        "E",
        "a switch: from a half on people live in households, below it everyone moves and leaves alone",
        "Whether people live, move, arrive and leave in households",
        uncertain=False,
    )
    separation: float = parameter(
        0.022,
        0.0,
        0.06,
        "per year",
        "R",
        "CBS 2017: some 95,000 of 4.2 million couples",
        "Couples who part",
        uncertain=False,
    )
    partnering: float = parameter(
        0.074,
        0.0,
        0.6,
        "per year",
        "C",
        "calibrated: kinds of households 2023 (CBS)",
        "Looking for a partner",
        uncertain=False,
    )
    leaving_home: float = parameter(
        0.49,
        0.3,
        2.0,
        "ratio",
        "C",
        "calibrated: kinds of households 2023; started from: CBS 2019: half leave home by 23.5",
        "Moves of adult children over those of their age",
        uncertain=False,
    )
    moving_family: float = parameter(
        0.8,
        0.4,
        1.0,
        "ratio",
        "E",
        "Feijten & Mulder 2002: families settle; size chosen",
        "Moves of families with children",
        uncertain=False,
    )
    choice_dwelling: float = parameter(
        2.0,
        0.0,
        3.0,
        "exponent",
        "C",
        "calibrated: kinds of households 2023; dwellings are let again to the kind they held",
        "Households choose where dwellings of their kind are",
        uncertain=False,
    )
    choice_dwelling_free: float = parameter(
        2.0,
        0.0,
        5.0,
        "exponent",
        "C",
        "calibrated: kinds of households 2023; a dwelling falls free to those whom it suits",
        "Households choose where fewer of their kind live than dwellings suit",
        uncertain=False,
    )
    departure_family: float = parameter(
        0.64,
        0.2,
        1.0,
        "ratio",
        "C",
        "calibrated: emigration 2017 to 2023 (CBS); direction: Bijwaard 2010: with family fewer return",
        "Leaving the country with a partner or children",
        uncertain=False,
    )
    fertility_local: float = parameter(
        0.43,
        0.0,
        1.0,
        "exponent",
        "C",
        "calibrated: change 2017 to 2024; families stay larger in some municipalities (CBS: births per woman)",
        "Births follow the children whom a municipality has",
        uncertain=False,
    )
    building: float = parameter(0.006, 0.0, 0.03, "per year", "S", "CBS: growth of the population", "New dwellings")
    arrivals_scale: float = parameter(1.0, 0.0, 3.0, "ratio", "S", "CBS: 191 thousand in 2018", "Arrivals from abroad")
    # What the WRR names as consequences: that they act at all is an assumption, and 0 lies in every range
    school_turnover: float = parameter(
        0.5,
        0.0,
        1.0,
        "share",
        "E",
        "WRR 2020: schools as transit houses; size unknown",
        "Meeting at school, and the effect of competence, lost per share of pupils who are new",
    )
    association_members: float = parameter(
        0.5,
        0.0,
        1.0,
        "exponent",
        "E",
        "WRR 2020; Volker et al. 2007: communities need meeting places; size unknown",
        "Associations shrink with their members",
    )
    member_ties: float = parameter(
        0.25,
        0.0,
        1.0,
        "ratio",
        "E",
        "Bagnall et al. 2018: moderate evidence for places to meet; size unknown",
        "Members make so many more ties",
    )
    tie_withdrawn: float = parameter(
        0.5,
        0.0,
        1.0,
        "share",
        "E",
        "WRR 2020: withdrawal into one's own circle; size unknown",
        "How far one who withdraws is passed over as a tie",
    )
    moving_unsafe: float = parameter(
        0.25,
        0.0,
        1.0,
        "ratio",
        "E",
        "WRR 2020: direction; size unknown",
        "Those who feel unsafe move so much more",
    )
    withdrawal_unsafe: float = parameter(
        0.2,
        0.0,
        1.0,
        "share",
        "E",
        "Glas et al. 2019: fear and cohesion go together; size unknown",
        "Those who feel unsafe withdraw so much further",
    )
    room_sharing: float = parameter(
        0.005,
        0.0,
        0.1,
        "share of dwellings",
        "E",
        "no count at hand",
        "Rooms let in existing dwellings where hardly any are vacant",
    )
    effect_crowding: float = parameter(
        0.1,
        0.0,
        0.5,
        "belonging per share",
        "E",
        "no estimate",
        "Rooms shared per dwelling, on the belonging of all",
    )
    # Feeling unsafe
    unsafe_level: float = parameter(-1.6, -3.0, 0.0, "log odds", "E", "about 16 % feel unsafe at times", "Level")
    unsafe_belonging: float = parameter(4.0, 0.0, 8.0, "log odds per belonging", "E", "direction: WRR", "Less at home")

    def __post_init__(self) -> None:
        for name, description in describe(Parameters).items():
            check_range(getattr(self, name), description, "parameters.")

    def changed(self, **values: Any) -> "Parameters":
        """A copy with some values changed.

        Raises
        ------
        ParameterError
            An unknown name, or a value out of range.
        """
        known = describe(Parameters)
        for name in values:
            if name not in known:
                close = get_close_matches(name, known, 3)
                hint = f"; did you mean {', '.join(close)}?" if close else ""
                raise ParameterError(f"parameters.{name} is not a parameter of the model{hint}")
        return replace(self, **values)


# The same numbers as the compiled rules take them: single precision, by name.
Coefficients: Any = namedtuple("Coefficients", [f.name for f in fields(Parameters)])  # type: ignore[misc]


def coefficients(parameters: Parameters) -> Any:
    """The parameters in single precision, for compiled code."""
    return Coefficients(*(np.float32(getattr(parameters, f.name)) for f in fields(Parameters)))
