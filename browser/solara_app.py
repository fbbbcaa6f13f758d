"""For those who know Mesa: its own viewer, SolaraViz, over the same model. Needs the extra `solara` and the internet.

Run it with ``solara run browser/solara_app.py``; for the page that does more, see ``thuis view``.
"""

from typing import Any

import numpy as np
import solara
from matplotlib.figure import Figure
from mesa.visualization import SolaraViz, make_plot_component

from agents import CohesionModel
from experiments.results.palette import amounts_map
from scenarios.regions.archetypes import archetype_names

# Controls, in Mesa's own form; a change starts a new run.
CONTROLS: dict[str, Any] = {
    "world": {"type": "Select", "value": "vaals", "values": archetype_names(), "label": "Place"},
    "scale": {"type": "SliderInt", "value": 20, "min": 1, "max": 100, "step": 1, "label": "Residents per agent"},
    "seed": {"type": "SliderInt", "value": 1, "min": 1, "max": 100, "step": 1, "label": "Seed"},
}


def map_figure(model: CohesionModel) -> Figure:
    """Neighbourhoods as dots: place, size by residents, colour by mean belonging."""
    figure = Figure(figsize=(5, 4), layout="constrained")
    axes = figure.add_subplot()
    neighbourhoods = model.neighbourhoods
    belonging = [model.figures_of(j)["belonging"] for j in range(len(neighbourhoods))]
    sizes = 40 + 400 * np.array([p.population for p in neighbourhoods]) / max(p.population for p in neighbourhoods)
    dots = axes.scatter(
        [p.x for p in neighbourhoods], [p.y for p in neighbourhoods], s=sizes, c=belonging, cmap=amounts_map()
    )
    figure.colorbar(dots, label="belonging (mean, 0–1)")
    axes.set(aspect="equal", xlabel="km", ylabel="km", title=f"month {model.month}")
    return figure


@solara.component
def NeighbourhoodMap(model: CohesionModel) -> None:
    """The map, drawn anew after every step."""
    from mesa.visualization.utils import update_counter

    update_counter.get()
    solara.FigureMatplotlib(map_figure(model), format="png")


@solara.component
def Page() -> None:
    """One model per visitor."""
    model = solara.use_memo(lambda: CohesionModel("vaals", scale=20), [])
    SolaraViz(
        model,
        components=[NeighbourhoodMap, make_plot_component("belonging"), make_plot_component("residents")],
        model_params=CONTROLS,
        name="Thuis",
    )
