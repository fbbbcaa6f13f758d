"""A process of its own that draws the figures of a run: it imports Matplotlib while the months pass.

`thuis run` begins it before anything else; without it, as from Python, figures are drawn where they are wanted.
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

waiting: list[subprocess.Popen[str]] = []


def begin_drawing() -> None:
    """Begin a process that waits for figures to draw; it ends with this one."""
    # -P: a folder `experiments` where the user happens to be is not ours. A session of its own: Ctrl-C is for the run.
    command = [sys.executable, "-P", "-m", "experiments.results.drawing_process"]
    path = os.pathsep.join(filter(None, sys.path))
    with suppress(OSError):  # no more processes: figures are drawn here
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
        self.process = waiting.pop() if waiting else None
        if self.process is not None and self.process.stdin is not None:
            with suppress(OSError):
                json.dump([str(folder.absolute()), scale, language], self.process.stdin)
                self.process.stdin.close()

    def wait(self) -> "list[Figure]":
        """The figures, once they are drawn; drawn here where no process did."""
        from experiments.results.drawing import Figure
        from experiments.results.figures import draw_figures

        if self.process is not None and self.process.stdout is not None:
            answer = self.process.stdout.read()
            if self.process.wait() == 0:
                return [Figure(**figure) for figure in json.loads(answer)]
            shutil.rmtree(self.request[0] / "figures", ignore_errors=True)
        return draw_figures(*self.request)


def answer(request: str) -> list[dict[str, Any]]:
    """Draw what is asked for; nothing where the run ended without a result."""
    from experiments.results.figures import draw_figures

    if not request:
        return []
    folder, scale, language = json.loads(request)
    return [asdict(figure) for figure in draw_figures(Path(folder), scale, language)]


if __name__ == "__main__":
    import experiments.results.figures  # noqa: F401

    print(json.dumps(answer(sys.stdin.read())))
