"""`thuis compare`: policies on the same random draws, their paired differences, costs and what is uncertain."""

from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str]) -> int:
    """Run `thuis compare` with these words."""
    from experiments.compare.command import main as run

    return run(argv)
