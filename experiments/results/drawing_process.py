"""Processes of their own that draw the figures of a run: they import Matplotlib while the months pass.

`thuis run` begins them before anything else; without them, as from Python, figures are drawn where they are wanted.
"""

import json
import os
import shutil
import subprocess
import sys
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.results.drawing import Figure

MOST = 2  # more would import Matplotlib longer than they draw
waiting: list[subprocess.Popen[str]] = []


def begin_drawing() -> None:
    """Begin processes that wait for figures to draw, no more than processors; they end with this one."""
    # -P: a folder `experiments` where the user happens to be is not ours. A session of its own: Ctrl-C is for the run.
    command = [sys.executable, "-P", "-m", "experiments.results.drawing_process"]
    path = os.pathsep.join(filter(None, sys.path))
    with suppress(OSError):  # no more processes: figures are drawn here
        for _ in range(min(MOST, os.cpu_count() or 1)):
            waiting.append(
                subprocess.Popen(
                    command, env=os.environ | {"PYTHONPATH": path}, text=True, start_new_session=True,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                )
            )  # fmt: skip


class FiguresAsked:
    """Figures of a result that are being drawn.

    Parameters
    ----------
    folder : Path
        The result, its tables already written.
    scale : int
        Residents an agent stands for.
    language : {"en", "nl"}
    """

    def __init__(self, folder: Path, scale: int, language: str) -> None:
        self.request: tuple[Path, int, str] = (folder, scale, language)
        self.processes = waiting[:]
        waiting.clear()
        for part, process in enumerate(self.processes):
            with suppress(OSError):
                json.dump([str(folder.absolute()), scale, language, part, len(self.processes)], process.stdin)  # type: ignore[arg-type]
                process.stdin.close()  # type: ignore[union-attr]

    def wait(self) -> "list[Figure]":
        """The figures, once they are drawn; drawn here where a process did not."""
        from experiments.results.drawing import Figure
        from experiments.results.figures import FIGURES, draw_figures

        answers = [process.stdout.read() for process in self.processes if process.stdout is not None]
        if self.processes and not any(process.wait() for process in self.processes):
            drawn = {each["name"]: Figure(**each) for answer in answers for each in json.loads(answer)}
            return [drawn[name] for name in FIGURES]
        shutil.rmtree(self.request[0] / "figures", ignore_errors=True)
        return draw_figures(*self.request)


def answer(request: str) -> list[dict[str, Any]]:
    """Draw one part of the figures; nothing where the run ended without a result."""
    from experiments.results.figures import FIGURES, draw_figures

    if not request:
        return []
    folder, scale, language, part, parts = json.loads(request)
    names = list(FIGURES)[part::parts]
    return [asdict(figure) for figure in draw_figures(Path(folder), scale, language, names)]


if __name__ == "__main__":
    import experiments.results.figures  # noqa: F401

    print(json.dumps(answer(sys.stdin.read())))
