"""The result of a run as an object: its tables, its numbers, its figures, and a small table for notebooks."""

from typing import Any

import polars as pl

from experiments.results.html_table import html_table
from experiments.results.phrases import fill, phrases
from experiments.results.result_folder import ResultFolder
from scenarios.policy import package_names, policy_from
from scenarios.policy.packages import read_package

ROWS = {"residents": "{v:,}", "at_home": "{v:.1%}", "belonging": "{v:.3f}", "cohesion": "{v:.2f}", "ties": "{v:.2f}",
        "gap_established_newcomers": "{v:.3f}", "diversity": "{v:.3f}"}  # fmt: skip
"""What the small table shows of the start and the end, each with its form."""


class RunResult(ResultFolder):
    """Tables and numbers of a run.

    Attributes
    ----------
    summary : dict
        As in summary.json: settings, the state at start and end, who stays, notes, digest.
    folder : Path or None
        Where the result was written; None where no folder was asked for.
    """

    tables = ("months", "groups", "municipalities", "neighbourhoods", "cohorts", "people")

    @property
    def months(self) -> pl.DataFrame:
        """A row per month and neighbourhood; month 0 is the start."""
        return self.pl("months")

    @property
    def groups(self) -> pl.DataFrame:
        """A row per month, neighbourhood and group (established or newcomer, with or without migration background)."""
        return self.pl("groups")

    @property
    def municipalities(self) -> pl.DataFrame:
        """A row per month and municipality."""
        return self.pl("municipalities")

    @property
    def neighbourhoods(self) -> pl.DataFrame:
        """A row per neighbourhood: its name, where it lies and what does not change."""
        return self.pl("neighbourhoods")

    @property
    def cohorts(self) -> pl.DataFrame:
        """A row per motive and month: how many came from abroad, and how many of them still live in the region."""
        return self.pl("cohorts")

    @property
    def people(self) -> pl.DataFrame | None:
        """A row per person at the end; None unless the run was asked for it (``people=True``)."""
        return self.pl("people") if (self.path / "people.parquet").exists() else None

    @property
    def digest(self) -> str:
        """Fingerprint of the last state: equal for equal runs."""
        return self.summary["digest"]

    def plot(self, figure: str = "belonging_over_time", axes: Any = None) -> Any:
        """Draw a figure.

        Parameters
        ----------
        figure : {"belonging_over_time", "map", "diversity_belonging", "who_stays"}
        axes : matplotlib Axes, optional
            Where to draw; a new figure when left out.

        Returns
        -------
        matplotlib Axes

        Raises
        ------
        InputError
            No such figure.
        """
        from experiments.results.chart_axes import draw_on
        from experiments.results.drawing import axes_for
        from experiments.results.figures import FIGURES, material_of

        self.check_figure(figure, FIGURES)
        make, height = FIGURES[figure]
        material = material_of(self.path, self.summary["scale"], self.language)
        with axes_for(axes, height=height, language=self.language) as chosen:
            draw_on(chosen, make(material)[2])
            if axes is None:
                chosen.figure.suptitle(material.words["figures"][figure]["title"], fontsize=11)
        return chosen

    def __repr__(self) -> str:
        s, end = self.summary, self.summary["end"]
        return (
            f"RunResult({s['title']}, {s['policy']}: {s['residents']:,} residents, {s['months']} months, "
            f"belonging {end['belonging']:.3f}, {end['at_home']:.0%} at home)"
        )

    def _repr_html_(self) -> str:
        words, s = phrases(self.language)["notebook"], self.summary

        def shown(values: dict[str, Any], key: str) -> str:
            return "–" if values[key] is None else fill(ROWS[key], self.language, v=values[key])

        rows = [[words["rows"][key], *(shown(s[when], key) for when in ("start", "end"))] for key in ROWS]
        caption = fill(words["run"], self.language, title=s["title"], policy=self._policy_title())
        header = ["", words["start"], fill(words["end"], self.language, months=s["months"])]
        note = fill(words["note"], self.language, scale=s["scale"], seed=str(s["seed"]), digest=s["digest"][:12])
        return html_table(caption, header, rows, note)

    def _policy_title(self) -> str:
        """What the policy is called in the language of the result, and whether levers of a package were changed."""
        policy = self.summary["configuration"]["policy"]
        title = policy_from(policy).title[self.language]
        changed = policy["name"] in package_names() and policy != read_package(policy["name"])
        return fill(phrases(self.language)["notebook"]["changed"], self.language, title=title) if changed else title
