"""The report of a comparison: numbers in the local style, words of both languages, a page that needs nothing else."""

import json
import re
import sqlite3
import zipfile
from pathlib import Path

import numpy as np
import openpyxl
import polars as pl
import pytest

from experiments.cli.command import main as thuis
from experiments.compare.report.advice import advice, needed_people
from experiments.compare.report.answer import answers, glance
from experiments.compare.report.finding import findings
from experiments.compare.report.map_paths import HEIGHT, WIDTH, draw_areas, hexagons, outlines, thinned
from experiments.compare.report.maps import FEWER, MORE, fill_of, labels, round_step
from experiments.compare.report.material import Report
from experiments.compare.report.words import all_words, number, round_euro, whole_percents, words_of
from scenarios.regions.region import load_region
from tests.tools.paths import REPOSITORY, shared_data

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
AXE = REPOSITORY / "tests" / "vendor" / "axe.min.js"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small comparison with its reports; Dutch is asked for."""
    out = tmp_path_factory.mktemp("compare") / "result"
    words = ["region=urk", "scale=20", "policies=[baseline,libraries,wrr_agenda,austerity]", "replicates=4", "years=2"]
    assert thuis(["compare", *words, "language=nl", "starts=1", f"out={out}"]) == 0
    return out


def test_numbers_are_in_the_local_style() -> None:
    assert number(1234.5, 1, "nl") == "1.234,5" and number(1234.5, 1, "en") == "1,234.5"
    assert number(-0.00004, 4, "nl", sign=True) == "0,0000" and number(0.0123, 4, "nl", sign=True) == "+0,0123"
    assert number(-2, 0, "en") == "−2" and number(None, 2, "nl") == "–" and number(float("nan"), 2, "nl") == "–"
    assert (
        round_euro(92_847_478, "nl", words_of("nl")) == "93 miljoen"
        and round_euro(1234, "en", {"million": "", "billion": ""}) == "1,200"
    )


def test_every_text_is_in_both_languages() -> None:
    def check(node: object, path: str) -> None:
        if isinstance(node, dict) and set(node) & {"en", "nl"}:
            assert set(node) == {"en", "nl"}, path
            fields = [sorted(re.findall(r"{(\w+)", str(text))) for text in node.values()]
            assert set(fields[0]) == set(fields[1]), path
        elif isinstance(node, dict):
            for key, value in node.items():
                check(value, f"{path}.{key}")
        else:
            raise AssertionError(f"{path} is in one language only")

    check(all_words(), "words")


def test_the_page_stands_alone(folder: Path) -> None:
    dutch, english = ((folder / name).read_text(encoding="utf-8") for name in ("report.html", "report-en.html"))
    assert '<html lang="nl">' in dutch and '<html lang="en">' in english
    for page in (dutch, english):
        fetched = re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?([^"'\s>)]+)""", page)
        files = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
        assert fetched and all(a.startswith(("data:", "#")) or a in files for a in fetched)
        assert {"comparison.xlsx", "comparison-csv.zip", "comparison.gpkg", "figures/groups.png"} <= set(fetched)
        assert (
            "{" + "{" not in page
            and "Markup(" not in page
            and "None" not in page.replace("None of these policies", "")
            and "nan" not in re.sub(r"base64,[^\"]+", "", page).split()
        )
    assert "Bibliotheken" in dutch and "Libraries" in english and "thuis verify" in dutch
    assert "trekkingen van de onzekere parameters" in dutch and "door aanname" in dutch


BARE = {
    "one area": "code,residents,origin_native,origin_other\nA,300,0.6,0.4\n",
    "areas that differ in nothing": "code,residents,origin_native,origin_other\nA,300,60,40\nB,300,60,40\n",
    "nobody from abroad": "code,residents,origin_native,origin_other,arrivals_study\nA,300,1,0,0\nB,200,1,0,0\n",
    "one household": "code,residents,origin_native,origin_other\nA,1,1,0\nB,2,0,1\n",
}


@pytest.mark.parametrize("table", BARE.values(), ids=list(BARE))
@pytest.mark.filterwarnings("error")
def test_any_table_makes_a_report(table: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Groups that the table cannot tell apart, or to which nobody belongs, are left out and the report says so."""
    (tmp_path / "bare.csv").write_text(table)
    words = ["region=file", f"region.table={tmp_path / 'bare.csv'}", "policies=[baseline,libraries]", "replicates=2"]
    assert thuis(["compare", *words, "years=1", "progress=none", f"out={tmp_path / 'out'}"]) == 0
    assert capsys.readouterr().err == ""
    page = (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    section = page[page.index('<th scope="col">Group</th>') :]
    end = section.index("</table>")
    told = set(re.findall(r'<th scope="row">([^<]+)</th>', section[:end]))
    left_out = {
        name for line in re.findall(r"Not told, because [^:]+: ([^.]+)\.", section) for name in line.split("; ")
    }
    names = [name.lower() for name in words_of("en")["effects"]["groups"].values()]
    assert "Everyone" in told and sorted([*map(str.lower, told), *left_out]) == sorted(names)


def test_classes_have_round_limits_and_colours_of_their_own() -> None:
    assert [round_step(most, 5) for most in (3, 7, 24, 90, 430)] == [2, 2, 10, 50, 200]
    fills = [fill_of("more", {"difference": value}, 10) for value in (5, 15, 25, 300)]
    assert fills == list(MORE) and fill_of("fewer", {"difference": -15}, 10) == FEWER[1]
    assert len({*MORE, *FEWER, *(fill_of(status, {}, 10) for status in ("none", "unsure", "absent"))}) == 11


def test_names_on_the_map_do_not_lie_over_each_other() -> None:
    drawing = hexagons(12)
    assert len(labels(drawing, ["x"] * 12)) == 12
    assert 0 < len(labels(drawing, ["a very long name of a neighbourhood"] * 12)) < 12


def test_the_people_to_ask_find_the_difference_in_80_of_100_surveys() -> None:
    """Four samples of so many, with and without the policy, before and after, of people who say yes or no."""
    chance = np.random.Generator(np.random.PCG64(5))
    level, effect = 0.6, 0.05
    count = needed_people(effect, level * (1 - level))
    shares = chance.binomial(count, [level, level, level, level + effect], size=(4000, 4)) / count
    difference = shares[:, 3] - shares[:, 2] - shares[:, 1] + shares[:, 0]
    error = np.sqrt((shares * (1 - shares) / count).sum(axis=1))
    assert 0.78 <= (np.abs(difference) > 1.96 * error).mean() <= 0.83


def test_the_title_is_the_finding_and_small_differences_are_none(folder: Path) -> None:
    summary = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    first = next(name for group in summary["ranking"]["order"] for name in group if name != "baseline")
    title = re.search(r"<h1>(.*?)</h1>", (folder / "report-en.html").read_text(encoding="utf-8"), re.S)
    policy = next(p for p in summary["policies"] if p["name"] == first)
    row, euro = summary["people"][first]["everyone"]["at_home"]["both"], summary["costs"][first]["euro"]
    assert title is not None and title[1].startswith(policy["title"]["en"]) and "in Urk" in title[1]
    assert f"{row['first'] * 1000:,.0f}" in title[1] or f"{row['first'] * 100:.0f}" in title[1]
    assert ("a year" in title[1]) == bool(euro)
    design = summary["configuration"] | {"matters": 1000}
    changed = Report(folder, summary | {"configuration": design}, None, "en")
    assert "no difference that matters" in findings(changed)[0]
    assert {row["at_home"]["value"] for row in glance(changed)} == {"no difference"}
    assert advice(changed)[0]["lines"][0].startswith("None of these policies")
    untold = Report(folder, summary, None, "en")
    untold.at_home = lambda name, *_, **__: row | {"low": None, "high": None}  # type: ignore[method-assign]
    assert "too few runs" in advice(untold)[0]["lines"][0]
    # An estimate too small to matter, with a range that reaches further, is not said to make no difference.
    reaching = Report(folder, summary | {"configuration": summary["configuration"] | {"matters": 5}}, None, "en")
    reaching.at_home = lambda name, *_, **__: row | {"difference": 2.0, "low": 0.5, "high": 9.0}  # type: ignore[method-assign]
    assert "probably no difference that matters" in findings(reaching)[0]
    assert {row["at_home"]["value"] for row in glance(reaching)} == {"+2.0"}
    assert any("cannot be ruled out" in line for one in answers(reaching) for line in one["lines"])
    # The gain of the whole run may be certain while that of the end is too small to matter: then no price is told.
    costly = [name for name, cost in summary["costs"].items() if cost["euro"] > 0]
    assert costly and not any(any(sign.isdigit() for sign in row["per_home"]["value"]) for row in glance(changed))
    lines = [line for one in answers(changed) for line in one["lines"]]
    assert sum(line.startswith("What one more person at home costs cannot be told") for line in lines) == len(costly)


def test_whole_percentages_add_up() -> None:
    assert whole_percents([0.875, 0.125]) == [88, 12] and whole_percents([0.966, 0.036]) == [96, 4]
    assert whole_percents([1 / 3] * 3) == [34, 33, 33] and whole_percents([0.2]) == [100]


def test_the_page_says_for_how_many_residents_one_person_stands(folder: Path) -> None:
    text = (folder / "report-en.html").read_text()
    assert "one person for every 20 of them" in text and "Every resident was simulated" not in text


def test_downloads_hold_the_numbers_of_the_tables(folder: Path) -> None:
    people = pl.read_parquet(folder / "people.parquet")
    book = openpyxl.load_workbook(folder / "comparison.xlsx", read_only=True)
    rows = list(book["people"].iter_rows(values_only=True))
    assert list(rows[0]) == people.columns and len(rows) == len(people) + 1
    with zipfile.ZipFile(folder / "comparison-csv.zip") as archive:
        text = archive.read("people.csv")
        assert text.startswith(b"\xef\xbb\xbf") and b";" in text.splitlines()[0]  # for Excel in Dutch
        assert {"headline.csv", "columns.csv"} <= set(archive.namelist())
    with sqlite3.connect(folder / "comparison.gpkg") as database:
        count = database.execute("select count(*) from areas").fetchone()[0]
    assert count == len(pl.read_parquet(folder / "by_neighbourhood.parquet"))


def test_circles_stay_within_the_drawing(tmp_path: Path) -> None:
    table = "code,residents,origin_native,origin_other,x,y\nA,9000,0.6,0.4,0,0\nB,300,0.6,0.4,5,1\nC,4000,0.6,0.4,9,2\n"
    (tmp_path / "own.csv").write_text(table)
    drawing = draw_areas(load_region("file", table=str(tmp_path / "own.csv")))
    radius = np.sqrt(drawing.sizes / np.pi)[:, None]
    assert (drawing.middles - radius >= 0).all() and (drawing.middles + radius <= [WIDTH, HEIGHT]).all()


def test_hexagons_stay_within_the_drawing() -> None:
    for count in (1, 2, 7, 80, 3000):
        numbers = np.array([[float(n) for n in re.findall(r"-?\d+\.\d", path)] for path in hexagons(count).paths])
        assert numbers.shape == (count, 12) and numbers.min() >= 0
        assert numbers[:, ::2].max() <= WIDTH and numbers[:, 1::2].max() <= HEIGHT
    assert len(thinned(np.array([[0, 0], [0.1, 0], [3, 0], [3.2, 0]]))) == 2


@pytest.mark.skipif(shared_data() is None, reason="no ../shared/data (see THUIS_SHARED_DATA)")
def test_real_outlines_fit_the_drawing() -> None:
    data = shared_data()
    assert data is not None
    table = load_region(
        "cbs",
        table=str(data / "netherlands" / "wijk_2017.csv"),
        codes=["GM0363"],
        geometry=str(data / "netherlands" / "wijken_2022.geojson"),
    )
    paths = outlines(table).paths
    assert len(paths) == len(table) and all(path.startswith("M") for path in paths if path)
    numbers = np.array([float(n) for path in paths for n in re.findall(r"\d+\.\d", path)])
    assert numbers.min() >= 0 and numbers.max() <= WIDTH


@pytest.mark.browser
@pytest.mark.skipif(not CHROMIUM.exists(), reason="no Chromium on this machine")
@pytest.mark.parametrize("name", ["report.html", "report-en.html"])
def test_the_page_is_usable_by_all_and_fits_every_width(folder: Path, name: str) -> None:
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        fetched: list[str] = []
        for width in (1280, 794, 375):
            page = browser.new_page(viewport={"width": width, "height": 900}, bypass_csp=True)  # for axe
            page.on("request", lambda request: fetched.append(request.url))
            faults: list[str] = []
            page.on("pageerror", lambda error, faults=faults: faults.append(str(error)))
            page.goto((folder / name).as_uri())
            assert page.evaluate("document.documentElement.scrollWidth") <= width and not faults
            page.add_script_tag(content=AXE.read_text(encoding="utf-8"))
            found = page.evaluate("axe.run()")
            assert [(v["id"], v["nodes"][0]["html"][:120]) for v in found["violations"]] == []
        page.locator(".map .area").first.hover()
        assert ":" in page.locator(".told").first.inner_text()
        assert page.pdf(format="A4")[:5] == b"%PDF-"
        browser.close()
    assert all(url.startswith(("file:", "data:")) for url in fetched)
