"""The page of a sweep: every dot leads to its run, nothing runs in it, and a run is reopened from it."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

import thuis
from experiments.cli.command import main
from experiments.sweep.page import attributes, sweep_page


@pytest.fixture(scope="module")
def sweep(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Two policies, two seeds and a parameter."""
    factors = {"policy": ["baseline", "libraries"], "parameters.effect_ties": [0.02, 0.1]}
    folder = tmp_path_factory.mktemp("page") / "a <b>sweep"
    return thuis.sweep("vaals", factors=factors, replicates=2, years=1, scale=200, out=folder, progress="none")


class Found(HTMLParser):
    """Tags, links and identities of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.styles = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        self.tags.append(tag)
        self.styles += "style" in values
        self.links += [str(values[key]) for key in ("href", "xlink:href") if tag == "a" and key in values]
        self.ids += [str(values["id"])] if "id" in values else []


@pytest.mark.parametrize("language", ["en", "nl"])
def test_every_dot_leads_to_its_run(sweep: Any, language: str) -> None:
    page = Found()
    page.feed(sweep_page(sweep, language, served=True))
    figures = 4 * 2
    assert page.tags.count("svg") == figures and "script" not in page.tags and page.styles == 0
    dots = [link for link in page.links if link.startswith("#run-")]
    assert len(dots) == figures * 8 and {link[1:] for link in dots} == {f"run-{n}" for n in range(8)}
    assert {link for link in page.links if not link.startswith("#")} == {f"{n}/" for n in range(8)}
    assert {f"run-{n}" for n in range(8)} <= set(page.ids)


def test_the_means_are_those_of_the_table(sweep: Any) -> None:
    mean = sweep.pl()["belonging"].mean()
    assert f'<td class="number">{mean:.4g}</td>' in sweep_page(sweep)
    assert f'<td class="number">{mean:.4g}</td>'.replace(".", ",") in sweep_page(sweep, "nl")


def test_the_page_is_written_with_the_command_that_reopens_a_run(sweep: Any, capsys: Any) -> None:
    assert main(["sweep", "page", str(sweep.path), "language=nl"]) == 0
    path = Path(sweep.path) / "page.html"
    assert capsys.readouterr().out == f"read {path}\n"
    text = path.read_text(encoding="utf-8")
    assert re.search(r"<pre>thuis run from=.*a &lt;b&gt;sweep#17", text) and "<b>sweep" not in text
    assert main(["sweep", "page", str(sweep.path.parent / "none")]) == 2


def test_styles_become_attributes() -> None:
    assert attributes("fill: none; font: 10px 'DejaVu Sans', sans-serif") == (
        'fill="none" font-size="10px" font-family="\'DejaVu Sans\', sans-serif"'
    )
