"""Odd inputs made by rule (`tests.tools.odd_rules`), each through the `thuis` command in this process.

    .venv/bin/python -m tests.tools.odd_campaign --count 320 --seed 1            try them and print those not clean
    .venv/bin/python -m tests.tools.odd_campaign --count 320 --seed 1 --write    and write docs/measured/odd_rules.md

Clean is: it runs (exit code 0), or it ends with exit code 1 or 2 and one line that begins with `thuis:`; in no case a
traceback, "a fault of Thuis", a raw warning of a library, control characters, or no answer in time.
"""

import argparse
import contextlib
import io
import os
import random
import re
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.cli.command import main as thuis
from tests.tools.odd_rules import KINDS, Made
from tests.tools.paths import REPOSITORY
from tests.tools.readers import Hangs

TARGET = REPOSITORY / "docs" / "measured" / "odd_rules.md"
SECONDS = 60


@dataclass(frozen=True)
class Tried:
    """An input that was tried: kind, words, exit code (None for none in time), what was said, why it is not clean."""

    kind: str
    words: str
    code: int | None
    said: str
    wrong: str = ""


@contextlib.contextmanager
def limited(seconds: int) -> Iterator[None]:
    """Raise `Hangs` when it takes too long."""

    def stop(number: int, frame: Any) -> None:
        raise Hangs(f"no answer in {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def tried(kind: str, words: list[str]) -> Tried:
    """What the command answers."""
    out, err, code, wrong = io.StringIO(), io.StringIO(), None, ""
    try:
        with limited(SECONDS), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            code = thuis(words)
    except Hangs as late:
        wrong = str(late)
    except BaseException as error:  # whatever came through is a finding
        wrong = f"{type(error).__name__} came through: {error}"
    lines = [line for line in err.getvalue().splitlines() if line.strip()]
    last = lines[-1] if lines else (out.getvalue().splitlines() or [""])[-1]
    return Tried(kind, " ".join(words), code, last[:300], wrong or fault_in(code, lines, out.getvalue()))


def fault_in(code: int | None, lines: list[str], shown: str) -> str:
    """Why an answer is not clean; empty where it is."""
    both = "\n".join([*lines, shown])
    if "a fault of Thuis" in both or "Traceback (most recent" in both:
        return "a fault"
    if re.search(r"^\S+\.py:\d+: \w*Warning", both, re.M):
        return "a raw warning"
    if any(sign in both for sign in ("\x1b", "\x00")):
        return "control characters"
    if code == 0:
        return ""
    if code not in (1, 2):
        return f"exit code {code}"
    ours = [line for line in lines if line.startswith("thuis: ")]
    if code == 2 and "cannot be simulated: " in shown:
        return ""  # `data check` says what it finds on the output, a line each
    if code == 2 and (not ours or len(lines[-1]) > 1000):
        return "not one line of ours"
    return "" if ours or shown.strip() else "nothing said"


def campaign(count: int, seed: int, kinds: list[str] | None = None) -> list[Tried]:
    """Try a number of inputs, the kinds in turn."""
    r, found, names, before = random.Random(seed), [], kinds or list(KINDS), Path.cwd()
    with tempfile.TemporaryDirectory() as room:
        made = Made(Path(room))
        try:
            for number in range(count):
                made.begin()
                kind = names[number % len(names)]
                found.append(tried(kind, KINDS[kind](r, made)))
        finally:
            os.chdir(before)
    return found


def page(found: list[Tried], seed: int) -> str:
    """The table for the docs: of each kind how many were tried, ran, were refused, and were not clean."""
    names = list(dict.fromkeys(one.kind for one in found))
    head = "| kind | tried | ran | refused in one line | not clean |\n| --- | --- | --- | --- | --- |"
    rows = []
    for name in [*names, "all"]:
        some = [one for one in found if name in ("all", one.kind)]
        clean = [one for one in some if not one.wrong]
        ran = sum(one.code == 0 for one in clean)
        rows.append(f"| {name} | {len(some)} | {ran} | {len(clean) - ran} | {len(some) - len(clean)} |")
    unclean = sum(bool(one.wrong) for one in found)
    share = f"{unclean / len(found):.1%} of {len(found)} inputs made by rule (seed {seed}) are not clean."
    return "\n".join([share, "", head, *rows]) + "\n"


def main() -> int:
    """Try them; 1 where one is not clean."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=320)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", action="store_true")
    asked = parser.parse_args()
    found = campaign(asked.count, asked.seed)
    for one in found:
        if one.wrong:
            print(f"{one.wrong}: [{one.kind}] thuis {one.words!r}\n    {one.code}: {one.said}")
    text = page(found, asked.seed)
    print(text)
    print(Counter(one.wrong for one in found if one.wrong))
    if asked.write:
        TARGET.write_text(text, encoding="utf-8")
    return 1 if any(one.wrong for one in found) else 0


if __name__ == "__main__":
    sys.exit(main())
