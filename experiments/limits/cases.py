"""The limit cases computed: of each a table of the known figures beside ours, and what its figure shows."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from experiments.limits import mover_stayer, neal_neal, pairwise_familiarity, schelling
from experiments.limits.pairwise_familiarity import Neighbourhood
from experiments.results.palette import hue

KNOWN, OURS = hue("orange"), hue("blue")
MONTHS, ARRIVALS, DRAWN_RUNS = 120, 20_000, 20
SPREAD_ON, SPREAD_OFF = 0.006, 0.1  # of Neal & Neal's r between seeds: both mechanisms at work, or one off
REFERENCE_RUNS = 30  # taken for Schelling's reference, of which the number of runs is not known
WANTED = (0.25, 1 / 3, 0.5, 0.6)


@dataclass(frozen=True)
class Case:
    """A limit case.

    Attributes
    ----------
    name, title, source, text : str
        File name of the figure; title; where the known figures come from; and what is to be seen.
    table : DataFrame
        The known figures beside ours; `within` says whether a row is inside its tolerance, null where nothing is known.
    tolerance : str
        What a row is judged by.
    draw : callable
        Draws the known figures and ours on the axes it is given.
    """

    name: str
    title: str
    source: str
    text: str
    table: pl.DataFrame
    tolerance: str
    draw: Callable[[Any], None]

    def verdict(self) -> str:
        """How many of the known figures are met."""
        judged = self.table["within"].drop_nulls()
        return f"{judged.sum()} of {len(judged)} within {self.tolerance}"


def computed_cases(seed: int, runs: int) -> Iterator[Case]:
    """All cases, one after another.

    Parameters
    ----------
    runs : int
        Of Schelling's model, for each wish and rule.
    """
    yield neal_and_neal(seed)
    yield schellings(seed, runs)
    yield stayers(seed)
    yield familiar_faces(seed)


def neal_and_neal(seed: int) -> Case:
    """Diversity against clustering, with both mechanisms and with one of them off."""
    lattices = neal_neal.sorted_lattices(seed=seed)
    found = {both: neal_neal.trade_off(*both, seed=seed, lattices=lattices) for both in neal_neal.REFERENCE}
    rows = []
    for (homophily, proximity), (r, slope) in neal_neal.REFERENCE.items():
        ours = found[homophily, proximity]
        allowed = 3 * np.sqrt(2) * (SPREAD_ON if homophily and proximity else SPREAD_OFF) + 0.005  # r is given to .01
        rows.append(
            {
                "homophily": homophily,
                "proximity": proximity,
                "known r": r,
                "our r": ours.correlation,
                "known slope": slope,
                "our slope": ours.slope,
                "within": bool(abs(ours.correlation - r) <= allowed),
            }
        )

    def draw(axes: Any) -> None:
        for (both, label), colour in zip(
            {(2.5, 2.5): "both", (2.5, 0.0): "homophily alone", (0.0, 2.5): "proximity alone"}.items(),
            (OURS, hue("grey"), hue("purple")),
            strict=True,
        ):
            one = found[both]
            axes.scatter(one.diversity, one.clustering, s=9, color=colour, alpha=0.6, label=f"ours, {label}")
            ends = np.array([one.diversity.min(), one.diversity.max()])
            known = neal_neal.REFERENCE[both][1] * (ends - one.diversity.mean()) + one.clustering.mean()
            axes.plot(ends, known, color=KNOWN, lw=1.6, label="known slope" if both == (2.5, 2.5) else None)
        axes.set(xlabel="diversity (share of neighbours of the other kind)", ylabel="clustering of the network of ties")

    return Case(
        "neal_neal",
        "Neal & Neal (2014): diversity against a clustered network",
        "Rules of Neal & Neal, American Journal of Community Psychology 53, as made explicit by Stivala et al. "
        "(2016); the known figures were computed once by another implementation of these rules, 124 runs.",
        "Slope of clustering on diversity where people sort: with ties by likeness and nearness "
        f"{found[2.5, 2.5].slope:+.3f}, by likeness alone {found[2.5, 0.0].slope:+.3f}, by nearness alone "
        f"{found[0.0, 2.5].slope:+.3f}.",
        pl.DataFrame(rows),
        "three standard deviations between seeds",
        draw,
    )


def schellings(seed: int, runs: int) -> Case:
    """The share of alike neighbours at rest, by what people want and how they move."""
    found = {
        (rule, wanted): schelling.run_until_rest(wanted, rule, runs=runs, seed=seed)
        for rule in schelling.RULES
        for wanted in WANTED
    }
    rows = []
    for (rule, wanted), ours in found.items():
        known = schelling.REFERENCE.get((rule, wanted), (None, None))[0]
        spread = schelling.REFERENCE[schelling.RULES[0], wanted][1] or np.nan
        allowed = 3 * spread * np.sqrt(1 / runs + 1 / REFERENCE_RUNS)
        rows.append(
            {
                "rule": rule,
                "wanted": wanted,
                "known share alike": known,
                "our share alike": ours.share,
                "standard error": ours.error,
                "within": None if known is None else bool(abs(ours.share - known) <= allowed),
            }
        )

    def draw(axes: Any) -> None:
        for rule, style in zip(schelling.RULES, ("-", "--", ":", "-."), strict=True):
            shares = [found[rule, wanted].share for wanted in WANTED]
            axes.plot(WANTED, shares, style, color=OURS, marker=".", label=f"ours, {rule}")
            known = [
                (wanted, schelling.REFERENCE[rule, wanted][0])
                for wanted in WANTED
                if (rule, wanted) in schelling.REFERENCE
            ]
            if known:
                mark = "o" if rule == schelling.RULES[0] else "s"
                axes.plot(*zip(*known, strict=True), mark, color=KNOWN, mfc="none", ms=9, label=f"known, {rule}")
        axes.set(
            xlabel="share of alike neighbours that people want",
            ylabel="share of alike neighbours at rest",
            ylim=(0.5, 1.01),
        )

    return Case(
        "schelling",
        "Schelling (1971): mild wishes, strong segregation",
        "Rules as described by Mauhe, Izquierdo & Izquierdo (2022), 13 x 16 cells, 138 people; the known means were "
        "computed by another implementation, to three decimals, for two of the four rules.",
        f"People who want {WANTED[0]:.0%} of their neighbours alike end with "
        f"{found[schelling.RULES[0], WANTED[0]].share:.0%} alike.",
        pl.DataFrame(rows),
        "three standard errors",
        draw,
    )


def stayers(seed: int) -> Case:
    """The share of a cohort still there, as published, by the formula, and drawn person by person."""
    drawn = {
        group: mover_stayer.simulated_cohort(ARRIVALS, MONTHS, fit.stayers, fit.rate, seed)
        for group, fit in mover_stayer.FITS.items()
    }
    rows = [
        {
            "group": group,
            "years": years,
            "known share": known,
            "our formula": float(mover_stayer.survival(years, fit.stayers, fit.rate)),
            "our drawn share": float(drawn[group][12 * years]),
            "within": bool(abs(mover_stayer.survival(years, fit.stayers, fit.rate) - known) <= 0.005),
        }
        for group, fit in mover_stayer.FITS.items()
        for years, known in fit.still_there.items()
    ]

    def draw(axes: Any) -> None:
        months = np.arange(MONTHS + 1) / 12
        for group, fit in mover_stayer.FITS.items():
            (line,) = axes.plot(months, drawn[group], lw=1.2, label=group)
            axes.plot(list(fit.still_there), list(fit.still_there.values()), "o", mfc="none", color=line.get_color())
        axes.set(xlabel="years since arrival", ylabel="share still there", ylim=(0, 1.02))
        axes.plot([], [], "o", mfc="none", color=hue("quiet"), label="known")

    return Case(
        "mover_stayer",
        "Mover-stayer: how many of a cohort of arrivals stay",
        "Fits to Statistics Netherlands, 'Immigranten van de laatste 10 jaar blijven langer in Nederland' (July 2025), "
        "and to cohorts by motive; that of students rests on a figure recalled, not seen.",
        "Some stay for good, the others leave at a constant rate: circles are the published shares, lines are ours, "
        f"drawn person by person ({ARRIVALS:,} arrivals).",
        pl.DataFrame(rows),
        "half a percentage point (the shares are published in two or three decimals)",
        draw,
    )


def familiar_faces(seed: int) -> Case:
    """Faces known by sight: the exact mean of the process of pairs, the mean field of Thuis, and pairs drawn."""
    base = Neighbourhood(leaving=0.0125)
    ranges: dict[str, list[Any]] = {
        "sizes": [(105, 45), (175, 75), (280, 120)],
        "recognition": [0.03, 0.2],
        "forgetting": [0.005, 0.05],
        "leaving": [0.0, 0.05],
        "encounters": [5.0, 28.0],
    }
    rows = [
        {
            "people": n.people,
            "recognition": n.recognition,
            "forgetting": n.forgetting,
            "leaving": n.leaving,
            "encounters": n.encounters,
            "largest difference": gap.largest,
            "tolerance": allowed,
            "within": bool(gap.largest <= allowed + 1e-9),
        }
        for n, gap, allowed in pairwise_familiarity.gaps(base, MONTHS, ranges)
    ]
    exact, field = pairwise_familiarity.exact_mean(base, MONTHS), pairwise_familiarity.closure(base, MONTHS)
    pairs, error = pairwise_familiarity.pairwise(base, MONTHS, DRAWN_RUNS, seed)

    def draw(axes: Any) -> None:
        months = np.arange(1, MONTHS + 1)
        for label, each, style, colour in (
            ("exact mean of the process of pairs (known)", exact, "-", KNOWN),
            ("mean field of Thuis (ours)", field, "--", OURS),
        ):
            axes.plot(months, each.own[:, 0], style, color=colour, label=label)
        step = slice(11, None, 12)
        axes.errorbar(
            months[step],
            pairs.own[step, 0],
            yerr=2 * error.own[step, 0],
            fmt=".",
            color=hue("quiet"),
            label=f"pairs drawn, {DRAWN_RUNS} runs, two standard errors",
        )
        axes.set(xlabel="months", ylabel="familiar faces in the own group")

    return Case(
        "familiarity",
        "Familiarity pair by pair: the mean field that Thuis uses",
        "The exact mean follows from the process of pairs (docs/limit_cases.md has the derivation).",
        "Thuis follows the number of faces each person knows, not every pair; the difference stays within a tolerance "
        "that the encounters of a month determine.",
        pl.DataFrame(rows),
        "the stated tolerance",
        draw,
    )
