"""Text from outside is shown as text: in page and report, and in a real browser nothing of it runs."""

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from experiments.cli.command import main as thuis

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
RUNS = "window.ran=1;alert(1)"
HOSTILE = {
    "script": f"<script>{RUNS}</script>",
    "image": f'<img src=x onerror="{RUNS}">',
    "attribute": f"\"'><svg/onload={RUNS}>",
    "formula": "$\\frac{$ {0} {policy} %s &lt;b&gt; </style></script>",
}


def policy_file(folder: Path) -> Path:
    """A policy whose every text is hostile."""
    title, text = HOSTILE["script"] + HOSTILE["formula"], HOSTILE["image"] + HOSTILE["attribute"]
    values = {
        "name": f"p{HOSTILE['script']}",
        "title": {"en": title, "nl": title},
        "text": {"en": text, "nl": text},
        HOSTILE["image"]: {"facilities": "library", "funding": 2.0, "budget": 1000.0},
    }
    path = folder / "plan.yaml"
    path.write_text(yaml.safe_dump(values), encoding="utf-8")
    return path


def area_table(folder: Path) -> Path:
    """A table of areas whose every text is hostile: codes, names, columns, and the name of the file."""
    marks = list(HOSTILE.values())
    values: dict[str, Any] = {
        "code": [f"A{at}{mark}" for at, mark in enumerate(marks)],
        "name": marks,
        "municipality": [f"T{marks[0]}"] * 2 + [f"U{marks[1]}"] * 2,
        "municipality_name": [marks[2]] * 2 + marks[:1] * 2,
        "residents": [900, 1100, 1000, 1200],
        f"origin_{marks[0]}": [0.8, 0.5, 0.6, 0.7],
        f"origin_{marks[1]}": [0.2, 0.5, 0.4, 0.3],
        f"unknown {marks[1]}": [1, 2, 3, 4],
    }
    path = folder / "t<img src=x onerror=alert(1)>.csv"
    pl.DataFrame(values).write_csv(path)
    return path


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """The page of a run and both reports of a comparison, made of hostile texts."""
    folder = tmp_path_factory.mktemp("hostile")
    policy, table = policy_file(folder), area_table(folder)
    region = ["region=file", f'region.table="{table}"', "scale=5", "years=1"]
    for language in ("en", "nl"):
        words = [*region, f"policy={policy}", f"language={language}", f"out={folder / language}"]
        assert thuis(["run", *words]) == 0
    compared = [f"policies=[baseline,{policy}]", "replicates=2", f"out={folder / 'compared'}"]
    assert thuis(["compare", *region, *compared]) == 0
    reports = sorted((folder / "compared").glob("*.html"))
    assert len(reports) == 2
    return [folder / "en" / "page.html", folder / "nl" / "page.html", *reports]


def test_no_hostile_text_becomes_a_tag(pages: list[Path]) -> None:
    for path in pages:
        page = path.read_text(encoding="utf-8")
        lowered = page.lower()
        assert page.count("<script>") == page.count("</script>") == (1 if "report" in path.name else 0), path
        assert "<img src=x" not in lowered and "<svg/onload" not in lowered and "&lt;script&gt;" in lowered
        assert ("&amp;lt;b&amp;gt;" in page or "report" not in path.name) and "&amp;amp;" not in page  # escaped once
        head = page.partition("<style>")[0]
        assert "Content-Security-Policy" in head and "unsafe" not in head


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine")
def test_nothing_hostile_runs_in_a_browser(pages: list[Path]) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        for path in pages:
            page, dialogs, said, fetched = browser.new_page(), [], [], []
            page.on("dialog", lambda dialog, seen=dialogs: (seen.append(dialog.message), dialog.dismiss()))
            page.on("console", lambda message, seen=said: seen.append(message.text))
            page.on("request", lambda request, seen=fetched: seen.append(request.url))
            page.goto(path.as_uri())
            assert page.evaluate("window.ran") is None and not dialogs, path
            assert said == [], path  # the content policy had nothing to refuse: all was text
            assert all(url.startswith(("file:", "data:")) for url in fetched), path
            assert page.locator("img").evaluate_all("all => all.every(one => one.naturalWidth > 0)"), path
            if "report" in path.name:  # our own script does run
                page.locator(".map .area").first.hover()
                assert ":" in page.locator(".told").first.inner_text()
        browser.close()


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine")
def test_the_content_policy_stops_what_slips_through(pages: list[Path], tmp_path: Path) -> None:
    """Were a text not escaped, the browser would still not run it."""
    sync_api = pytest.importorskip("playwright.sync_api")
    slipped = tmp_path / "slipped.html"
    marks = HOSTILE["script"] + HOSTILE["image"] + '<svg onload="window.ran=1"></svg>'
    slipped.write_text(pages[-1].read_text(encoding="utf-8").replace("<main>", f"<main>{marks}", 1), encoding="utf-8")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page, said = browser.new_page(), []
        page.on("console", lambda message: said.append(message.text))
        page.goto(slipped.as_uri())
        assert page.evaluate("window.ran") is None and sum("Content Security Policy" in text for text in said) >= 3
        browser.close()
