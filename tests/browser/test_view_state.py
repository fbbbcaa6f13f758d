"""One state on the page: nothing moves by itself, sliders follow the package, and words are those of the visitor."""

import pytest

from sim.motives import MOTIVES
from tests.tools.page import READY, set_lever, wait

pytestmark = pytest.mark.browser
SIZES = """(frames) => new Promise((done) => {
    const found = new Set();
    const look = (left) => {
        const box = document.querySelector("#map-frame").getBoundingClientRect();
        const canvas = document.querySelector("#map");
        found.add([box.x, box.y, box.width, box.height, canvas.width, canvas.height].join(" "));
        if (left) requestAnimationFrame(() => look(left - 1)); else done([...found]);
    };
    look(frames);
})"""


@pytest.mark.parametrize(("width", "height"), [(1280, 720), (1440, 900), (390, 844)])
def test_nothing_moves_when_idle_and_the_zoom_never_resizes_the_map(visit, width, height):
    page = visit("#month=4", viewport={"width": width, "height": height})
    areas = page.evaluate("thuis.state.world.codes.length")
    for area in range(areas):
        page.evaluate(
            """(j) => { const list = document.querySelector("#place"); list.value = j;
            list.dispatchEvent(new Event("change")); }""",
            str(area),
        )
        wait(page, f"thuis.state.people?.area === {area} && thuis.state.people.month === 4")
        page.evaluate(SIZES, 3)
        kept = page.evaluate(SIZES, 20)
        assert len(kept) == 1
        for step in ("#zoom-in", "#zoom-in", "#zoom-in", "#zoom-all"):
            page.evaluate("(id) => document.querySelector(id).click()", step)
            assert page.evaluate(SIZES, 4) == kept


def test_a_map_of_another_size_is_painted_in_the_same_frame(visit):
    page = visit("#month=2")
    page.evaluate(
        """() => { window.blank = 0; new ResizeObserver(() => { const map = document.querySelector("#map");
        const empty = document.createElement("canvas"); empty.width = map.width; empty.height = map.height;
        if (map.toDataURL() === empty.toDataURL()) window.blank += 1;
        }).observe(document.querySelector("#map-frame")); }"""
    )
    for width in (1200, 1250, 1350):
        page.set_viewport_size({"width": width, "height": 800})
        page.evaluate(SIZES, 3)
    assert page.evaluate("window.blank") == 0


def test_sliders_follow_the_package_and_the_list_says_what_was_moved_besides(visit):
    page = visit()
    library = "[...document.querySelectorAll('[data-row=\"facilities.funding.library\"] output')][0].textContent"
    page.select_option("#package", "libraries")
    page.fill("#scrub", "24")
    wait(page, f"{library} === '1.50'")
    assert page.input_value("#package") == "libraries"
    page.fill("#scrub", "0")
    wait(page, f"{library} === '1.04'")  # the first of the twelve months in which it comes into force
    set_lever(page, "work.support", 0.5)
    assert page.input_value("#package") == "own" and "of your own" in page.inner_text("#package option:checked")
    page.select_option("#package", "baseline")
    assert page.evaluate("thuis.state.runs[1]") is None
    wait(page, f"{library} === '1.00'")


def test_a_lever_for_all_its_targets_is_one_change_and_one_slider(visit):
    page = visit()
    sliders = (
        "[...document.querySelectorAll('[data-row^=\"admission.arrivals\"] output')].map((one) => one.textContent)"
    )
    set_lever(page, "admission.arrivals", 2)
    wait(page, f"{sliders}.every((text) => text === '2.00')")
    assert page.evaluate(f"[{sliders}.length, thuis.state.runs[1].events.length]") == [len(MOTIVES) + 1, len(MOTIVES)]
    assert page.locator("#changes li").count() == 1
    assert page.inner_text("#changes li span").endswith(": 2 times today's")
    set_lever(page, "admission.arrivals.asylum", 3)
    wait(page, f"{sliders}[0] === 'they differ'")
    assert page.locator("#changes li").count() == len(MOTIVES)
    set_lever(page, "admission.arrivals.asylum", 2)
    page.click("#changes li button")
    assert page.evaluate("thuis.state.runs[1]") is None


def test_a_change_in_mid_run_asks_from_when_and_going_back_leaves_nothing(visit):
    page = visit("#month=9")
    page.select_option("#package", "austerity")
    page.click("#since-start")
    assert page.evaluate("thuis.state.runs[1].events") == [[0, "policy", "austerity"]]
    page.select_option("#package", "baseline")
    assert page.evaluate("thuis.state.runs[1]") is None and "as today" in page.inner_text("#changes")
    wait(page, READY)
    page.click('[data-since="now"]')
    page.select_option("#package", "libraries")
    assert page.evaluate("thuis.state.runs[1].events") == [[9, "policy", "libraries"]]
    page.click("#changes > button")
    assert page.evaluate("thuis.state.runs[1]") is None
    page.fill("#region", "Urk")
    page.press("#region", "Enter")
    wait(page, "thuis.state.world?.region === 'urk'")
    assert page.is_hidden("#since")


def test_every_municipality_can_be_chosen_by_typing(visit):
    page = visit()
    assert page.locator("#regions option").count() == 342 + 12 + 1
    for typed, region, shown in (
        ("skiermuontseach", "schiermonnikoog", "Schiermonnikoog"),
        ("96", "vlieland", "Vlieland"),
    ):
        page.fill("#region", typed)
        page.press("#region", "Enter")
        wait(page, f"thuis.state.world?.region === '{region}'")
        assert page.input_value("#region") == shown
    page.fill("#region", "bergen")
    page.press("#region", "Enter")
    wait(page, "document.querySelector('#region').validationMessage.includes('bergen_nh')")
    assert page.evaluate("thuis.state.region") == "vlieland"
    page = visit("#place=schiermonnikoog")
    assert page.evaluate("thuis.state.world.region") == "schiermonnikoog" and page.is_hidden("#banner")


def test_an_unknown_place_is_said_in_the_language_of_the_page(visit):
    page = visit("#place=gouda2", locale="nl-NL")
    assert "gouda2" in page.inner_text("#banner") and "niet bekend" in page.inner_text("#banner")
    assert page.evaluate("thuis.state.region") == "vaals"
    assert page.evaluate("document.querySelector('[data-lever=\"facilities.funding.library\"]').value") == "1"


def test_the_page_is_in_the_language_of_the_browser_before_any_script(address):
    import httpx

    page = httpx.get(address, headers={"accept-language": "nl-NL,nl;q=0.9,en;q=0.8"}).text
    assert '<html lang="nl">' in page and ">Afspelen<" in page and 'aria-label="Taal"' in page
    assert '<html lang="en">' in httpx.get(address, headers={"accept-language": "fr"}).text


def test_data_for_a_dutch_spreadsheet_has_decimal_commas(visit):
    page = visit("#month=1", locale="nl-NL")
    with page.expect_download() as waiting:
        page.select_option("#download", "csv")
    data = waiting.value.path().read_text(encoding="utf-8-sig").splitlines()
    row = dict(zip(data[0].split(";"), data[1].split(";"), strict=True))
    assert row["policy"] == '"A"' and 0 < float(row["belonging"].replace(",", ".")) < 1 and "," in row["belonging"]
