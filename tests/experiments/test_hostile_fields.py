"""Text from outside in every field of every reader, in tables for spreadsheets and on the terminal."""

import csv
import io
import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from experiments.cli.command import main as thuis
from experiments.cli.console import PlainStream
from scenarios.areas import AreaTable
from scenarios.errors import InputError
from scenarios.plain import read_plain
from scenarios.policy import Policy, policy_from
from scenarios.text import ACTED_ON, for_spreadsheets, from_spreadsheet
from tests.tools.readers import READERS, try_reader

HOSTILE = (
    "<script>alert(1)</script>",
    "=cmd|' /C calc'!A0",
    "\t@SUM(1)",
    "\x1b]0;owned\x07\x1b[2J",
    "a\u202eb\x9b31m\r\nthuis: confirmed",
    "{0} {title} %s $\\frac{$",
)
TABLES = ("own table (CSV)", "table of CBS", "extra table", "adjacency", "measured outcomes", "points of a sweep",
          "sample of parameters", "uploaded table")  # fmt: skip
TREES = ("origin scheme", "policy", "configuration", "outlines", "manifest of a sweep", "kept page",
         "summary of a result", "message of the page")  # fmt: skip
MOST = 50  # of each example


def cells_replaced(data: bytes) -> Iterator[bytes]:
    """The table with each heading and each cell of its first row replaced in turn by each hostile text."""
    rows = list(csv.reader(io.StringIO(data.decode())))
    for at, row in enumerate(rows[:2]):
        for column in range(len(row)):
            for text in HOSTILE:
                changed = [list(each) for each in rows]
                changed[at][column] = text
                out = io.StringIO()
                csv.writer(out).writerows(changed)
                yield out.getvalue().encode()


def values_replaced(tree: Any, whole: Any, write: Callable[[Any], str]) -> Iterator[bytes]:
    """Nested values with each value and each key replaced in turn by each hostile text."""
    for key, value in list(tree.items() if isinstance(tree, dict) else enumerate(tree)):
        for text in HOSTILE:
            tree[key] = text
            yield write(whole).encode()
            tree[key] = value
            if isinstance(tree, dict):
                tree[text] = tree.pop(key)
                yield write(whole).encode()
                tree[key] = tree.pop(text)
        if isinstance(value, dict | list):
            yield from values_replaced(value, whole, write)


def texts_in(found: Any) -> list[str]:
    """Names and titles of what was read."""
    if isinstance(found, AreaTable):
        return [*found.code, *found.name, *found.municipality_name, found.source]
    if isinstance(found, Policy):
        return [found.name, *found.title.values(), *found.text.values(), *(m.name for m in found.measures)]
    return []


@pytest.mark.parametrize("name", [*TABLES, *TREES])
def test_every_field_of_every_reader(name: str) -> None:
    """It is refused in one line or read; what is read holds no sign that a terminal acts on."""
    reader = READERS[name]
    tried = 0
    for data in reader.examples()[:3]:
        if name in TABLES:
            versions = cells_replaced(data)
        else:
            is_json = data.lstrip()[:1] in (b"{", b"[")
            tree = json.loads(data) if is_json else yaml.safe_load(data)
            versions = values_replaced(tree, tree, json.dumps if is_json else yaml.safe_dump)
        for version in islice(versions, MOST):
            try_reader(reader, version)
            tried += 1
            if name in ("own table (CSV)", "policy"):
                try:
                    found = reader.read(version)
                except InputError:
                    continue
                assert not [text for text in texts_in(found) if ACTED_ON.search(text)]
    assert tried >= 12


def test_names_are_read_without_control_characters(tmp_path: Path) -> None:
    table = tmp_path / "city.csv"
    table.write_text('code,name,residents,origin_a,origin_b\nA,"\x1b[31mRed\r\n town",900,0.8,0.2\nB,b,900,0.5,0.5\n')
    assert read_plain(table).name == ["[31mRed town", "b"]
    table.write_text("code,residents,origin_a,origin_b\nA\x1b[0m,900,0.8,0.2\nB,900,0.5,0.5\n")
    with pytest.raises(InputError, match="control character") as caught:
        read_plain(table)
    assert "\x1b" not in str(caught.value)
    policy = policy_from({"name": "a\x07", "title": "t\x1b[2J", "text": {"en": "x\u202ey"}})
    assert (policy.name, policy.title["nl"], policy.text["en"]) == ("a", "t [2J", "x y")


def test_no_cell_for_a_spreadsheet_is_a_formula_and_numbers_stay() -> None:
    texts = ["=1+1", "+cmd", "-2+3|x", "@SUM(A1)", "\tx", "\r=x", " =1", "＝1", "-12.5", "+3e4", "-", "Rotterdam", None]
    frame = pl.DataFrame({"name": texts, "=head": range(len(texts)), "belonging": [-0.5] * len(texts)})
    safe = for_spreadsheets(frame)
    assert safe["name"].to_list() == [
        "'=1+1",
        "'+cmd",
        "'-2+3|x",
        "'@SUM(A1)",
        "'\tx",
        "'\r=x",
        "' =1",
        "'＝1",
        "-12.5",
        "+3e4",
        "'-",
        "Rotterdam",
        None,
    ]
    assert safe.columns == ["name", "'=head", "belonging"] and safe["belonging"].equals(frame["belonging"])
    assert [None if text is None else from_spreadsheet(text) for text in safe["name"]] == texts


def test_csv_of_a_query_holds_no_formula(tmp_path: Path) -> None:
    pl.DataFrame({"name": ["=cmd|' /C calc'!A0"], "n": [-1]}).write_parquet(tmp_path / "months.parquet")
    out = tmp_path / "out.csv"
    assert thuis(["results", "query", str(tmp_path), "select * from months", f"out={out}"]) == 0
    assert out.read_text().splitlines()[1] == "'=cmd|' /C calc'!A0,-1"


def test_nothing_printed_steers_the_terminal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A result from elsewhere, its names and its files, listed, shown, asked and verified; and an error with a word."""
    hostile = "x\x1b[2J\x1b]0;owned\x07\x9b31m\u202e"
    folder = tmp_path / "result"
    folder.mkdir()
    summary = {
        "kind": "thuis result 1", "title": hostile, "policy": hostile, "seed": hostile, "years": 1, hostile: hostile,
        "end": {"belonging": 0.5, "at_home": 0.5}, "configuration": {"region": hostile}, "earlier": [],
    }  # fmt: skip
    (folder / "summary.json").write_text(json.dumps(summary))
    pl.DataFrame({hostile: [hostile]}).write_parquet(folder / "months.parquet")
    for words in (
        ["list", str(tmp_path)],
        ["show", str(folder), "json"],
        ["query", str(folder), "select * from months"],
    ):
        assert thuis(["results", *words]) == 0
    assert thuis(["verify", str(folder)]) == 2 and thuis(["results", "show", str(folder)]) == 2
    assert thuis(["run", f"region={hostile}"]) == 2 and thuis([hostile]) == 2
    said = "".join(capsys.readouterr())
    assert "owned" in said and not set(said) & set("\x1b\x07\x9b\u202e\r")


def test_a_plain_stream_is_the_stream_below_but_for_control_characters() -> None:
    below = io.StringIO()
    assert PlainStream(below).write("a\tb\n\x1b[1mé\r") == 10 and below.getvalue() == "a\tb\n?[1mé\r"
    assert PlainStream(below).isatty() is False
