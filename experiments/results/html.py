"""Self-contained pages: text from outside is escaped, and a content policy allows no other script.

A page holds its own style and script. Its content policy names both by their digest and allows nothing more, so that
even an unescaped text could neither run nor fetch anything.
"""

import base64
import hashlib
from importlib import resources
from typing import Any

from markupsafe import Markup

from experiments.results.palette import style_rules

POLICY = (
    "default-src 'none'; img-src data:; style-src {style}; script-src {script}; base-uri 'none'; form-action 'none'"
)


def marked(text: str, **values: Any) -> Markup:
    """A text of our own, which may contain tags, with escaped values.

    Parameters
    ----------
    text : str
        As for `str.format`; never from outside.
    """
    return Markup(text).format(**values)  # noqa: S704  escaping the values is what it is for


def source_of(content: str) -> str:
    """How a content policy names an inline style or script, by digest; 'none' for an empty one."""
    if not content:
        return "'none'"
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def render_page(package: str, name: str, style: str | None = None, **values: Any) -> str:
    """A page from NAME.html.j2, NAME.css and, where there is one, NAME.js in a package.

    Its style begins with the colours of `conf/palette.yaml`. The template shows `head` inside its head and `script` at
    its end; all other values are escaped, but for those that `marked` made.

    Parameters
    ----------
    style : str, optional
        Another package, whose NAME.css is taken.
    """
    import jinja2

    files = resources.files(package)
    look, script = (
        (where / f"{name}.{kind}").read_text(encoding="utf-8") if (where / f"{name}.{kind}").is_file() else ""
        for where, kind in ((resources.files(style or package), "css"), (files, "js"))
    )
    look = style_rules() + look
    environment = jinja2.Environment(
        autoescape=True, trim_blocks=True, lstrip_blocks=True, undefined=jinja2.StrictUndefined
    )
    template = environment.from_string((files / f"{name}.html.j2").read_text(encoding="utf-8"))
    policy = POLICY.format(style=source_of(look), script=source_of(script))
    head = Markup('<meta http-equiv="Content-Security-Policy" content="{}">\n').format(policy)
    head += Markup("<style>" + look + "</style>")  # noqa: S704  a file of ours
    ending = Markup("<script>" + script + "</script>") if script else ""  # noqa: S704  a file of ours
    return template.render(head=head, script=ending, **values)
