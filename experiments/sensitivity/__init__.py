"""Which parameters matter: Morris screening of all, Sobol indices of the leading ones: `thuis sensitivity`."""

from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Run `thuis sensitivity` with these words."""
    from experiments.sensitivity.command import sensitivity_command

    return sensitivity_command(list(argv))
