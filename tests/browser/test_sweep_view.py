"""A sweep in the browser: its page, a run opened from it in full, and the emulator's answer before the simulation's."""

import json
import re
import urllib.error
import urllib.request
from typing import Any

import pytest

import thuis
from browser.emulated import emulated
from browser.house import House
from browser.starts import settled
from browser.sweep_pages import SweepPages
from browser.timeline import Timeline
from scenarios.regions.archetypes import archetype
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from tests.browser.conftest import serving
from tests.tools.page import wait

YEARS = 3  # longer than the server simulates ahead of what is shown to several visitors


@pytest.fixture(scope="module")
def pages(tmp_path_factory: pytest.TempPathFactory) -> SweepPages:
    """A sweep of Vaals with its emulator."""
    factors = {"policy.libraries.funding": [1, 2], "parameters.effect_amenities": [0.065, 0.145]}
    sweep = thuis.sweep(
        "vaals",
        policy="libraries",
        factors=factors,
        design="latin_hypercube",
        runs=24,
        years=YEARS,
        scale=10,
        out=tmp_path_factory.mktemp("sweep") / "lhs",
        progress="none",
    )
    thuis.emulate(sweep, ["at_home", "spent"])
    return SweepPages(sweep.path)


@pytest.fixture(scope="module")
def address(pages: SweepPages) -> Any:
    """A server that has it."""
    house = House("vaals")
    house.sweep, house.emulator = pages, pages.emulator
    yield from serving(house)


def asked(address: str, path: str, **headers: str) -> str:
    """What the server answers."""
    request = urllib.request.Request(f"{address}{path}", headers={"Accept-Language": "nl", **headers})
    with urllib.request.urlopen(request) as answer:
        return answer.read().decode()


def test_a_run_of_the_sweep_is_opened_in_full(pages: SweepPages, address: str) -> None:
    assert json.loads(asked(address, "/start.json"))["sweep"] is True
    assert '<a href="7/">open</a>' in asked(address, "/sweep/")
    page = asked(address, "/sweep/7/")
    assert "Simulatie 7 van de sweep: dezelfde toestand aan het eind, tot op de laatste bit." in page
    figure = re.search(r'href="(figures/[\w.]+\.csv)"', page)
    assert figure is not None and "," in asked(address, f"/sweep/7/{figure[1]}")
    assert '<html lang="en">' in asked(address, "/sweep/7/page-en.html")
    for path in (
        "/sweep/24/",
        "/sweep/7/figures/..%2Fsummary.json",
        "/sweep/8/figures/map.png",
        "/sweep/-1/",
        "/sweep/7/summary.json",
        "/sweep/7/months.parquet",
    ):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            asked(address, path)
    with pytest.raises(urllib.error.HTTPError, match="404"):
        asked(address, "/sweep/", **{"Sec-Fetch-Site": "cross-site"})


def test_the_emulator_answers_for_levers_that_the_sweep_has(pages: SweepPages) -> None:
    start = settled(archetype("vaals"), Parameters(), 1, 100, ThreadPool(1), lambda world: None)

    def told(events: list[Any]) -> dict[str, Any]:
        first, second = (Timeline.of(start, each, ThreadPool(1), 50_000_000) for each in ([], events))
        return emulated(pages.emulator, "vaals", first, second)

    package = told([(0, "policy", "libraries")])
    assert package["month"] == 12 * YEARS and set(package["changes"]) == {"at_home", "spent"}
    assert package["changes"]["spent"]["mean"] > 0 and package["changes"]["at_home"]["error"] > 0
    for events in (
        [(12, "policy", "libraries")],
        [(0, "work.support", 0.5)],
        [(0, "facilities.funding.library@0", 1.5)],
    ):
        assert told(events)["changes"] == {}


def test_the_page_says_it_at_once_and_takes_it_away(visit: Any) -> None:
    other = visit("#place=vaals&seed=1&scale=100&language=en")  # not alone, the server goes two years ahead
    wait(other, "thuis.state.runs[0].months.length > 1")
    page = visit("#place=vaals&seed=1&scale=100&b=0:policy:libraries&language=en")
    wait(page, "thuis.state.runs[1]?.months.length > 1")
    text = page.locator("#emulated").inner_text()
    assert "not from this simulation" in text and f"after {YEARS} years" in text
    page.evaluate(
        "{ const scrub = document.getElementById('scrub'); scrub.value = 40; scrub.dispatchEvent(new Event('input')); }"
    )
    wait(page, "thuis.state.runs[1].months.length > 37")
    wait(page, "document.getElementById('emulated').hidden")
    assert page.locator("#sweep-open").is_visible()
