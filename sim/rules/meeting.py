"""Meeting: encounters, public familiarity, personal ties and contact with other groups."""

import numpy as np

from sim.machine.arithmetic import ONE, ZERO, exponential, rule


@rule
def common_language(own, pool, floor):
    """l = floor + (1 - floor) min(L, mean L of the pool): the share of encounters that language allows."""
    return floor + (ONE - floor) * min(own, pool)


@rule
def encounters(withdrawal, pool_rate, language):
    """e = (1 - w) x pool rate x l, per month; the pool rate is A_g/N (v0 h + sum of v_f Q_f h_f)."""
    return (ONE - withdrawal) * pool_rate * language


@rule
def next_faces(faces, met, gone, forgetting, recognition, circle):
    """F <- F (1 - delta)(1 - share of the pool that left last month) + alpha e (1 - F/M), never below zero.

    Mean field of the pairwise process s <- s (1 - delta) + (1 - s)(1 - exp(-alpha n)).
    """
    return max(
        faces * (ONE - forgetting) * (ONE - gone) + recognition * met * (ONE - faces / circle),
        ZERO,
    )


@rule
def tie_chance(faces_own, faces_other, formation, out_group, circle):
    """Chance to form a tie this month: p_T (F_own + F_other)(F_own + q F_other) / M, at most 1/2 (the draw's share).

    It grows with the square of the circle of familiar faces, in which a face of another group weighs q. (A square of
    each pool by itself would make the larger pool weigh more than its share, and ties three times as segregated as
    measured.)
    """
    known = faces_own + faces_other
    return min(formation * known * (faces_own + out_group * faces_other) / circle, np.float32(0.5))


@rule
def tie_formation_of(formation, member_ties, member):
    """p_T (1 + q_m member): members of an association make more ties."""
    return formation * (ONE + member_ties * member)


@rule
def chosen_share(withdrawal, passed_over):
    """1 - z w: chance that someone who was found becomes the tie, less the further they withdraw."""
    return ONE - passed_over * withdrawal


@rule
def next_contact(contact, met_own, met_other, negative, speed):
    """C <- C + speed (share of encounters with others x (1 - nu) - C)."""
    total = met_own + met_other
    share = met_other / max(total, np.float32(1e-6))
    return contact + speed * ((ONE - negative) * share - contact)


@rule
def own_tie_share(faces_own, faces_other, out_group, settings):
    """Chance that a tie is sought among one's own group: h + (1 - h) F_own / (F_own + q F_other).

    A share h of ties begins in settings of one's own group (family, faith, language, associations), whatever its share
    of the neighbourhood, the others among familiar faces. Without the first a small group would hardly have ties of its
    own, and surveys find most segregation beyond size just there (CBS 2024).
    """
    return settings + (ONE - settings) * faces_own / max(faces_own + out_group * faces_other, np.float32(1e-6))


@rule
def mixed_share(aversion, mixing):
    """e^(-eta (1 - m)): share of possible encounters between groups that aversion eta leaves, eased by mixing m."""
    return exponential(-aversion * (ONE - mixing))


@rule
def mixed_rate(active_others, easy_activity, potential, mixed):
    """Encounters with other groups at full activity and with a common language, per month.

    Aversion has no effect between groups that share a language at home, whose activity over residents is
    `easy_activity`: they have all `potential` encounters at average activity, where others have `mixed` of them.
    """
    return active_others * mixed + easy_activity * (potential - mixed)


@rule
def contact_trouble(negative, apart, mixed, potential):
    """Share of possible encounters that do not take place (across groups) or go badly (with anyone)."""
    return ONE - (ONE - negative) * (ONE - apart * (ONE - mixed / potential))
