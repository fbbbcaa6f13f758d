"""A life among others at home, in a page whose server has parameters of its own."""

from dataclasses import replace

import pytest

from browser.command import read_view
from browser.house import House
from browser.life import find, others_at_home
from browser.people import sample
from browser.timeline import Timeline
from scenarios.errors import InputError
from sim.parameters import Parameters
from sim.population import CHILD
from tests.browser.conftest import serving
from tests.tools.page import wait

pytestmark = pytest.mark.browser
HOME = "thuis.state.people?.person?.household"
PARAMETERS = Parameters().changed(households=1, effect_turnover=0)


@pytest.fixture(scope="module")
def address():
    """A server of Vaals with households, and with another value of one more parameter."""
    yield from serving(House("vaals", parameters=PARAMETERS))


def test_parameters_are_those_of_thuis_run() -> None:
    _, region, parameters = read_view(["region=vaals", "parameters.effect_turnover=0"])
    assert region["name"] == "vaals" and parameters == replace(Parameters(), effect_turnover=0)
    with pytest.raises(InputError, match=r"parameters\.households=2 is out of range; allowed is a number from 0 to 1"):
        read_view(["parameters.households=2"])
    with pytest.raises(InputError, match=r"did you mean parameters\.households"):
        read_view(["parameters.household=1"])


def test_who_lives_together_is_told_from_either_side(visit):
    page = visit("#month=12&neighbourhood=vaals_02")
    wait(page, "document.querySelector('#follow').options.length > 5")
    page.click("details:has(#notes) summary")
    assert "effect_turnover = 0" in page.inner_text("#notes")
    ids = page.evaluate("[...document.querySelector('#follow').options].map((one) => one.value).filter(Boolean)")
    for one in ids:  # the first of the sample who has a child at home
        page.click("#tab-one")
        page.select_option("#follow", one)
        wait(page, f"thuis.state.people.followed === '{one}' && !!thuis.state.people.life")
        if "child" in (page.evaluate(f"{HOME}?.map((other) => other.role)") or []):
            break
    page.click("#tab-who")
    own, others = page.evaluate(f"[thuis.state.people.person.role, {HOME}]")
    assert own in ("head", "partner") and len({other["home"] for other in others}) == 1
    told = page.inner_text("#person .household")
    assert f"Lives with ({len(others)})" in told and "Child: " in told and "lives in" not in told
    page.click("#person .household li:last-child button")
    wait(page, f"thuis.state.people.followed === '{others[-1]['id']}' && !!{HOME}")
    assert one in page.evaluate(f"{HOME}.map((other) => other.id)")
    assert "Parent or guardian" in page.text_content("#person .household")


def first_birth(house: House) -> tuple[int, int, str, str]:
    """Month and neighbourhood of the first birth to someone in the page's list, their number, and the child's."""
    start = house.start("vaals", 1, 1, 0, lambda world: None)
    run = Timeline.of(start, [], house.small, 0)
    before: set[int] = set()  # who lived here a month ago
    while run.sent < 60:
        run.step()
        world, month = run.world, run.sent
        p = world.population
        for area in range(len(start.table)):
            for one in sample(world, area, None)["id"][:40]:
                for other in others_at_home(world, find(world, int(one))):
                    born = p.role[other] == CHILD and int(p.serial[other]) not in before
                    if born and int(one) in before and month > 2:
                        return month, area, one, str(int(p.serial[other]))
        before = set(p.serial.tolist())
    raise AssertionError("no birth in five years")


def test_a_birth_is_told_from_either_side_and_not_before(visit):
    month, area, parent, child = first_birth(House("vaals", parameters=PARAMETERS))
    page = visit(f"#month={month}")
    page.click("#tab-one")
    page.select_option("#place", str(area))
    wait(page, f"[...document.querySelector('#follow').options].some((one) => one.value === '{parent}')")
    page.select_option("#follow", parent)
    wait(page, f"thuis.state.people.followed === '{parent}' && !!{HOME}")
    page.click("#tab-who")
    assert f"month {month}: a child came to the household" in page.text_content("#happened")
    youngest = page.evaluate(f"{HOME}.map((other) => other.id)").index(child) + 1
    page.click(f"#person .household li:nth-child({youngest}) button")
    wait(page, f"thuis.state.people.followed === '{child}' && !!{HOME}")
    assert page.inner_text("#person p").startswith("0 years old")
    assert parent in page.evaluate(f"{HOME}.map((other) => other.id)")
    page.fill("#scrub", str(month - 1))
    wait(page, f"thuis.state.people.month === {month - 1} && thuis.state.people.person === null")
    assert "does not live here yet" in page.inner_text("#person")
    page.fill("#scrub", str(month + 1))
    wait(page, f"thuis.state.people.month === {month + 1} && thuis.state.people.life.length === 1")
    assert f"month {month + 1}: born in" in page.text_content("#happened")
