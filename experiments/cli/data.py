"""`thuis data`: real areas and tables of one's own; and how far a result agrees with what was observed there."""

import sys
from collections.abc import Sequence

from scenarios.download import data_command

HELP = """\
How far the simulated areas agree with observed ones.

  thuis data observed RESULT TABLE           RESULT: folder of thuis run; TABLE: its areas, or any table by code
  thuis data observed RESULT TABLE at_least=500    areas of 500 residents and more (default: 100)

Every column of TABLE that is called observed_NAME is set beside the column NAME of the result (turnover, belonging,
at_home, cohesion, diversity, ...; see `months` in the documentation): rank correlation (Spearman) with its 95 %
interval, ordinary correlation (Pearson), and both means, over the areas of which both are known. Nothing is fitted."""


def main(argv: Sequence[str]) -> int:
    """Run `thuis data` with these words."""
    words = list(argv)
    if words[:1] != ["observed"]:
        return data_command(words)
    if len(words) < 3 or {"--help", "-h"} & set(words):
        print(HELP)
        return 0 if {"--help", "-h"} & set(words) else 2
    from experiments.validate.observed import agreement, as_text

    print(as_text(agreement(words[1], words[2], words[3:])))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
