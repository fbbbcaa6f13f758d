"""Thuis in Python: feeling at home in neighbourhoods where people come and go, simulated person by person.

>>> import thuis
>>> result = thuis.run("vaals", policy="libraries", years=5, scale=5)
>>> result.months.tail()
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from agents import CohesionModel as Model
    from experiments.cli.results import read_result as read
    from experiments.compare.python import compare
    from experiments.emulate.python import emulate
    from experiments.options.choices import levers, parameters, policies, regions
    from experiments.plan.python import plan
    from experiments.run.python import run
    from experiments.sweep.python import sweep
    from scenarios.errors import InputError

__all__ = [
    "run",
    "compare",
    "sweep",
    "emulate",
    "plan",
    "Model",
    "regions",
    "policies",
    "levers",
    "parameters",
    "read",
    "InputError",
]

MODULES = {
    "run": "experiments.run.python",
    "compare": "experiments.compare.python",
    "sweep": "experiments.sweep.python",
    "emulate": "experiments.emulate.python",
    "plan": "experiments.plan.python",
    "Model": "agents:CohesionModel",
    "regions": "experiments.options.choices",
    "policies": "experiments.options.choices",
    "levers": "experiments.options.choices",
    "parameters": "experiments.options.choices",
    "read": "experiments.cli.results:read_result",
    "InputError": "scenarios.errors",
}
"""Module of each name: imported at first use, so that `import thuis` takes no time."""


def __getattr__(name: str) -> Any:
    if name not in MODULES:
        raise AttributeError(f"module 'thuis' has no attribute '{name}'")
    module, _, called = MODULES[name].partition(":")
    globals()[name] = getattr(import_module(module), called or name)
    return globals()[name]


def __dir__() -> list[str]:
    return sorted(__all__)
