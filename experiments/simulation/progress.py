"""Progress of a run: a bar on a terminal, lines on request, else nothing."""

import sys
import time
from typing import Protocol

SECONDS_BETWEEN_LINES = 30
DUTCH = {
    "building": "opbouwen", "settling": "vestigen", "resuming": "hervatten", "start kept": "begin bewaard",
    "months": "maanden",    "residents": "inwoners", "left": "te gaan", "of": "van", "month": "maand",
}  # fmt: skip


class Progress(Protocol):
    """Told of every month; `total` counts settling and the months of the run."""

    def begin(self, total: int, text: str) -> None: ...

    def month(self, residents: int, text: str) -> None: ...

    def end(self) -> None: ...


class Quiet:
    """Shows nothing."""

    def begin(self, total: int, text: str) -> None:
        """Nothing to show."""

    def month(self, residents: int, text: str) -> None:
        """Nothing to show."""

    def end(self) -> None:
        """Nothing to show."""


class Spoken:
    """Progress in the language of the run."""

    def __init__(self, language: str = "en") -> None:
        self.language = language

    def word(self, text: str) -> str:
        """A word, or a region and a word, in that language."""
        if self.language != "nl":
            return text
        region, _, last = text.rpartition(" ")
        return DUTCH.get(text) or (f"{region} {DUTCH[last]}" if region and last in DUTCH else text)


class Bar(Spoken):
    """A bar with months, residents and the time left."""

    def begin(self, total: int, text: str) -> None:
        """Open the bar."""
        from tqdm import tqdm

        months, left = self.word("months"), self.word("left")
        form = f"{{desc}} {{bar:24}} {{n_fmt}}/{{total_fmt}} {months}, {{elapsed}}, {{remaining}} {left}{{postfix}}"
        self.bar = tqdm(total=total, desc=self.word(text), bar_format=form, file=sys.stderr, leave=False)

    def month(self, residents: int, text: str) -> None:
        """Advance the bar by a month."""
        self.bar.set_description_str(self.word(text), refresh=False)
        self.bar.set_postfix_str(f"{residents:,} {self.word('residents')}", refresh=False)
        self.bar.update(1)

    def end(self) -> None:
        """Remove the bar."""
        self.bar.close()


class Lines(Spoken):
    """A plain line now and then, for logs."""

    def begin(self, total: int, text: str) -> None:
        """Note the time."""
        self.total, self.done, self.started = total, 0, time.monotonic()
        self.shown = self.started

    def month(self, residents: int, text: str) -> None:
        """Say how far it is when enough time has passed."""
        self.done += 1
        now = time.monotonic()
        if now - self.shown >= SECONDS_BETWEEN_LINES or self.done == self.total:
            self.shown = now
            left = (now - self.started) / self.done * (self.total - self.done)
            counted = f"{self.done} {self.word('of')} {self.total} {self.word('months')}"
            people = f"{residents:,} {self.word('residents')}"
            print(
                f"{self.word(text)}: {counted}, {people}, {left:.0f} s {self.word('left')}", file=sys.stderr, flush=True
            )

    def end(self) -> None:
        """Nothing to close."""


def progress_of(kind: str, language: str = "en") -> Progress:
    """The kind of progress the settings ask for; auto is a bar on a terminal and nothing elsewhere."""
    if kind == "auto":
        kind = "bar" if sys.stderr.isatty() else "none"
    if kind == "none":
        return Quiet()
    return Bar(language) if kind == "bar" else Lines(language)
