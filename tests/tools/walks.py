"""Walks through the code: which functions one small run calls, in their order, and where its settings pass.

`python -m tests.tools.walks` prints the walk of the settings of a run: the files they pass, and where the walk climbs.
"""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from types import FrameType
from typing import Any

from experiments.options.settings import Options, RunRequest, Settings
from experiments.options.words import Request
from experiments.simulation.outcome import Job, Outcome
from experiments.simulation.simulate import Simulation
from tests.tools.paths import REPOSITORY
from tests.tools.structure import ROOMS, level

TABLE = "code,residents,origin_native,origin_other\nA,60,0.8,0.2\nB,40,0.6,0.4\n"
WORDS = ("region=file", "policy=libraries", "policy.libraries.funding=2", "parameters.base=0.5", "years=1", "threads=1",
         "progress=none", "fresh_start=true")  # fmt: skip
SETTINGS = (Settings, Options, RunRequest, Request, Job, Outcome, Simulation)


@dataclass(frozen=True)
class Call:
    """A call of a function of ours.

    Attributes
    ----------
    file : str
        Path in the repository.
    function : str
        Its qualified name, such as ``World.set_parameters``.
    settings : bool
        Whether an argument is, or carries, the settings of a run.
    """

    file: str
    function: str
    settings: bool

    @property
    def module(self) -> str:
        """Name of the module, for its place in the order."""
        return self.file.removesuffix(".py").replace("/", ".")


def calls_of(work: Callable[[], Any]) -> list[Call]:
    """Every call of our own functions in the main thread while some work is done, in their order."""
    found: list[Call] = []

    def note(frame: FrameType, event: str, argument: Any) -> None:
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(str(REPOSITORY)):
            return
        file = Path(code.co_filename).relative_to(REPOSITORY).as_posix()
        if file.split("/")[0] in ROOMS and code.co_name != "<module>":
            names = code.co_varnames[: code.co_argcount + code.co_kwonlyargcount]
            held = any(isinstance(frame.f_locals.get(name), SETTINGS) for name in names)
            found.append(Call(file, code.co_qualname.replace(".<locals>", ""), held))

    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found


def small_run(folder: Path) -> list[Call]:
    """The calls of a run of two neighbourhoods from a table, with a lever and a parameter that were moved."""
    from experiments.cli.command import main

    table = folder / "two.csv"
    table.write_text(TABLE, encoding="utf-8")

    def work() -> None:
        code = main(["run", *WORDS, f"region.table={table}", f"out={folder / 'result'}"])
        if code:
            raise RuntimeError(f"thuis run ended with {code}")

    return calls_of(work)


def walk_of_settings(calls: list[Call]) -> list[str]:
    """The files that settings are handed to, one after another."""
    walk: list[str] = []
    for call in calls:
        if call.settings and (not walk or walk[-1] != call.file):
            walk.append(call.file)
    return walk


def climbs(walk: list[str]) -> int:
    """How often a walk goes to a file that stands higher in the order of rooms and folders."""
    levels = [level(file.removesuffix(".py").replace("/", ".")) for file in walk]
    return sum(after > before for before, after in pairwise(levels))


if __name__ == "__main__":
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        passed = walk_of_settings(small_run(Path(folder)))
    print("\n".join(passed))
    print(f"{len(set(passed))} files, {climbs(passed)} climbs")
