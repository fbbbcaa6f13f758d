"""Forgeries of results: each changes a folder, or its neighbour's files, and names the file that must be found out.

`python tests/tools/forgeries.py` makes a run and a comparison, tries every forgery with `thuis verify`, and prints the
table of docs/measured/forgeries.md.
"""

import contextlib
import io
import json
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

SUMMARY = "summary.json"
SMALL = ["region=urk", "scale=40", "years=1"]
COMPARED = [*SMALL, "policies=[baseline,libraries]"]
Forge = Callable[[Path, Path], None]


@dataclass(frozen=True)
class Forgery:
    """What is done to a folder (with another result of the same kind at hand), and the file that must be named."""

    what: str
    file: str
    forge: Forge


def in_summary(path: str, value: Any) -> Forge:
    """Put another value in the summary; a path of keys joined by dots."""

    def forge(folder: Path, other: Path) -> None:
        summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
        *above, last = path.split(".")
        scratch = summary
        for key in above:
            scratch = scratch[key]
        scratch[last] = value
        (folder / SUMMARY).write_text(json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")

    return forge


def number_raised(name: str, column: str) -> Forge:
    """Raise one number of a table."""

    def forge(folder: Path, other: Path) -> None:
        frame = pl.read_parquet(folder / name)
        values = frame[column].to_list()
        values[len(values) // 2] = (values[len(values) // 2] or 0) + 1
        frame.with_columns(pl.Series(column, values, frame[column].dtype)).write_parquet(folder / name)

    return forge


def table_changed(name: str, change: Callable[[pl.DataFrame], pl.DataFrame]) -> Forge:
    """Write a table anew after a change."""
    return lambda folder, other: change(pl.read_parquet(folder / name)).write_parquet(folder / name)


def taken_from_other(name: str) -> Forge:
    """Put the file of another result in its place."""
    return lambda folder, other: shutil.copy(other / name, folder / name)  # type: ignore[return-value]


def removed(name: str) -> Forge:
    """Take a file away."""
    return lambda folder, other: (folder / name).unlink()


def written(name: str, content: bytes) -> Forge:
    """Write a file."""
    return lambda folder, other: (folder / name).write_bytes(content)  # type: ignore[return-value]


def replaced(name: str, old: str, new: str) -> Forge:
    """Replace a text in a file where it first occurs."""

    def forge(folder: Path, other: Path) -> None:
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text, (name, old)
        (folder / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return forge


def swapped(one: str, two: str) -> Forge:
    """Swap two files."""

    def forge(folder: Path, other: Path) -> None:
        first, second = (folder / one).read_bytes(), (folder / two).read_bytes()
        (folder / one).write_bytes(second)
        (folder / two).write_bytes(first)

    return forge


def shortened(folder: Path, other: Path) -> None:
    """Put in the other comparison, of fewer replicates, as if it were this one: asked for as many."""
    requested = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))["configuration"]["replicates"]
    shutil.rmtree(folder)
    shutil.copytree(other, folder)
    in_summary("configuration.replicates", requested)(folder, other)


def called_failed(folder: Path, other: Path) -> None:
    """The same, with what is lacking noted as failed."""
    shortened(folder, other)
    in_summary("failed", [{"replicate": 2, "reason": "MemoryError: "}])(folder, other)


def linked(folder: Path, other: Path) -> None:
    """A link to a folder elsewhere."""
    (folder / "more").symlink_to(other.resolve(), target_is_directory=True)


OF_A_RUN = [
    Forgery("belonging at the end raised", SUMMARY, in_summary("end.belonging", 0.9)),
    Forgery("another fingerprint", SUMMARY, in_summary("digest", "0" * 64)),
    Forgery("the notes on assumptions taken out", SUMMARY, in_summary("notes", [])),
    Forgery("another seed", SUMMARY, in_summary("configuration.seed", 2)),
    Forgery("another policy in words", SUMMARY, in_summary("policy_in_words", ["Twice the libraries."])),
    Forgery("a text as duration", SUMMARY, in_summary("seconds", "<script>alert(1)</script>")),
    Forgery("a key added", SUMMARY, in_summary("approved_by", "the council")),
    Forgery("a key twice, one forged", SUMMARY, replaced(SUMMARY, '  "digest"', '  "months": 1,\n  "digest"')),
    Forgery("made by other code", SUMMARY, in_summary("code_digest", "0" * 64)),
    Forgery("made from other data", SUMMARY, in_summary("data_digest", "0" * 64)),
    Forgery("another policy until month 6", SUMMARY, in_summary("earlier", [{"until": 6}])),
    Forgery("taken away", SUMMARY, removed(SUMMARY)),
    Forgery("one number raised", "months.parquet", number_raised("months.parquet", "at_home")),
    Forgery("that of another seed", "months.parquet", taken_from_other("months.parquet")),
    Forgery("a row left out", "groups.parquet", table_changed("groups.parquet", lambda f: f.slice(1))),
    Forgery("a column added", "municipalities.parquet",
            table_changed("municipalities.parquet", lambda f: f.with_columns(saved=pl.lit(1)))),
    Forgery("rows in another order", "neighbourhoods.parquet",
            table_changed("neighbourhoods.parquet", lambda f: f.reverse())),
    Forgery("destroyed", "cohorts.parquet", written("cohorts.parquet", b"PAR1 nothing PAR1")),
    Forgery("taken away", "cohorts.parquet", removed("cohorts.parquet")),
    Forgery("taken away", "people.parquet", removed("people.parquet")),
    Forgery("one number raised", "people.parquet", number_raised("people.parquet", "belonging")),
    Forgery("a number altered", "page.html", replaced("page.html", "in 100 adults", "in 10 adults")),
    Forgery("a script added", "page.html", replaced("page.html", "</main>", "<script>1</script></main>")),
    Forgery("that of another seed", "page.html", taken_from_other("page.html")),
    Forgery("taken away", "page.html", removed("page.html")),
    Forgery("a number altered", "figures/map.csv", replaced("figures/map.csv", "0.", "1.")),
    Forgery("another drawing", "figures/map.svg", taken_from_other("figures/map.svg")),
    Forgery("another drawing", "figures/who_stays.svg", taken_from_other("figures/who_stays.svg")),
    Forgery("taken away", "figures/who_stays.csv", removed("figures/who_stays.csv")),
    Forgery("a picture added", "figures/growth.png", written("figures/growth.png", b"\x89PNG")),
    Forgery("a file added", "conclusions.txt", written("conclusions.txt", b"It works.")),
    Forgery("a hidden file added", ".notes", written(".notes", b"")),
    Forgery("a link to another folder added", "more", linked),
]  # fmt: skip


def of_a_comparison(folder: Path) -> list[Forgery]:
    """Forgeries of the comparison in a folder: each of its tables in turn, its summary and its reports."""
    tables = sorted(path.name for path in folder.glob("*.parquet"))
    reports = sorted(path.name for path in folder.glob("*.html"))
    number = next(name for name, kind in pl.read_parquet_schema(folder / "effects.parquet").items() if kind.is_float())
    found = [
        Forgery("an effect raised", SUMMARY, in_summary("effects.libraries.belonging.difference", 0.5)),
        Forgery("a cost lowered", SUMMARY, in_summary("costs.libraries.euro", 1.0)),
        Forgery("another order", SUMMARY, in_summary("ranking.order", ["baseline", "libraries"])),
        Forgery("2 of 3 replicates", SUMMARY, shortened),
        Forgery("2 of 3 replicates, the third called failed", SUMMARY, called_failed),
        Forgery("replicates said to be more", SUMMARY, in_summary("replicates", 4)),
        Forgery("another scale", SUMMARY, in_summary("configuration.scale", 50)),
        Forgery("a digest in the receipt", SUMMARY, in_summary("receipt.replicates.0", "0" * 64)),
        Forgery("a text as version of Python", SUMMARY, in_summary("receipt.python", "<b>3</b>")),
        Forgery("one number raised", "effects.parquet", number_raised("effects.parquet", number)),
    ]
    for name in tables:
        found.append(Forgery("that of another seed", name, taken_from_other(name)))
        found.append(Forgery("taken away", name, removed(name)))
    for name in reports:
        found.append(Forgery("a word altered", name, replaced(name, "</h1>", "!</h1>")))
        found.append(Forgery("taken away", name, removed(name)))
    return [
        *found,
        Forgery("a byte behind its end", tables[0], lambda folder, other: append(folder / tables[0], b" ")),
        Forgery("two tables swapped", tables[1], swapped(tables[0], tables[1])),
        Forgery("languages swapped", reports[0], swapped(*reports)),
        Forgery("that of another seed", reports[0], taken_from_other(reports[0])),
        Forgery("a report added", "report-de.html", written("report-de.html", b"<html></html>")),
    ]


def append(path: Path, content: bytes) -> None:
    """Write behind the end of a file."""
    path.write_bytes(path.read_bytes() + content)


def forged(folder: Path, other: Path, forgery: Forgery, scratch: Path) -> Path:
    """A copy of a folder, forged."""
    copy = scratch / "forged"
    shutil.rmtree(copy, ignore_errors=True)
    shutil.copytree(folder, copy)
    forgery.forge(copy, other)
    return copy


def said_by_verify(folder: Path, *words: str) -> tuple[int, str]:
    """Exit code and output of `thuis verify`."""
    from experiments.cli.command import main as thuis

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = thuis(["verify", str(folder), *words])
    return code, out.getvalue() + err.getvalue()


def fault_line(said: str, file: str) -> str:
    """What was said of a file: the line that names it, without the folder."""
    lines = [line.strip() for line in said.splitlines() if "DIFFERS" in line or line.startswith("thuis:")]
    named = [line for line in lines if file in line]
    return named[0].removeprefix("DIFFERS").strip() if named else ""


def make_results(scratch: Path) -> dict[str, Path]:
    """An honest run and comparison, and of each another with a seed of its own."""
    from experiments.cli.command import main as thuis

    quiet = ["progress=none", "threads=1"]
    for name, words in (("run", []), ("other-run", ["seed=2"])):
        assert thuis(["run", *SMALL, *quiet, "people=true", *words, f"out={scratch / name}"]) == 0
    for name, words in (
        ("comparison", ["replicates=3"]),
        ("other-comparison", ["replicates=2", "seed=2"]),
        ("shorter", ["replicates=2"]),
    ):
        assert thuis(["compare", *COMPARED, *quiet, *words, f"out={scratch / name}"]) == 0
    return {path.name: path for path in scratch.iterdir() if path.is_dir()}


def cases(results: dict[str, Path]) -> Iterator[tuple[str, Path, Path, Forgery]]:
    """Kind of result, folder, another folder, and what is forged."""
    for forgery in OF_A_RUN:
        yield "run", results["run"], results["other-run"], forgery
    for forgery in of_a_comparison(results["comparison"]):
        short = forgery.forge in (shortened, called_failed)
        yield "comparison", results["comparison"], results["shorter" if short else "other-comparison"], forgery


def main() -> int:
    """Try every forgery for real and print a table in Markdown."""
    missed = 0
    with tempfile.TemporaryDirectory() as name:
        scratch = Path(name)
        with contextlib.redirect_stdout(sys.stderr):
            results = make_results(scratch)
        print("| result | file | forgery | what `thuis verify` says of the file |\n|---|---|---|---|")
        for kind, folder, other, forgery in cases(results):
            code, said = said_by_verify(forged(folder, other, forgery, scratch), "threads=2")
            line = fault_line(said, forgery.file)
            missed += not (code and line)
            told = line.replace(str(scratch / "forged"), "FOLDER").replace("|", "\\|")
            print(f"| {kind} | `{forgery.file}` | {forgery.what} | {told or 'NOTHING'} |", flush=True)
        for kind in ("run", "comparison"):
            code, _ = said_by_verify(results[kind], "threads=2")
            missed += bool(code)
            print(f"| {kind} | all | none: as it was made | {'confirmed' if not code else 'NOT CONFIRMED'} |")
    print(f"\n{missed} missed", file=sys.stderr)
    return int(missed > 0)


if __name__ == "__main__":
    sys.exit(main())
