"""The report of a comparison: numbers in the local style, words of both languages, a page that needs nothing else."""

import re
from pathlib import Path

import numpy as np
import pytest

from experiments.cli.command import main as thuis
from experiments.compare.report.map_paths import HEIGHT, WIDTH, colour, hexagon_paths, outline_paths, thinned
from experiments.compare.report.words import all_words, number, round_euro, words_of
from scenarios.region import load_region
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
    assert round_euro(92_847_478, "nl", words_of("nl")) == "93 miljoen" and round_euro(1234, "en", {
        "million": "", "billion": ""}) == "1,200"  # fmt: skip


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
        assert fetched and all(address.startswith(("data:", "#")) for address in fetched)
        assert "{" + "{" not in page and "None" not in page and "nan" not in re.sub(r"base64,[^\"]+", "", page).split()
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


def test_colours_tell_gain_from_loss_from_nothing() -> None:
    assert colour(0.5, False, 1) == colour(0, True, 1) == colour(float("nan"), True, 1) == "#e2e2e2"
    assert colour(1, True, 1) == "#05488c" and colour(-1, True, 1) == "#b35806"
    assert len({colour(v, True, 1) for v in (-1, -0.5, 0.5, 1)}) == 4


def test_hexagons_stay_within_the_drawing() -> None:
    for count in (1, 2, 7, 80, 3000):
        numbers = np.array([[float(n) for n in re.findall(r"-?\d+\.\d", path)] for path in hexagon_paths(count)])
        assert numbers.shape == (count, 12) and numbers.min() >= 0
        assert numbers[:, ::2].max() <= WIDTH and numbers[:, 1::2].max() <= HEIGHT
    assert len(thinned(np.array([[0, 0], [0.1, 0], [3, 0], [3.2, 0]]))) == 2


@pytest.mark.skipif(shared_data() is None, reason="no ../shared/data (see THUIS_SHARED_DATA)")
def test_real_outlines_fit_the_drawing() -> None:
    data = shared_data()
    assert data is not None
    table = load_region(
        "cbs", table=str(data / "netherlands" / "wijk_2017.csv"), codes=["GM0363"],
        geometry=str(data / "netherlands" / "wijken_2022.geojson"),
    )  # fmt: skip
    paths = outline_paths(table)
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
        page.locator(".map path").first.hover()
        assert ":" in page.locator(".told").first.inner_text()
        assert page.pdf(format="A4")[:5] == b"%PDF-"
        browser.close()
    assert all(url.startswith(("file:", "data:")) for url in fetched)
