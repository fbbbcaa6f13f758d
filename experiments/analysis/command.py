"""`thuis sweep analyse FOLDER outcome=NAME`: what a sweep teaches of one outcome, in tables and figures."""

from collections.abc import Sequence
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
from experiments.sweep.factors import read_value
from experiments.sweep.table import Sweep, open_sweep
from scenarios.errors import InputError

HELP = """\
  thuis sweep analyse FOLDER outcome=belonging              main effects, the strongest interaction and a surface;
                                                            indices where the design is sobol or morris
  thuis sweep analyse FOLDER outcome=belonging pair=A,B     the interaction of two factors of your choice
  thuis sweep analyse FOLDER outcome=gap above=0.05         in which conditions is the gap above 0.05 (PRIM)
  thuis sweep analyse FOLDER outcome=belonging choice=policy   which choice does well whatever happens
  thuis sweep analyse FOLDER front=spent:low,belonging:high what is not beaten on cost and belonging at once
Tables and figures go to FOLDER/analysis, each figure with its data beside it."""
MOST_CHOICES = 30  # in a figure
KEYS = ("outcome", "pair", "above", "below", "choice", "front")


def main(argv: Sequence[str]) -> int:
    """Analyse a sweep."""
    words = list(argv)
    if not words or words[0] in ("--help", "-h", "help"):
        print(HELP)
        return 0
    if "=" in words[0]:
        raise InputError("the folder of a sweep comes first: thuis sweep analyse FOLDER outcome=NAME")
    options = dict(word.partition("=")[::2] for word in words[1:])
    for key in options:
        if key not in KEYS:
            raise InputError(f"{key} is not an option of analyse (allowed: {', '.join(KEYS)})")
    sweep = open_sweep(words[0])
    place = Path(words[0]) / "analysis"
    if "front" in options:
        return show_front(sweep, options["front"], place)
    return show_outcome(sweep, options, place)


def show_outcome(sweep: Sweep, options: dict[str, str], place: Path) -> int:
    """Effects, indices, conditions and choices for one outcome."""
    outcome = options.get("outcome", "belonging" if sweep.plan.model == "thuis" else "outcome")
    if sweep.factors:
        effects = main_effects(sweep, outcome)
        print_table(effects)
        print(draw_effects(effects, outcome, place))
        show_pair(sweep, outcome, options.get("pair"), effects, place)
        show_surface(sweep, outcome, place)
    if sweep.plan.design == "sobol":
        indices = sobol_indices(sweep, outcome)
        print_table(indices)
        print(draw_indices(indices, outcome, place))
    if sweep.plan.design == "morris":
        elementary = morris_effects(sweep, outcome)
        print_table(elementary)
        print(draw_morris(elementary, outcome, place))
    for side in ("below", "above"):
        if side in options:
            limit = read_value(side, options[side])
            if not isinstance(limit, int | float):
                raise InputError(f"{side}={options[side]} is not a number")
            boxes = discover(sweep, outcome, **{side: limit})
            print_table(boxes_table(boxes))
            print(draw_boxes(boxes, sweep, outcome, place))
    if "choice" in options:
        names = options["choice"].split(",")
        best = robust_choice(sweep, outcome, names)
        print_table(best)
        print(draw_choice(best.head(MOST_CHOICES), outcome, names, place))
    return 0


def show_pair(sweep: Sweep, outcome: str, asked: str | None, effects: pl.DataFrame, place: Path) -> None:
    """The interaction of two factors: those asked for, or the two with the largest effects."""
    pair = strongest_pair(effects) if asked is None else tuple(asked.split(","))
    if pair is None:
        return
    if len(pair) != 2 or any(name not in sweep.factors for name in pair):
        raise InputError(f"pair={asked}: write two factors, A,B (allowed: {', '.join(sweep.factors)})")
    print(draw_interaction(interaction(sweep, outcome, *pair), outcome, place))


def show_surface(sweep: Sweep, outcome: str, place: Path) -> None:
    """A response surface, where two factors have numbers enough and there are runs enough."""
    try:
        surface = response_surface(sweep, outcome)
    except InputError:
        return
    if len(surface.factors) > 1:
        print(draw_surface(surface, outcome, place))


def show_front(sweep: Sweep, text: str, place: Path) -> int:
    """The Pareto front of the outcomes named as NAME:low,NAME:high."""
    goals = {}
    for part in text.split(","):
        name, sign, goal = part.partition(":")
        if not sign:
            raise InputError(f"front={text}: write NAME:low or NAME:high for each outcome")
        goals[name] = goal
    front = pareto_front(sweep, goals)
    print_table(front)
    if len(goals) == 2:
        first, second = goals
        print(draw_front(front, choices(sweep, list(goals)), first, second, place))
    return 0


def print_table(frame: pl.DataFrame) -> None:
    """A table of a few dozen rows."""
    with pl.Config(tbl_cols=-1, tbl_rows=80, tbl_hide_dataframe_shape=True, tbl_hide_column_data_types=True,
                   tbl_width_chars=160, fmt_str_lengths=80):  # fmt: skip
        print(frame)
