"""A campaign of random worlds and damaged inputs, larger than the tests have time for.

    .venv/bin/python tests/tools/campaign.py --worlds 2000 --inputs 100000 --seed 1

It goes on after a failure, says so at once, and lists at the end every distinct one with the smallest input that caused
it; the exit code is 1 where there is any. One thread; about ten minutes for these numbers on a quiet machine.
"""

import argparse
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

from tests.tools.mutations import damaged
from tests.tools.random_worlds import cases, check_case
from tests.tools.readers import READERS, Reader, try_reader

# What costs much more to read than the others is tried so much less.
PART = {"points of a sweep": 0.1, "checkpoint of a run": 0.02, "policy": 0.5, "origin scheme": 0.5}


@dataclass
class Findings:
    """What was tried, and the distinct failures with the smallest input of each."""

    tried: Counter[str] = field(default_factory=Counter)
    accepted: Counter[str] = field(default_factory=Counter)
    failures: dict[str, Any] = field(default_factory=dict)

    def note(self, name: str, error: BaseException, data: Any) -> None:
        """Keep a failure under where it arose."""
        inner = error.__cause__ or error
        frames = [f for f in traceback.extract_tb(inner.__traceback__) if "site-packages" not in f.filename]
        where = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "?"
        key = f"{name}: {type(inner).__name__} at {where}: {str(inner)[:160]}".split("\n")[0]
        known = next((k for k in self.failures if k.split(": ")[:2] == key.split(": ")[:2]), key)
        if known not in self.failures:
            print(f"FAILED {key}\n    {data!r:.600}", flush=True)
        if known not in self.failures or len(repr(data)) < len(repr(self.failures[known])):
            self.failures[known] = data


def many(strategy: st.SearchStrategy[Any], count: int, number: int, act: Callable[[Any], None]) -> None:
    """Call `act` with `count` random values."""

    @seed(number)
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def each(value: Any) -> None:
        act(value)

    each()


def try_worlds(count: int, number: int, found: Findings) -> None:
    """Random worlds, each run whole, watched, split and reordered."""

    def act(case: Any) -> None:
        found.tried["worlds"] += 1
        try:
            check_case(case)
        except Exception as error:
            found.note("worlds", error, case)

    many(cases(), count, number, act)


def try_inputs(name: str, reader: Reader, count: int, number: int, found: Findings) -> None:
    """Damaged inputs for one reader."""

    def act(data: bytes) -> None:
        found.tried[name] += 1
        try:
            found.accepted[name] += try_reader(reader, data)
        except AssertionError as error:
            found.note(name, error, data)

    many(damaged(reader.examples(), reader.words), count, number, act)


def shares_of(inputs: int, names: Sequence[str]) -> dict[str, int]:
    """How many inputs each reader gets."""
    weights = {name: PART.get(name, 1.0) for name in names}
    return {name: round(inputs * weight / sum(weights.values())) + 1 for name, weight in weights.items()}


def main(words: Sequence[str] | None = None) -> int:
    """Run the campaign and say what was found."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--worlds", type=int, default=2000)
    parser.add_argument("--inputs", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", choices=list(READERS), action="append", help="these readers only")
    options = parser.parse_args(words)
    found = Findings()
    if options.inputs:
        for name, count in shares_of(options.inputs, options.only or list(READERS)).items():
            began = time.perf_counter()
            try_inputs(name, READERS[name], count, options.seed, found)
            print(
                f"{name}: {found.tried[name]:,} tried, {found.accepted[name]:,} accepted, "
                f"{time.perf_counter() - began:.0f} s",
                flush=True,
            )
    if options.worlds:
        began = time.perf_counter()
        try_worlds(options.worlds, options.seed, found)
        print(f"worlds: {found.tried['worlds']:,} tried, {time.perf_counter() - began:.0f} s")
    for key, data in found.failures.items():
        print(f"SMALLEST {key}\n    {data!r:.1500}")
    print(
        f"campaign: {found.tried['worlds']:,} worlds and {found.tried.total() - found.tried['worlds']:,} inputs, "
        f"{len(found.failures)} distinct failures"
    )
    return int(bool(found.failures))


if __name__ == "__main__":
    sys.exit(main())
