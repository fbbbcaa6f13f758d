"""A life among others at home, in a page whose server has parameters of its own."""

from dataclasses import replace

import pytest

from browser.command import read_view
from browser.house import House
from scenarios.errors import InputError
from sim.parameters import Parameters
from tests.browser.conftest import serving
from tests.tools.page import wait

pytestmark = pytest.mark.browser
HOME = "thuis.state.people?.person?.household"


@pytest.fixture(scope="module")
def address():
    """A server of Vaals with households, and with another value of one more parameter."""
    parameters = Parameters().changed(households=1, effect_turnover=0)
    yield from serving(House("vaals", parameters=parameters))


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
