"""`thuis parameters`: the parameters of the model, with default, range, unit and how sure each is."""

from collections.abc import Sequence

from experiments.cli.lists import nothing_like, read_search
from experiments.options.words import asks_for_help
from experiments.run.help import certainty_lines, parameter_lines

DUTCH = """\
S gezien in de bron; C berekend uit openbare gegevens; R uit het hoofd en niet nagezocht; E een keuze zonder bron
De omschrijvingen van de parameters zijn alleen in het Engels."""

HELP = """\
List the parameters of the model, for parameters.NAME=VALUE: default, range, unit, how sure it is, and what it means.

  thuis parameters [TEXT ...]       all of them, or those in whose name or text a text stands
  thuis parameters language=nl      what the letters mean in Dutch"""


def main(argv: Sequence[str]) -> int:
    """Run `thuis parameters` with these words."""
    if asks_for_help(argv):
        print(HELP)
        return 0
    language, text = read_search(argv)
    lines = parameter_lines(text)
    if not lines:
        raise nothing_like(text, "parameter", "parameters")
    print("\n".join([DUTCH if language == "nl" else certainty_lines(), "", *lines]))
    return 0
