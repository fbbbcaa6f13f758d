"""`thuis odd FOLDER`: a description of a run after the ODD+D protocol."""

import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from experiments.odd.formats import FORMATS
from experiments.options.declaration import choice, file_path, options_from, yes_or_no
from experiments.options.help import help_of
from experiments.options.words import Command, asks_for_help, only_operand, read_words
from scenarios.errors import InputError


@dataclass(frozen=True)
class OddOptions:
    """Options of `thuis odd`."""

    format: str = choice("html", FORMATS, "a page, Markdown, or a document for word processors (by pandoc)")
    out: str | None = file_path("the file to write; beside the result, under its name, when left out")
    other_code: bool = yes_or_no("describe also what another version of the program made, as this one has it")


COMMAND = Command(
    "odd",
    "Describe a run or a comparison after the ODD+D protocol: entities, state, phases, equations with its parameters,\n"
    "data, start and receipt, made from what the code declares and what the result says of itself.",
    OddOptions,
    operands="FOLDER",
    examples=("thuis odd out/vaals", "thuis odd out/vaals format=md out=vaals.md", "thuis odd out/vaals format=docx"),
)


def main(argv: Sequence[str]) -> int:
    """Describe a result."""
    if not argv or asks_for_help(argv):
        print(help_of(COMMAND))
        return 0
    request = read_words(COMMAND, argv)
    folder = only_operand(COMMAND, request)
    options = options_from(OddOptions, with_format(request.values), COMMAND.name)
    print(f"written: {describe(Path(folder), options)}")
    return 0


def with_format(values: dict[str, Any]) -> dict[str, Any]:
    """The options with the format that the name of the file says, where none is given."""
    ending = Path(str(values.get("out") or "")).suffix.lstrip(".")
    return {"format": ending, **values} if ending in FORMATS else values


def describe(folder: Path, options: OddOptions) -> Path:
    """Write the description of the result in a folder; returns the file.

    Raises
    ------
    InputError
        There is no result, it is of other code, or the file is there already or cannot be written.
    """
    from experiments.odd.document import write_document
    from experiments.odd.formats import to_html, write_docx
    from experiments.odd.receipt import read_receipt

    receipt = read_receipt(folder, options.other_code)
    beside = folder.absolute()
    path = Path(options.out) if options.out else beside.with_name(f"{beside.name}-odd.{options.format}")
    if path.exists():
        raise InputError(f"out={path} is there already; give another name, or move it")
    try:
        text = write_document(receipt)
    except (LookupError, TypeError, ValueError, AttributeError) as error:  # whatever a changed summary gives rise to
        raise InputError(f"{folder}: not a whole result of this version ({error!r:.200})") from error
    try:
        if options.format == "docx":
            with tempfile.TemporaryDirectory() as place:
                source = Path(place) / "odd.md"
                source.write_text(text, encoding="utf-8")
                write_docx(source, path)
        else:
            html = options.format == "html"
            title = text.partition("\n")[0].lstrip("# ")
            path.write_text(to_html(text, title) if html else text, encoding="utf-8")
    except OSError as error:
        raise InputError(f"out={path} cannot be written: {error.strerror or error}") from error
    return path
