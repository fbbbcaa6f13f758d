"""`thuis emulate FOLDER`: fit an emulator to a sweep, and say how far it can be trusted."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from experiments.options.declaration import file_path, options_from, several
from experiments.options.help import help_of
from experiments.options.words import Command, asks_for_help, only_operand, read_words


@dataclass(frozen=True)
class EmulateOptions:
    """Options of `thuis emulate`."""

    outcomes: tuple[str, ...] = several("outcomes to learn; those of the sweep's small table when left out")
    out: str | None = file_path("the file to write; FOLDER/emulator.json when left out")


COMMAND = Command(
    "emulate",
    "Fit an emulator to a sweep: its outcomes as functions of its factors (a quadratic regression and a Gaussian\n"
    "process), with the error and the coverage of its 95 % range on points left out. It predicts at once, in Python:\n"
    "thuis.emulate(FOLDER).predict({...}); beyond the ranges of the sweep it refuses.",
    EmulateOptions,
    operands="FOLDER",
    examples=("thuis emulate out/lhs", "thuis emulate out/lhs outcomes=belonging,gap,spent"),
    notes="""\
effect    how far the factors move the outcome: standard deviation of the predictions over the points; of levers: of
          the policy's levers alone, the other factors kept
error     of the mean of a left-out point's runs, and as a share of the effect; of it by chance: what is left of
          chance in that mean, which no emulator can know
coverage  share of the left-out points whose mean, and of their single runs that, lies in the 95 % range""",
)


def main(argv: Sequence[str]) -> int:
    """Fit an emulator and print how good it is."""
    if not argv or asks_for_help(argv):
        print(help_of(COMMAND))
        return 0
    request = read_words(COMMAND, argv)
    folder = only_operand(COMMAND, request)
    options = options_from(EmulateOptions, request.values, COMMAND.name)
    from experiments.emulate.emulator import FILE, fit_emulator
    from experiments.sweep.table import open_sweep

    sweep = open_sweep(folder)
    emulator = fit_emulator(sweep, options.outcomes)
    path = Path(options.out) if options.out else sweep.path / FILE
    emulator.write(path)
    print(table_in_words(emulator.table()))
    print(f"written: {path}")
    return 0


def table_in_words(found: pl.DataFrame) -> str:
    """The table of errors and coverage as Markdown."""
    words = found.columns[: found.columns.index("outcome") + 1]
    header = [*words, "points", "runs", "effect", "effect of levers", "error", "of effect", "of effect of levers",
              "by chance", "coverage, means", "coverage, runs"]  # fmt: skip
    lines = [header, ["---"] * len(header)]
    for row in found.iter_rows(named=True):
        lines.append(
            [
                *(str(row[word]) for word in words),
                f"{row['points']:,}",
                f"{row['runs']:,}",
                f"{row['effect']:.4g}",
                number_in_words(row["effect_levers"]),
                f"{row['rmse']:.3g}",
                f"{row['share']:.1%}",
                share_in_words(row["share_levers"]),
                f"{row['chance']:.3g}",
                f"{row['coverage_points']:.1%}",
                f"{row['coverage_runs']:.1%}",
            ]
        )
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def number_in_words(value: float) -> str:
    """A number, or a dash."""
    return f"{value:.4g}" if value == value else "–"


def share_in_words(value: float) -> str:
    """A share as a percentage, or a dash."""
    return f"{value:.1%}" if value == value else "–"
