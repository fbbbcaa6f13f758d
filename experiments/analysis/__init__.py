"""Analysis of a sweep: which factors matter, in which conditions an outcome occurs, and trade-offs."""

from experiments.analysis.discovery import discover
from experiments.analysis.effects import interaction, main_effects
from experiments.analysis.indices import morris_effects, sobol_indices
from experiments.analysis.pareto import pareto_front, robust_choice
from experiments.analysis.surface import response_surface

__all__ = [
    "discover",
    "interaction",
    "main_effects",
    "morris_effects",
    "pareto_front",
    "response_surface",
    "robust_choice",
    "sobol_indices",
]
