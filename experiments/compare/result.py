"""The result of a comparison as an object: its tables, its numbers, its figures, and a small table for notebooks."""

from collections.abc import Callable
from typing import Any

import polars as pl

from experiments.compare.report.answer import glance
from experiments.compare.report.charts import draw_groups, draw_time, groups_height
from experiments.compare.report.material import Report
from experiments.compare.report.page import question
from experiments.results.html_table import html_table
from experiments.results.result_folder import ResultFolder

ESTABLISHED_AND_NEW = ("established", "newcomer")


class ComparisonResult(ResultFolder):
    """Tables and numbers of a comparison; every difference is with the first policy, on the same draws.

    Attributes
    ----------
    summary : dict
        As in summary.json: effects, costs, ranking, spread, receipt, notes.
    folder : Path or None
        Where the result was written; None where no folder was asked for.
    """

    tables = ("people", "effects", "by_group", "by_neighbourhood", "over_time", "costs", "replicates")

    @property
    def people(self) -> pl.DataFrame:
        """A row per policy, group, measure, part of the change (both, composition, total) and year."""
        return self.pl("people")

    @property
    def effects(self) -> pl.DataFrame:
        """A row per policy and measure at the end: difference, its 95 % interval, standard deviation."""
        return self.pl("effects")

    @property
    def by_group(self) -> pl.DataFrame:
        """A row per policy, group of residents and measure."""
        return self.pl("by_group")

    @property
    def by_neighbourhood(self) -> pl.DataFrame:
        """A row per policy, neighbourhood and measure."""
        return self.pl("by_neighbourhood")

    @property
    def over_time(self) -> pl.DataFrame:
        """A row per policy, group, measure and month."""
        return self.pl("over_time")

    @property
    def costs(self) -> pl.DataFrame:
        """Euro per policy, lever and year, with the ends of the range of prices."""
        return self.pl("costs")

    @property
    def replicates(self) -> pl.DataFrame:
        """A row per replicate, policy and measure."""
        return self.pl("replicates")

    def plot(self, figure: str = "groups", axes: Any = None) -> Any:
        """Draw a figure of how many more people feel at home, per 1,000 who live there in both futures.

        Parameters
        ----------
        figure : {"groups", "time", "newcomers"}
            By group of residents at the end; year by year; or that for established residents and newcomers.
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
        from experiments.results.drawing import axes_for

        self.check_figure(figure, ("groups", "time", "newcomers"))
        report = self._report()
        words, titles, language = report.words, report.compared, self.language
        height = 1.6 + groups_height(self.people, titles) if figure == "groups" else 4.2
        drawings: dict[str, Callable[[Any], None]] = {
            "groups": lambda axes: draw_groups(axes, self.people, titles, words, language),
            "time": lambda axes: draw_time(axes, self.people, titles, ("everyone",), words, language),
            "newcomers": lambda axes: draw_time(axes, self.people, titles, ESTABLISHED_AND_NEW, words, language),
        }
        with axes_for(axes, height=height) as chosen:
            drawings[figure](chosen)
            chosen.legend(loc="upper center", bbox_to_anchor=(0.5, -0.16), ncols=2, fontsize=9)
            if axes is None:
                chosen.figure.suptitle(report.say(words["figures"][f"{figure}_title"]), fontsize=11)
        return chosen

    def __repr__(self) -> str:
        s = self.summary
        names = ", ".join(policy["name"] for policy in s["policies"])
        return f"ComparisonResult({s['title']}, {names}: {s['replicates']} replicates of {s['years']} years)"

    def _repr_html_(self) -> str:
        report = self._report()
        words = report.words
        shown = ("levels", "at_home", "established", "newcomer", "composition_column", "yearly", "per_home_column")
        header = [words["effects"]["policy"], *(words["answer"][key] for key in shown)]
        rows = [
            [
                row["title"],
                row["levels"]["value"],
                *(with_ends(row[key]) for key in shown[1:4]),
                row["composition"],
                row["yearly"]["value"],
                row["per_home"]["value"],
            ]
            for row in glance(report)
        ]
        caption = report.say("{title}. " + words["answer"]["glance"], title=self.summary["title"])
        return html_table(caption, header, rows, question(report)[1])

    def _report(self) -> Report:
        """The words and tables of the report in the language of the result."""
        self.pl("effects")  # refuses when another result has taken this one's place
        return Report(self.path, self.summary, None, self.language)


def with_ends(cell: dict[str, str]) -> str:
    """A difference with its interval behind it, where there is one."""
    return f"{cell['value']} ({cell['ends']})" if cell["ends"] else cell["value"]
