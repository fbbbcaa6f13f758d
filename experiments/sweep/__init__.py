"""Sweeps: whole designs of regions, policies and parameters, on a laptop or a cluster, restartable and analysable.

In Python::

    from experiments import open_sweep
    table = open_sweep("out/mine").pl()      # or .pandas(), .duckdb(), .query("select ... from runs"), .xarray()
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.sweep.table import Sweep, open_sweep

__all__ = ["Sweep", "main", "open_sweep"]


def main(argv: Sequence[str]) -> int:
    """`thuis sweep` with these words."""
    from experiments.sweep.command import main as command

    return command(argv)


def __getattr__(name: str) -> Any:
    """Import the table when it is first asked for: workers need none of it."""
    if name in ("Sweep", "open_sweep"):
        from experiments.sweep import table

        return getattr(table, name)
    raise AttributeError(f"module 'experiments.sweep' has no attribute '{name}'")
