"""A sweep in the browser: its page, and its runs, each made again in full when it is asked for."""

import tempfile
import threading
from pathlib import Path

from markupsafe import Markup

from browser.static_files import KINDS
from experiments.emulate.emulator import FILE, Emulator, read_emulator
from experiments.results.phrases import fill
from experiments.sweep.page import sweep_page, words_of
from experiments.sweep.reopen import check_same, rerun, row_of
from experiments.sweep.table import open_sweep
from scenarios.errors import InputError

FILE_KINDS = {
    **KINDS,
    "png": "image/png",
    "csv": "text/csv; charset=utf-8",
    "zip": "application/zip",
    "gpkg": "application/geopackage+sqlite3",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


class SweepPages:
    """The pages of one sweep; runs are made again one at a time, and kept until the server ends.

    Parameters
    ----------
    folder : path
        Of the sweep.

    Raises
    ------
    InputError
        No sweep there, or no run of it is done.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        self.sweep = open_sweep(self.folder)
        self.sweep.pl()
        self.room = tempfile.TemporaryDirectory(prefix="thuis-rows-")
        self.busy = threading.Lock()
        self.files: dict[tuple[int, str], dict[str, Path]] = {}

    @property
    def emulator(self) -> Emulator | None:
        """The emulator that was fitted to it, if there is one."""
        return read_emulator(self.folder) if (self.folder / FILE).is_file() else None

    def page(self, language: str) -> str:
        """Figures and runs of the sweep as it now is."""
        return sweep_page(open_sweep(self.folder), language, served=True)

    def run_page(self, run: int, language: str) -> str:
        """The page of a run made again in full, with a line that says whether it is that of the sweep.

        Raises
        ------
        InputError
            There is no such run, or it cannot be repeated.
        """
        row, words = row_of(self.folder, run), words_of(language)
        place = Path(self.room.name) / f"{run}-{language}"
        with self.busy:
            if (run, language) not in self.files:
                rerun(self.folder, run, {"out": str(place), "language": language, "progress": "none"})
                self.files[run, language] = {
                    path.name: path
                    for path in (*place.iterdir(), *(place / "figures").iterdir())
                    if path.suffix.removeprefix(".") in FILE_KINDS and path.name != "summary.json"
                }
        same, text = check_same(row, place)
        said = words["same_state" if same and "to the last bit" in text else "no_state" if same else "other_state"]
        line = Markup('<p class="kind">{} <a href="../">{}</a></p>').format(
            fill(words["same"], language, run=run, said=said), words["back"]
        )
        text = (place / "page.html").read_text(encoding="utf-8")
        return text.replace("<main>", f"<main>\n{line}", 1)

    def file(self, run: int, name: str, language: str) -> tuple[bytes, str]:
        """What the page of a run that was made again links to, and its type.

        Raises
        ------
        InputError
            There is none.
        """
        path = self.files.get((run, language), {}).get(name)
        if path is None:
            raise InputError(f"no file {name} of run {run}")
        return path.read_bytes(), FILE_KINDS[path.suffix.removeprefix(".")]
