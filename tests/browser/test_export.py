"""A comparison as one page that opens from the disk."""

import json
import re
from typing import Any

import pytest

from browser.command import main
from browser.export import Saved, write_page
from browser.house import House, Limits
from scenarios.errors import InputError
from tests.tools.page import READY, wait

pytestmark = pytest.mark.browser
SAVED = Saved("urk", [(0, "policy", "libraries")], 2, 1, "nl")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A saved page of Urk with one agent for many residents."""
    target = tmp_path_factory.mktemp("export") / "page"
    write_page(House("urk", limits=Limits(agents=1000)), SAVED, target)
    return target


def test_saved_page_opens_from_the_disk_and_asks_for_nothing(chromium, folder):
    page, wrong, requested = chromium.new_page(locale="en-GB"), [], []
    page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("request", lambda r: requested.append(r.url) if not r.url.startswith(("file:", "data:")) else None)
    page.goto((folder / "index.html").as_uri())
    wait(page, READY)
    assert page.get_attribute("html", "lang") == "nl" and "Na 2 jaar voelen" in page.inner_text("#sentence")
    assert "toekomsten" in page.inner_text("#sentence")
    assert not page.is_visible("#levers") and "Bibliotheken" in page.inner_text("#changes")
    left = page.inner_text("#left")
    assert "Wat er is veranderd" in left and not re.search(
        r"\bu(w)?\b", left, re.IGNORECASE
    )  # nothing is the reader's own
    page.fill("#scrub", "5")
    assert page.evaluate("thuis.state.month") == 5
    page.select_option("#measure", "faces")
    page.select_option("#language", "en")
    assert "familiar faces" in page.inner_text("#legend-title")
    page.click("#areas button")
    wait(page, "document.querySelector('#follow').options.length > 5")
    assert "These people" in page.inner_text("#people-month")
    kept = kept_in(folder)
    life = next(one for one in kept["people"] if one["life"])
    page.fill("#scrub", "24")
    page.evaluate(
        "(code) => { const list = document.querySelector('#place'); list.value = code; "
        "list.dispatchEvent(new Event('change')); }",
        str(life["area"]),
    )
    page.click('[data-view="b"]')
    wait(page, "document.querySelector('#follow').options.length > 5")
    page.evaluate(
        "(id) => { const list = document.querySelector('#follow'); list.append(new Option(id, id)); "
        "list.value = id; list.dispatchEvent(new Event('change')); }",
        life["followed"],
    )
    wait(page, "!!document.querySelector('#terms')")
    page.close()
    assert not wrong and not requested


def kept_in(folder: Any) -> dict[str, Any]:
    """What a saved page holds."""
    text = (folder / "index.html").read_text(encoding="utf-8")
    return json.loads(re.search(r'id="saved">(.*?)</script>', text, re.DOTALL)[1])


def test_a_folder_with_something_in_it_is_refused_before_anything_begins(tmp_path):
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match="holds files"):
        main([f"export={tmp_path}", "region=urk", "years=1"])
    assert (tmp_path / "notes.txt").read_text(encoding="utf-8") == "mine"
