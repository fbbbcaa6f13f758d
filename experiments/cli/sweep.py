"""`thuis sweep`: run a design, show its progress, resume it, and analyse it."""

from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Run `thuis sweep` with these words."""
    from experiments.options.help import help_of
    from experiments.options.words import asks_for_help
    from experiments.sweep.command import resume, run, show_page, show_status
    from experiments.sweep.request import SWEEP

    words = list(argv)
    first = words[0] if words else "--help"
    if first == "search":
        from experiments.analysis.search import main as search

        return search(words[1:])
    if first in ("analyse", "analyze"):
        from experiments.analysis.command import main as analyse

        return analyse(words[1:])
    if asks_for_help([first, *words]):
        print(help_of(SWEEP))
        return 0
    if first == "status":
        return show_status(words[1:])
    if first == "page":
        return show_page(words[1:])
    return resume(words[1:]) if first == "resume" else run(words)
