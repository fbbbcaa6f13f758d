"""What makes a result again: what a run and a comparison share."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, ClassVar

from experiments.verify.apart import taken_over

Kinds = Mapping[str, Callable[[Any], bool]]


class Maker:
    """Makes a result again from its summary.

    Parameters
    ----------
    folder : Path
        Of the result.
    summary : dict
        As it was stored.

    Attributes
    ----------
    apart, apart_by_code : dict
        What may differ from the result as it was, and what more when other code made it.
    resumed : bool
        Whether it went on from a checkpoint.
    """

    apart: ClassVar[Kinds] = {}
    apart_by_code: ClassVar[Kinds] = {}
    resumed = False

    def __init__(self, folder: Path, summary: dict[str, Any]) -> None:
        self.folder, self.summary = folder, summary

    def faults(self) -> list[str]:
        """Faults of the summary that need no run: none, since making it again shows all."""
        return []

    def completed(self, fresh: dict[str, Any], other_code: bool) -> dict[str, Any]:
        """The summary made anew with the stored values of what may differ."""
        return taken_over(fresh, self.summary, {**self.apart, **(self.apart_by_code if other_code else {})})
