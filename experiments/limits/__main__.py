"""Print the results of the limit cases: ``python -m experiments.limits`` (about ten seconds)."""

from experiments.limits import mover_stayer, neal_neal, pairwise_familiarity, schelling


def print_neal_neal(seed: int = 1) -> None:
    """Print correlation and slope per pair of mechanisms beside the reference."""
    print("Neal & Neal: r(diversity, clustering) and slope, 124 runs, theta 0 to 0.75")
    lattices = neal_neal.sorted_lattices(seed=seed)
    for (homophily, proximity), (correlation, slope) in neal_neal.REFERENCE.items():
        found = neal_neal.trade_off(homophily, proximity, seed=seed, lattices=lattices)
        print(
            f"  b_H {homophily:3.1f}  b_P {proximity:3.1f}   r {found.correlation:6.3f} ({correlation:5.2f})"
            f"   slope {found.slope:7.4f} ({slope:6.3f})"
        )


def print_schelling(runs: int = 400) -> None:
    """Print the share alike at rest per rule and wish beside the reference, where there is one."""
    print(f"Schelling, 13 x 16, 138 people: average share alike at rest, {runs} runs")
    for rule in schelling.RULES:
        for wanted in (0.25, 1 / 3, 0.5, 0.6):
            found = schelling.at_rest(wanted, rule, runs=runs)
            reference = schelling.REFERENCE.get((rule, wanted), ("none",))[0]
            print(
                f"  {rule:21} wants {wanted:.2f}   {found.share:.3f} (SE {found.error:.4f}, SD {found.deviation:.3f};"
                f" reference {reference})   {found.moves:.0f} moves"
            )


def print_mover_stayer() -> None:
    """Print the survival of each group by year."""
    print("Mover-stayer: share still there after 1, 2, 3, 5, 10 years")
    for group, fit in mover_stayer.FITS.items():
        shares = mover_stayer.survival(list(fit.still_there), fit.stayers, fit.rate)
        print(f"  {group:18} " + "  ".join(f"{share:.3f}" for share in shares))


def print_familiarity() -> None:
    """Print how far the closure is from the exact mean of the pairwise process, one property varied at a time."""
    print("Public familiarity: closure against pairwise process, 120 months, strangers at first")
    ranges: dict[str, list] = {
        "sizes": [(105, 45), (175, 75), (280, 120)],
        "recognition": [0.03, 0.2],
        "forgetting": [0.005, 0.05],
        "leaving": [0.0, 0.05],
        "encounters": [5.0, 28.0],
    }
    base = pairwise_familiarity.Neighbourhood(leaving=0.0125)
    for neighbourhood, found, allowed in pairwise_familiarity.gaps(base, 120, ranges):
        print(
            f"  N {neighbourhood.people}  alpha {neighbourhood.recognition:.2f}  delta {neighbourhood.forgetting:.3f}"
            f"  leave {neighbourhood.leaving:.4f}  v {neighbourhood.encounters:2.0f}"
            f"   largest {found.largest:+.2%}  last {found.last:+.2%}  tolerance {allowed:.2%}"
        )


if __name__ == "__main__":
    print_neal_neal()
    print_schelling()
    print_mover_stayer()
    print_familiarity()
