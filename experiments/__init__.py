"""Questions asked of the model (run, compare, sweep, calibrate, validate, report) and the `thuis` command.

In Python::

    from experiments import load, run
    result = run(load("westland"), years=10)
    result.months  # a polars frame, a row per month and neighbourhood
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.run.notebook import Result, load, read_result, run
    from experiments.sweep.running import run_sweep
    from experiments.sweep.table import Sweep, open_sweep

__all__ = ["load", "run", "read_result", "Result", "run_sweep", "open_sweep", "Sweep"]


def __getattr__(name: str) -> Any:
    """Import what notebooks use when it is first asked for, so that `thuis --help` stays quick."""
    if name in ("open_sweep", "Sweep"):
        from experiments.sweep import table

        return getattr(table, name)
    if name == "run_sweep":
        from experiments.sweep import running

        return running.run_sweep
    if name in __all__:
        from experiments.run import notebook

        return getattr(notebook, name)
    raise AttributeError(f"module 'experiments' has no attribute '{name}'")
