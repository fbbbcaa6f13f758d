"""`thuis plan FOLDER budget=EURO`: the best use of a budget over the levers of a sweep."""

from collections.abc import Sequence

from experiments.options.declaration import options_from
from experiments.options.help import help_of
from experiments.options.words import Command, asks_for_help, only_operand, read_words
from experiments.plan.study import PlanOptions

COMMAND = Command(
    "plan",
    "Find the best use of a budget over the levers of a sweep: the most belonging in the worst tenth of draws of the\n"
    "parameters, while the gap widens by no more than gap=. Plans are tried on the sweep's emulator (docs: emulate);\n"
    "the best ones and equal division of the budget are run by the model, in other draws and with other seeds.",
    PlanOptions,
    operands="FOLDER",
    examples=(
        "thuis sweep region=vaals scale=5 start=shared design=latin_hypercube runs=500 replicates=20 \\",
        "    policy=plan.yaml factors.policy.counter.one_stop=[0,1] factors.policy.libraries.funding=[1,2] \\",
        "    factors.parameters.effect_amenities=[0.065,0.145] out=out/lhs",
        "thuis plan out/lhs budget=100000",
        "thuis plan out/lhs budget=100000 gap=0.002 language=nl out=out/plan",
    ),
    notes="""\
Neighbourhoods: give a package (policy=FILE.yaml) one measure for each group of them, with where=; every measure's
lever is a factor of its own. Prices are those of the levers (thuis levers).
Written: plan.md (what was found), front.csv and front.png (plans that no other beats), plan.json (all of it).""",
)


def main(argv: Sequence[str]) -> int:
    """Make a plan and print what was found."""
    if not argv or asks_for_help(argv):
        print(help_of(COMMAND))
        return 0
    request = read_words(COMMAND, argv)
    folder = only_operand(COMMAND, request)
    options = options_from(PlanOptions, request.values, COMMAND.name)
    from experiments.plan.python import make_plan_of
    from experiments.sweep.table import open_sweep

    found = make_plan_of(open_sweep(folder), options)
    print(found.text)
    print(f"{found.folder}")
    return 0
