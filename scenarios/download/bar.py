"""Progress of a download: a bar on a terminal, and a line for each table elsewhere."""

import sys
from types import TracebackType
from typing import Any

PARTS = 4
"""Tables of a year: key figures, facilities, socio-economic scores, and outlines."""


class FetchBar:
    """A bar with the part being read, pages and megabytes; give `line` and `page` to `fetch`."""

    def __init__(self) -> None:
        self.bar: Any = None
        self.pages, self.bytes = 0, 0

    def __enter__(self) -> "FetchBar":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self.bar is not None:
            self.bar.close()

    def line(self, text: str) -> None:
        """A part begins, or something went wrong that will be tried again."""
        begins = text.startswith(("CBS table", "PDOK"))
        if not sys.stderr.isatty():
            print(text, file=sys.stderr, flush=True)
            return
        if self.bar is None:
            from tqdm import tqdm

            form = "fetching {desc} {bar:16} {n_fmt} of {total_fmt}, {elapsed}{postfix}"
            self.bar = tqdm(total=PARTS, bar_format=form, file=sys.stderr, leave=False)
        elif begins:
            self.bar.update(1)
        if begins:
            self.bar.set_description_str(text)
        else:
            self.bar.write(text, file=sys.stderr)

    def page(self, size: int) -> None:
        """A page of so many bytes is there."""
        self.pages, self.bytes = self.pages + 1, self.bytes + size
        if self.bar is not None:
            self.bar.set_postfix_str(f"{self.pages} pages, {self.bytes / 1e6:.1f} MB")
