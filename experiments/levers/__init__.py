"""`thuis levers`: whether each lever moves what it is for the right way, with all else equal."""

from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str]) -> int:
    """Run `thuis levers` with these words."""
    from experiments.levers.command import main as run

    return run(argv)
