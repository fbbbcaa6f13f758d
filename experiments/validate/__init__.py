"""Setting the simulator beside measured figures: patterns of the country, and any table of measured outcomes."""

from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Run `thuis validate` with these words."""
    from experiments.validate.command import validate_command

    return validate_command(list(argv))
