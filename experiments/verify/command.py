"""`thuis verify`: make a result again from its own summary, and compare every file of it."""

import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.options.declaration import options_from, whole, yes_or_no
from experiments.options.help import help_of
from experiments.options.settings import MOST_THREADS
from experiments.options.words import Command, asks_for_help, read_words
from experiments.results.folders import COMPARISON, SUMMARY
from experiments.verify.files import Findings, compare_folders
from experiments.verify.stored import code_of, data_of, read_summary
from scenarios.errors import InputError


@dataclass(frozen=True)
class VerifyOptions:
    """Options of `thuis verify`."""

    replicates: int = whole(0, 0, 100_000, "of a comparison only the first so many replicates; 0 for everything")
    threads: int = whole(0, 0, MOST_THREADS, "threads; 0 takes one per processor (never changes the result)")
    other_code: bool = yes_or_no("confirm also what another version of the program made")


COMMAND = Command(
    "verify",
    "Make a result again and compare every file of it: summary, tables, figures, page and report.",
    VerifyOptions,
    operands="FOLDER ...",
    examples=(
        "thuis verify FOLDER ...                 folders of thuis run and thuis compare",
        "thuis verify FOLDER replicates=2        of a comparison only two replicates, by their fingerprints",
    ),
    notes="What may differ is how long it took, on what machine, and where it was written (experiments/verify/apart.py "
    "has the list). A file that is missing, added or differs in anything else is named. Exit code 1 means that "
    "something differs.",
)


def main(argv: Sequence[str]) -> int:
    """Run `thuis verify` with these arguments."""
    if asks_for_help(argv):
        print(help_of(COMMAND))
        return 0
    request = read_words(COMMAND, argv)
    if not request.operands:
        raise InputError("give the folder of a result, as in: thuis verify out/vaals")
    options = options_from(VerifyOptions, request.values, COMMAND.name)
    return max(verify(Path(folder), options) for folder in request.operands)


def verify(folder: Path, options: VerifyOptions) -> int:
    """Confirm one folder and print what was found; 0 when everything is the same.

    Raises
    ------
    InputError
        No result there, or one that cannot be made again: its table is gone, or its settings are not valid.
    """
    summary = read_summary(folder)
    found, verdict = examine(folder, summary, options)
    print("\n".join([f"{folder}: {'NOT CONFIRMED' if found.differs else verdict}", *found.lines]))
    return int(found.differs)


def examine(folder: Path, summary: dict[str, Any], options: VerifyOptions) -> tuple[Findings, str]:
    """What was found in one folder, and the verdict if nothing differs."""
    from experiments.results.version import code_digest
    from experiments.verify.comparison import ComparisonMaker
    from experiments.verify.run import RunMaker

    found = Findings()
    makers: dict[str, Any] = {COMPARISON: ComparisonMaker}
    maker = makers.get(summary["kind"], RunMaker)(folder, summary, options.threads)
    code = code_of(summary)
    if code == code_digest():
        found.check("code", None)
    elif options.other_code:
        found.remark(f"made by other code ({code[:16]}…, here {code_digest()[:16]}…)")
    else:
        why = f"made by other code ({code[:16]}…, here {code_digest()[:16]}…); other_code=true sets this aside"
        found.check(SUMMARY, why)
    data = data_of(summary)
    found.check("data", None if data == maker.table.digest else f"{SUMMARY} names others ({data[:16]}…) than there are")
    for fault in maker.faults():
        found.check(SUMMARY, fault)
    if found.differs:
        return found, ""
    print(f"{folder}: making {maker.title} again", file=sys.stderr)
    if options.replicates and summary["kind"] == COMPARISON:
        verdict = f"the first {options.replicates} replicates are the same"
        return maker.check_replicates(found, options.replicates), verdict
    with tempfile.TemporaryDirectory(prefix="thuis-verify-") as temporary:
        again = Path(temporary) / "result"
        again.mkdir()
        maker.make(again, options.other_code)
        compare_folders(folder, again, found, maker.resumed)
    return found, "confirmed" if code == code_digest() else "the same, though made by other code"
