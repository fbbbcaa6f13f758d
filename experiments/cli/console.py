"""Output of commands: names and messages from outside may hold characters that a terminal would act on."""

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

# As in scenarios.text, but for what a program prints itself: tab, new line, the return of a bar to its beginning, and
# clearing what is left of its line.
ACTED_ON = re.compile("\x1b(?!\\[K)|[\x00-\x08\x0b\x0c\x0e-\x1a\x1c-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


class PlainStream:
    """A stream that replaces control characters by question marks; otherwise as the stream below."""

    def __init__(self, below: Any) -> None:
        self.below = below

    def write(self, text: str) -> int:
        """Write a text."""
        return self.below.write(ACTED_ON.sub("?", text))

    def __getattr__(self, name: str) -> Any:
        return getattr(self.below, name)


@contextmanager
def plain_console() -> Iterator[None]:
    """Let no control characters reach the terminal."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = ours = PlainStream(before[0]), PlainStream(before[1])
    try:
        yield
    finally:
        if sys.stdout is ours[0]:  # else its reader had gone, and nothing is written there any more
            sys.stdout = before[0]
        sys.stderr = before[1]
