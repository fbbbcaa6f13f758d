"""Mutants of the rules: Cosmic Ray's small changes to each line, and whether the tests of the rules notice.

    .venv/bin/python -m pip install cosmic-ray
    NUMBA_DISABLE_JIT=1 THUIS_EXAMPLES=few .venv/bin/python tests/tools/mutants.py --at-once 2
                                                                     --sample 100 for a sample

The rules run uncompiled, and each mutant in a forked process that has everything imported already: a second or so,
where Cosmic Ray's own command takes four. Left out are replacements that cannot run on fractions (bits, shifts)
and of decorators, which nothing survives. Survivors are listed with the line they changed.
"""

import argparse
import os
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from pathlib import Path
from types import ModuleType

import numba
import pytest

RULES = Path(__file__).resolve().parents[2] / "sim" / "rules"
TESTS = Path(__file__).resolve().parents[1] / "sim" / "test_rules.py"
LEFT_OUT = re.compile(r"_(BitOr|BitAnd|BitXor|LShift|RShift|Pow|Mod|FloorDiv)$|RemoveDecorator|_(Is|IsNot)$|Variable")
SECONDS = 60  # of processor time: a busy machine must not make a survivor look killed


@dataclass(frozen=True)
class Mutant:
    """A module with one change."""

    module: str
    operator: str
    occurrence: int
    source: str


def mutants() -> Iterator[Mutant]:
    """Every mutant of every rule."""
    from cosmic_ray.mutating import mutate_code
    from cosmic_ray.plugins import get_operator, operator_names

    for path in sorted(RULES.glob("[!_]*.py")):
        source = path.read_text(encoding="utf-8")
        for name in operator_names():
            if LEFT_OUT.search(name):
                continue
            occurrence = 0
            while (changed := mutate_code(source, get_operator(name)(), occurrence)) is not None:
                yield Mutant(f"sim.rules.{path.stem}", name.rpartition("/")[2], occurrence, changed)
                occurrence += 1


def put_in(mutant: Mutant) -> None:
    """Put the changed functions in the place of the old ones, wherever the rules are known."""
    module = import_module(mutant.module)
    before = dict(vars(module))
    exec(compile(mutant.source, str(module.__file__), "exec"), vars(module))
    new = {id(before[name]): value for name, value in vars(module).items() if name in before and callable(value)}
    for other in list(sys.modules.values()):
        if isinstance(other, ModuleType) and other.__name__.startswith("sim"):
            for name, value in list(vars(other).items()):
                if id(value) in new and other is not module:
                    setattr(other, name, new[id(value)])


def tests_of(mutant: Mutant) -> list[str]:
    """The tests that call a function of the changed module: those most likely to notice, to be run first."""
    functions = re.findall(r"^def (\w+)", mutant.source, re.MULTILINE)
    tests = re.split(r"^(?=def test_|@)", TESTS.read_text(encoding="utf-8"), flags=re.MULTILINE)
    bodies = [text for text in tests if any(f"rules.{name}" in text for name in functions)]
    return [f"{TESTS}::{name}" for text in bodies for name in re.findall(r"^def (test_\w+)", text, re.MULTILINE)]


def begin(mutant: Mutant) -> int:
    """Start the tests with a mutant in place; the number of the process, which ends with 0 where all pass."""
    child = os.fork()
    if child == 0:
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        try:
            put_in(mutant)
            options = ["-q", "-x", "-p", "no:cacheprovider", "--no-header"]
            os._exit(int(pytest.main([*options, *tests_of(mutant)])) or int(pytest.main([*options, str(TESTS)])))
        finally:
            os._exit(1)
    return child


def tried(chosen: list[Mutant], at_once: int) -> Iterator[tuple[Mutant, int]]:
    """Each mutant and how its tests ended: 0 where it survived, below nought where they were cut off."""
    running: dict[int, Mutant] = {}
    waiting = iter(chosen)
    while True:
        for mutant in islice(waiting, at_once - len(running)):
            running[begin(mutant)] = mutant
        if not running:
            return
        child, status = os.wait()
        yield running.pop(child), os.waitstatus_to_exitcode(status)


def changed_line(mutant: Mutant) -> str:
    """The line a mutant changed, as it was and as it is."""
    path = RULES / f"{mutant.module.rpartition('.')[2]}.py"
    pairs = zip(path.read_text(encoding="utf-8").splitlines(), mutant.source.splitlines(), strict=False)
    line, old, new = next((n, a, b) for n, (a, b) in enumerate(pairs, 1) if a != b)
    return f"{path.name}:{line}  {old.strip()}  ->  {new.strip()}"


def main() -> int:
    """Try every mutant; the exit code is 1 below 85 % killed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sample", type=int, help="try this many only")
    parser.add_argument("--at-once", type=int, default=1, help="processes")
    options = parser.parse_args()
    if not numba.config.DISABLE_JIT:
        print("mutants: set NUMBA_DISABLE_JIT=1", file=sys.stderr)
        return 2
    import_module("sim.rules")
    import_module("hypothesis.strategies")
    all_mutants = list(mutants())
    random.Random(1).shuffle(all_mutants)  # so that the first few hundred are a fair sample
    chosen = all_mutants[: options.sample]
    survivors, cut_off = [], 0
    for number, (mutant, code) in enumerate(tried(chosen, options.at_once), 1):
        cut_off += code < 0
        if code == 0:
            survivors.append(f"{changed_line(mutant)}  ({mutant.operator})")
            print(survivors[-1], flush=True)
        if number % 20 == 0:
            print(f"{number} of {len(chosen)} tried, {len(survivors)} survived", flush=True)
    killed = len(chosen) - len(survivors)
    share = killed / len(chosen)
    print(f"mutants: {len(chosen)} tried, {killed} killed ({share:.1%}), {cut_off} of them for never ending")
    return int(share < 0.85)


if __name__ == "__main__":
    sys.exit(main())
