"""Markdown as a page of its own, and as a document for word processors where pandoc is installed."""

import re
import shutil
import subprocess
from pathlib import Path

from markupsafe import Markup, escape

from experiments.results.html import render_page
from scenarios.errors import InputError

MATH = re.compile(r"\$\$(.+?)\$\$|(?<![\\$\w])\$([^$\n]+?)\$", re.DOTALL)
CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
FORMATS = ("md", "html", "docx")


def to_html(text: str, title: str) -> str:
    """A page that stands alone: tables, code, and formulas as MathML."""
    from markdown_it import MarkdownIt

    formulas: list[str] = []

    def keep(found: re.Match[str]) -> str:
        formulas.append(formula(found[1] or found[2], bool(found[1])))
        return f"\x02{len(formulas) - 1}\x03"

    pieces, at = [], 0
    for code in CODE.finditer(text):
        pieces += [MATH.sub(keep, text[at : code.start()]), code[0]]
        at = code.end()
    pieces.append(MATH.sub(keep, text[at:]))
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render("".join(pieces))
    html = html.replace("&lt;br&gt;", "<br>")  # of our own tables
    body = re.sub("\x02(\\d+)\x03", lambda found: formulas[int(found[1])], html)
    return render_page("experiments.odd", "odd", title=title, body=Markup(body))  # noqa: S704  made without raw HTML


def formula(latex: str, display: bool) -> str:
    """A formula as MathML; as it was written where that cannot be made."""
    from latex2mathml.converter import convert

    try:
        return convert(latex, display="block" if display else "inline")
    except Exception:  # a sign the converter does not know
        return f"<code>{escape(latex)}</code>"


def write_docx(markdown: Path, path: Path) -> None:
    """A document for word processors, by pandoc.

    Raises
    ------
    InputError
        Pandoc is not installed, or cannot.
    """
    pandoc = shutil.which("pandoc")
    if pandoc is None:
        raise InputError("format=docx needs pandoc (https://pandoc.org); it is not installed")
    words = [pandoc, "--from=gfm+tex_math_dollars", "--to=docx", f"--output={path}", str(markdown)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=300)
    if done.returncode:
        raise InputError(f"pandoc cannot write {path}: {' '.join(done.stderr.split())[:300]}")
