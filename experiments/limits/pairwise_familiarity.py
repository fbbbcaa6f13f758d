"""Public familiarity pair by pair, and how far the mean field that Thuis uses is from it.

**Pairwise.** In a closed neighbourhood of N people, i and j meet n_ij ~ Poisson(mu_ij) times a month, with
mu_ij = v / (N - 1) within a group and v exp(-eta) / (N - 1) between groups, and know each other by sight to a degree

    s_ij <- s_ij (1 - delta) + (1 - s_ij)(1 - exp(-alpha n_ij)),                0 <= s_ij <= 1.

Then each person leaves with the month's probability and a stranger of the same group comes in their place. Familiar
faces are the sums of s_ij over j in one's own group and in the others.

**Closure.** Per person and pool (own group, others), with M others available and e = M mu encounters a month:

    F <- F (1 - delta)(1 - leave) + alpha e (1 - F / M).

**Exact mean.** The pairwise rule is linear in s_ij, and n_ij is independent of it, so the mean obeys

    E s <- E s (1 - delta) + (1 - E s) q,   q = 1 - exp(-mu (1 - exp(-alpha))),

q being the mean of 1 - exp(-alpha n). So there is no error of averaging at all; the simulation checks this.

**Where the closure is biased.** It has alpha mu for q. As 1 - exp(-alpha n) <= alpha n, it is never below q, for two
reasons: several encounters within a month with the same person teach less each time (matters when mu is large: a small
place), and one encounter makes 1 - exp(-alpha) of a stranger familiar, not alpha. To second order

    alpha mu / q - 1  =  alpha / 2 + alpha mu / 2.

That is the bias of the faces while they are few; near rest, where forgetting balances meeting, saturation shrinks it by
the factor delta / (delta + q). With people leaving there is a small bias the other way: the closure counts last month's
faces of those who left as still taking up room in F / M, less than `leave` of the new faces.
The stated tolerance (`tolerance`) is the first bias in full, plus `leave` below.

What this does not test: the closure inside Thuis has a fixed circle M in each pool, which is a statement about how many
people one can come across, not about how many live there. Where M is larger than the pool, faces saturate too late,
where it is smaller, too early (pass `circle` to see by how much). People here are equally active and speak alike.
Chance differences between people are lost in the closure: a concave function of F, averaged over people, is a bit
lower than that function of the mean.
"""

from dataclasses import dataclass, replace

import numba as nb
import numpy as np

from experiments.limits.lattice import generator


@dataclass(frozen=True)
class Neighbourhood:
    """A small closed place.

    Attributes
    ----------
    sizes : tuple of int
        Number of people per group (each >= 1; N = their sum, 150 to 400 say).
    encounters : float
        v, encounters a month if all were of one's own group.
    homophily : float
        eta; between groups encounters are exp(-eta) times as likely.
    recognition, forgetting : float
        alpha per encounter, delta per month, 0 to 1.
    leaving : float
        Chance per month to leave and be replaced by a stranger of the same group, 0 to 1.
    """

    sizes: tuple[int, ...] = (105, 45)
    encounters: float = 14.0
    homophily: float = 0.35
    recognition: float = 0.08
    forgetting: float = 0.02
    leaving: float = 0.0

    @property
    def people(self) -> int:
        """N, the number of people."""
        return sum(self.sizes)

    def rate(self, *, own: bool) -> float:
        """Encounters a month of one pair, mu."""
        return self.encounters * (1.0 if own else float(np.exp(-self.homophily))) / (self.people - 1)


@dataclass(frozen=True)
class Faces:
    """Mean number of familiar faces after 1, 2, ... months: own group, other groups, shape (months, groups)."""

    own: np.ndarray
    other: np.ndarray


@dataclass(frozen=True)
class Gap:
    """Largest relative difference (signed) of two courses of familiar faces: over all months, and in the last month."""

    largest: float
    last: float


@nb.njit(cache=True, nogil=True)
def simulate(group, own_rate, other_rate, recognition, forgetting, leaving, months, rng):
    """One place, pair by pair, from strangers. Return mean faces own and other, shape (months, groups).

    Faces are counted after the month's encounters and before anybody leaves.
    """
    people, groups = len(group), group.max() + 1
    known = np.zeros((people, people))
    own = np.zeros((months, groups))
    other = np.zeros((months, groups))
    size = np.bincount(group)
    for month in range(months):
        for i in range(people):
            for j in range(i + 1, people):
                met = rng.poisson(own_rate if group[i] == group[j] else other_rate)
                s = known[i, j]
                s = s * (1 - forgetting) + (1 - s) * (1 - np.exp(-recognition * met))
                known[i, j] = s
                known[j, i] = s
                counted = own if group[i] == group[j] else other
                counted[month, group[i]] += s / size[group[i]]
                counted[month, group[j]] += s / size[group[j]]
        for i in range(people):
            if rng.random() < leaving:
                known[i, :] = 0.0
                known[:, i] = 0.0
    return own, other


def pairwise(neighbourhood: Neighbourhood, months: int, runs: int = 1, seed: int = 1) -> tuple[Faces, Faces]:
    """Simulate a place pair by pair.

    Parameters
    ----------
    place : Place
    months, runs, seed : int
        Length and number of runs; run r draws from stream r of the seed.

    Returns
    -------
    (Faces, Faces)
        Mean over runs, and its standard error (nan for one run).
    """
    group = np.repeat(np.arange(len(neighbourhood.sizes)), neighbourhood.sizes)
    rates = neighbourhood.rate(own=True), neighbourhood.rate(own=False)
    process = neighbourhood.recognition, neighbourhood.forgetting, neighbourhood.leaving
    drawn = np.array([simulate(group, *rates, *process, months, generator(seed, run)) for run in range(runs)])
    error = np.full(drawn.shape[1:], np.nan) if runs == 1 else drawn.std(axis=0, ddof=1) / np.sqrt(runs)
    return Faces(*drawn.mean(axis=0)), Faces(*error)


def closure(neighbourhood: Neighbourhood, months: int, circle: float | None = None) -> Faces:
    """Mean-field closure of Thuis, averaged over residents; M = the others available in the pool, or `circle`.

    Someone who comes in someone's place starts without faces. The closure is linear, so the mean over residents is
    the closure of the mean, scaled once more by (1 - leaving).
    """

    def step(faces: float, rate: float, others: int) -> float:
        room = 1 - faces / (others if circle is None else circle)
        kept = faces * (1 - neighbourhood.forgetting) * (1 - neighbourhood.leaving)
        return kept + neighbourhood.recognition * rate * others * room

    return _course(neighbourhood, months, step)


def exact_mean(neighbourhood: Neighbourhood, months: int) -> Faces:
    """Exact expectation of the pairwise process, averaged over residents."""

    def step(faces: float, rate: float, others: int) -> float:
        here = faces * (1 - neighbourhood.leaving)
        return here * (1 - neighbourhood.forgetting) + (others - here) * familiar_chance(neighbourhood, rate)

    return _course(neighbourhood, months, step)


def familiar_chance(neighbourhood: Neighbourhood, rate: float) -> float:
    """q, the mean of 1 - exp(-alpha n) for n ~ Poisson(rate)."""
    return float(-np.expm1(rate * np.expm1(-neighbourhood.recognition)))


def tolerance(neighbourhood: Neighbourhood, *, own: bool = True) -> float:
    """Stated tolerance: the most by which the closure can exceed the exact mean, relative: alpha mu / q - 1."""
    rate = neighbourhood.rate(own=own)
    return neighbourhood.recognition * rate / familiar_chance(neighbourhood, rate) - 1


def gap(course: Faces, reference: Faces) -> Gap:
    """Compare two courses of faces, over months, groups and pools with anybody in them.

    Relative to the reference, signed: positive where `course` has more faces.
    """
    faces, known = (np.hstack([each.own, each.other]) for each in (course, reference))
    present = known[0] > 0
    relative = faces[:, present] / known[:, present] - 1
    return Gap(float(relative.flat[np.abs(relative).argmax()]), float(relative[-1][np.abs(relative[-1]).argmax()]))


def gaps(neighbourhood: Neighbourhood, months: int, values: dict[str, list]) -> list[tuple[Neighbourhood, Gap, float]]:
    """Vary one property of a place at a time; per place the gap of the closure to the exact mean and the tolerance."""
    neighbourhoods = [replace(neighbourhood, **{name: value}) for name, column in values.items() for value in column]
    return [(each, gap(closure(each, months), exact_mean(each, months)), tolerance(each)) for each in neighbourhoods]


def _course(neighbourhood: Neighbourhood, months: int, step) -> Faces:
    """Follow the mean faces of each group in both pools; newcomers of last month start at none."""
    own = np.zeros((months, len(neighbourhood.sizes)))
    other = np.zeros_like(own)
    for group, size in enumerate(neighbourhood.sizes):
        pools = (
            (own, neighbourhood.rate(own=True), size - 1),
            (other, neighbourhood.rate(own=False), neighbourhood.people - size),
        )
        for course, rate, others in pools:
            faces = 0.0
            for month in range(months):
                faces = step(faces * (1 - neighbourhood.leaving), rate, others) if others else 0.0
                course[month, group] = faces
    return Faces(own, other)
