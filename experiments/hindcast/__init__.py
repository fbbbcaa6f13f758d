"""`thuis hindcast`: years that have passed, simulated from an earlier table and set beside a later one."""

from collections.abc import Sequence

__all__ = ["main"]


def main(argv: Sequence[str]) -> int:
    """Run `thuis hindcast` with these words."""
    from experiments.hindcast.command import hindcast_command

    return hindcast_command(list(argv))
