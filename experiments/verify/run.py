"""A run made again: from its configuration, and for a resumed one also from its earlier settings."""

from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiments.options.settings import Settings, settings_from
from experiments.results.folders import SUMMARY, note_files
from experiments.simulation.outcome import Outcome
from experiments.verify.apart import CODE_OF_A_RUN, OF_A_RUN
from experiments.verify.maker import Maker
from experiments.verify.stored import part_of
from scenarios.errors import InputError


class RunMaker(Maker):
    """Makes a run again.

    Parameters
    ----------
    threads : int
        To make it with; 0 takes one per processor.

    Raises
    ------
    InputError
        The configuration is not valid.
    """

    apart, apart_by_code = OF_A_RUN, CODE_OF_A_RUN

    def __init__(self, folder: Path, summary: dict[str, Any], threads: int) -> None:
        from experiments.run.job import prepare

        super().__init__(folder, summary)
        self.requested = part_of(summary, "configuration", kind=dict)
        plain = dict.fromkeys(("resume", "start", "out")) | {"checkpoint_every": 0, "stop_after": 0}
        self.settings = settings_from({**self.requested, **plain, "threads": threads, "fresh_start": True})
        settings_from(self.requested)  # what is taken over must be right too
        self.earlier = earlier_settings(self.settings, part_of(summary, "earlier", kind=list))
        self.job = prepare(self.settings)
        self.table = self.job.table
        self.title = str(self.settings.region["name"])
        self.resumed = self.requested.get("resume") is not None

    def make(self, folder: Path, other_code: bool) -> None:
        """Make the run anew in a folder, with the stored values of what may differ."""
        from experiments.run.job import finish

        finish(self.simulate(folder), folder, 0.0, complete=lambda fresh: self.completed(fresh, other_code))
        note_files(folder)

    def simulate(self, folder: Path) -> Outcome:
        """The run, part after part where it was resumed with another policy or other parameters."""
        from experiments.run.job import StoppedOnRequest, perform, prepare

        checkpoint, resume = folder.with_name("verify.checkpoint"), None
        for until, settings in self.earlier:
            part = replace(settings, options=replace(settings.options, resume=resume, stop_after=until))
            before = folder.with_name(f"until-{until}")
            before.mkdir()
            with suppress(StoppedOnRequest):
                perform(prepare(part, self.table), before, checkpoint=checkpoint)
            resume = str(checkpoint)
        if resume is None:
            return perform(self.job, folder)
        options = replace(self.settings.options, resume=resume)
        return perform(prepare(replace(self.settings, options=options), self.table), folder)


def earlier_settings(settings: Settings, earlier: list[Any]) -> list[tuple[int, Settings]]:
    """The earlier settings, and the month until which each held.

    Raises
    ------
    InputError
        The list is not one that a run writes.
    """
    found: list[tuple[int, Settings]] = []
    for part in earlier:
        if not isinstance(part, dict) or set(part) != {"until", "policy", "parameters"}:
            raise InputError(f"{SUMMARY}: earlier is not a list of until, policy and parameters")
        until, last = part["until"], found[-1][0] if found else 0
        if not isinstance(until, int) or not last < until < 12 * settings.options.years:
            raise InputError(f"{SUMMARY}: earlier names month {until!r}, which is not between the others")
        values = settings.as_dict() | {"policy": part["policy"], "parameters": part["parameters"]}
        found.append((until, settings_from(values)))
    return found
