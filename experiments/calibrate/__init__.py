"""Fitting the uncertain parameters to measured places and national patterns: `thuis calibrate`."""

from collections.abc import Sequence


def main(argv: Sequence[str]) -> int:
    """Run `thuis calibrate` with these words."""
    from experiments.calibrate.command import calibrate_command

    return calibrate_command(list(argv))
