"""How Sphinx builds the documentation: `make docs`, into out/docs, without warnings."""

import re
import sys
import tomllib
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
# By its file: with this folder on the path, `conf` would be this file and not the configuration of Thuis.
spec = spec_from_file_location("generate_reference", HERE / "generate_reference.py")
assert spec and spec.loader
reference = module_from_spec(spec)
spec.loader.exec_module(reference)
sys.path.append(str(HERE))  # behind the project, whose `conf` must be found first: for mathml

about = tomllib.loads((HERE.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]

project = "Thuis"
author = about["authors"][0]["name"]
copyright = f"{author}, MIT licence"
version = release = about["version"]

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "mathml"]
html_math_renderer = "mathml"
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build", "measured"]  # measured: parts that pages include
myst_enable_extensions = ["dollarmath", "colon_fence", "deflist"]
myst_heading_anchors = 3
nitpicky = False
autodoc_member_order = "bysource"
autodoc_typehints = "none"
napoleon_use_ivar = True
napoleon_numpy_docstring = True
napoleon_google_docstring = False

html_theme = "alabaster"
html_title = "Thuis"
html_theme_options = {
    "description": "Feeling at home in neighbourhoods where people come and go",
    "fixed_sidebar": True,
    "page_width": "1100px",
    "sidebar_width": "240px",
}
html_show_sourcelink = False


MEASURED = re.compile(r"^```\{include\} (measured/\S+)\n```$", re.MULTILINE)


def or_not_yet(wanted: re.Match[str]) -> str:
    """What a page includes of measurements, or that there are none yet."""
    return wanted[0] if (HERE / wanted[1]).exists() else "*Not measured yet.*"


def setup(app: Sphinx) -> None:
    """Fill in the generated parts of each page as it is read; such a page is read anew in every build."""

    def read(app: Sphinx, _page: str, source: list[str]) -> None:
        filled = MEASURED.sub(or_not_yet, reference.fill(source[0]))
        if filled != source[0]:
            app.env.note_reread()
        source[0] = filled

    app.connect("source-read", read)
    app.add_lexer("csv", TextLexer)
