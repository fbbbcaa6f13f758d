"""Sanitising of texts from outside: no characters that a terminal, a drawing or a spreadsheet would act on."""

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import polars as pl

# Control characters (escape sequences begin with one), line separators, changes of the writing direction, and
# surrogates, which no file can hold.
ACTED_ON = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
FORMULA = r"^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]"
NUMBER = r"^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$"


def plain_text(text: str) -> str:
    """A text on one line, of visible characters."""
    return " ".join(ACTED_ON.sub(" ", text).split()) if ACTED_ON.search(text) else text


def for_spreadsheets[Frame: "pl.DataFrame | pl.LazyFrame"](frame: Frame) -> Frame:
    """A table without cells or headings that a spreadsheet takes for formulas.

    What begins like one gets an apostrophe before it, which spreadsheets do not show; numbers stay as they are.
    """
    import polars as pl

    schema = frame.collect_schema()
    texts = [name for name, kind in schema.items() if kind == pl.String or kind == pl.Categorical]
    cells = [pl.col(name).cast(pl.String) for name in texts]
    headed = {name: f"'{name}" for name in schema if re.search(FORMULA, name)}
    safe: Any = frame.with_columns(
        pl.when(cell.str.contains(FORMULA) & ~cell.str.contains(NUMBER)).then("'" + cell).otherwise(cell).alias(name)
        for name, cell in zip(texts, cells, strict=True)
    )
    return safe.rename(headed)


def from_spreadsheet(text: str) -> str:
    """A cell as it was before `for_spreadsheets`."""
    return text[1:] if text.startswith("'") and re.search(FORMULA, text[1:]) else text
