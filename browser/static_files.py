"""The fixed files of the page, and the page itself in the language of who asks for it."""

import hashlib
import html
import json
import re
from collections.abc import Iterable
from importlib import resources
from typing import Any

from experiments.results.palette import style_rules

File = tuple[bytes, str, str]
"""Content, type, and a tag for caching."""
LANGUAGES = ("en", "nl")
LIBRARIES = ("d3.min.js", "uPlot.iife.min.js")
"""Scripts of others, which are no modules."""
KINDS = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript; charset=utf-8",
    "css": "text/css; charset=utf-8",
    "json": "application/json",
    "svg": "image/svg+xml",
}


def static_files() -> dict[str, File]:
    """Every file of the page by name, with its type and a tag for caching: what is not here cannot be asked for.

    The style sheet begins with the colours of `conf/palette.yaml`.

    Libraries of others stand in the folder vendor, as they were published (docs/view.md).
    """
    found = {}
    own = resources.files("browser.static")
    for file in (*own.iterdir(), *own.joinpath("vendor").iterdir()):
        ending = file.name.rpartition(".")[2]
        if file.is_file() and ending in KINDS:
            content = file.read_bytes()
            if file.name == "style.css":
                content = style_rules(dark=True).encode() + content
            found[file.name] = (content, KINDS[ending], tag_of(content))
    return found


def tag_of(content: bytes) -> str:
    """A tag by which a browser knows that it has this content already."""
    return f'"{hashlib.sha256(content).hexdigest()[:20]}"'


def first_pages(files: dict[str, File]) -> dict[str, File]:
    """The page by language, with its words filled in: it can be read before any script has come in."""
    scripts = sorted(name for name in files if name.endswith(".js") and name not in LIBRARIES)
    # At once, where else each would be asked for when the one that imports it has come.
    early = "".join(f'<link rel="modulepreload" href="/static/{name}">' for name in scripts)
    page = files["index.html"][0].decode().replace("</head>", f"{early}</head>")
    found = {}
    for language in LANGUAGES:
        texts = json.loads(files[f"text_{language}.json"][0])

        def said(match: re.Match[str], texts: dict[str, Any] = texts) -> str:
            return match[1] + html.escape(str(texts[match[2]]), quote=False)

        def labelled(match: re.Match[str], texts: dict[str, Any] = texts) -> str:
            return f'{match[0]} aria-label="{html.escape(str(texts[match[1]]))}"'

        text = re.sub(r'(data-t="(\w+)"[^>]*>)[^<]*', said, page)
        text = re.sub(r'data-label="(\w+)"', labelled, text)
        content = text.replace('<html lang="en">', f'<html lang="{language}">').encode()
        found[language] = (content, KINDS["html"], tag_of(content))
    return found


def spoken(headers: Any, languages: Iterable[str]) -> str:
    """The language of the page that a visitor's browser asks for first; English where it asks for others."""
    for preference in headers.get("accept-language", "").split(","):
        language = preference.split(";")[0].strip().split("-")[0].lower()
        if language in languages:
            return language
    return "en"
