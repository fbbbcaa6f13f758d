"""`thuis parameters`: the parameters of the model, with default, range, unit and how sure each is."""

from collections.abc import Sequence

from experiments.cli.lists import nothing_like, read_search
from experiments.options.words import asks_for_help
from experiments.run.help import certainty_lines, parameter_lines

HELP = """\
List the parameters of the model, for parameters.NAME=VALUE: default, range, unit, how sure it is, and what it means.

  thuis parameters [TEXT ...]       all of them, or those in whose name or text a text stands"""


def main(argv: Sequence[str]) -> int:
    """Run `thuis parameters` with these words."""
    if asks_for_help(argv):
        print(HELP)
        return 0
    _, text = read_search(argv)
    lines = parameter_lines(text)
    if not lines:
        raise nothing_like(text, "parameter", "parameters")
    print("\n".join([certainty_lines(), "", *lines]))
    return 0
