"""`thuis sweep analyse FOLDER outcome=NAME`: analysis of one outcome of a sweep, in tables and figures."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from experiments.analysis.choice_figures import draw_boxes, draw_choice, draw_front
from experiments.analysis.discovery import boxes_table, discover
from experiments.analysis.effects import interaction, main_effects, strongest_pair
from experiments.analysis.figures import (
    draw_effects,
    draw_indices,
    draw_interaction,
    draw_morris,
    draw_surface,
)
from experiments.analysis.indices import morris_effects, sobol_indices
from experiments.analysis.pareto import choices, pareto_front, robust_choice
from experiments.analysis.surface import response_surface
from experiments.options.declaration import number, options_from, several, words
from experiments.options.help import help_of
from experiments.options.words import Command, asks_for_help, read_words
from experiments.sweep.table import Sweep, open_sweep
from scenarios.errors import InputError

MOST_CHOICES = 30  # in a figure
LARGEST = 1e300


@dataclass(frozen=True)
class AnalyseOptions:
    """Options of `thuis sweep analyse`."""

    outcome: str | None = words("the outcome that is looked at; default belonging")
    pair: tuple[str, ...] = several("two factors of which the interaction is drawn")
    above: float | None = number(None, -LARGEST, LARGEST, "in which conditions is the outcome above this (PRIM)")
    below: float | None = number(None, -LARGEST, LARGEST, "in which conditions is it below this")
    choice: tuple[str, ...] = several("factors one can choose: which choice does well whatever happens")
    front: tuple[str, ...] = several("outcomes to be high or low at once: NAME:low,NAME:high")


COMMAND = Command(
    "sweep analyse",
    "What a sweep teaches of one outcome: main effects, the strongest interaction and a surface; indices where the\n"
    "design is sobol or morris. Tables and figures go to FOLDER/analysis, each figure with its data beside it.",
    AnalyseOptions,
    operands="FOLDER",
    examples=(
        "thuis sweep analyse FOLDER outcome=belonging",
        "thuis sweep analyse FOLDER outcome=belonging pair=A,B     the interaction of two factors of your choice",
        "thuis sweep analyse FOLDER outcome=gap above=0.05         in which conditions is the gap above 0.05 (PRIM)",
        "thuis sweep analyse FOLDER outcome=belonging choice=policy   which choice does well whatever happens",
        "thuis sweep analyse FOLDER front=spent:low,belonging:high what is not beaten on cost and belonging at once",
    ),
)


def main(argv: Sequence[str]) -> int:
    """Analyse a sweep."""
    if not argv or asks_for_help(argv):
        print(help_of(COMMAND))
        return 0
    if "=" in argv[0]:
        raise InputError("the folder of a sweep comes first: thuis sweep analyse FOLDER outcome=NAME")
    options = options_from(AnalyseOptions, read_words(COMMAND, argv[1:]).values, COMMAND.name)
    sweep = open_sweep(argv[0])
    folder = Path(argv[0]) / "analysis"
    if options.front:
        return show_front(sweep, options.front, folder)
    return show_outcome(sweep, options, folder)


def show_outcome(sweep: Sweep, options: AnalyseOptions, folder: Path) -> int:
    """Effects, indices, conditions and choices for one outcome."""
    outcome = options.outcome or ("belonging" if sweep.plan.model == "thuis" else "outcome")
    if sweep.factors:
        effects = main_effects(sweep, outcome)
        print_table(effects)
        print(draw_effects(effects, outcome, folder))
        show_pair(sweep, outcome, options.pair, effects, folder)
        show_surface(sweep, outcome, folder)
    if sweep.plan.design == "sobol":
        indices = sobol_indices(sweep, outcome)
        print_table(indices)
        print(draw_indices(indices, outcome, folder))
    if sweep.plan.design == "morris":
        elementary = morris_effects(sweep, outcome)
        print_table(elementary)
        print(draw_morris(elementary, outcome, folder))
    for side in ("below", "above"):
        limit = getattr(options, side)
        if limit is not None:
            boxes = discover(sweep, outcome, **{side: limit})
            print_table(boxes_table(boxes))
            print(draw_boxes(boxes, sweep, outcome, folder))
    if options.choice:
        names = list(options.choice)
        best = robust_choice(sweep, outcome, names)
        print_table(best)
        print(draw_choice(best.head(MOST_CHOICES), outcome, names, folder))
    return 0


def show_pair(sweep: Sweep, outcome: str, wanted: tuple[str, ...], effects: pl.DataFrame, folder: Path) -> None:
    """The interaction of two factors: the requested ones, or the two with the largest effects."""
    pair = wanted or strongest_pair(effects)
    if pair is None:
        return
    if len(pair) != 2 or any(name not in sweep.factors for name in pair):
        raise InputError(f"pair={','.join(pair)}: write two factors, A,B (allowed: {', '.join(sweep.factors)})")
    print(draw_interaction(interaction(sweep, outcome, *pair), outcome, folder))


def show_surface(sweep: Sweep, outcome: str, folder: Path) -> None:
    """A response surface, where two factors have enough levels and there are enough runs."""
    try:
        surface = response_surface(sweep, outcome)
    except InputError:
        return
    if len(surface.factors) > 1:
        print(draw_surface(surface, outcome, folder))


def show_front(sweep: Sweep, wanted: tuple[str, ...], folder: Path) -> int:
    """The Pareto front of the outcomes named as NAME:low,NAME:high."""
    goals = {}
    for part in wanted:
        name, sign, goal = part.partition(":")
        if not sign:
            raise InputError(f"front={','.join(wanted)}: write NAME:low or NAME:high for each outcome")
        goals[name] = goal
    front = pareto_front(sweep, goals)
    print_table(front)
    if len(goals) == 2:
        first, second = goals
        print(draw_front(front, choices(sweep, list(goals)), first, second, folder))
    return 0


def print_table(frame: pl.DataFrame) -> None:
    """A table of a few dozen rows."""
    with pl.Config(
        tbl_cols=-1,
        tbl_rows=80,
        tbl_hide_dataframe_shape=True,
        tbl_hide_column_data_types=True,
        tbl_width_chars=160,
        fmt_str_lengths=80,
    ):
        print(frame)
