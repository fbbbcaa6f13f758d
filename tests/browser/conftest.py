"""A server on a free port, a browser, and a visit in which nothing may go wrong."""

import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from browser.house import House
from browser.server import make_app, make_server
from browser.warming import warm_up
from tests.tools.page import ARGUMENTS, CHROMIUM, READY, wait


def serving(house: House) -> Iterator[str]:
    """The address of a server on a free port, while it is asked for."""
    ports: list[int] = []
    warming = warm_up(house)
    server = make_server(make_app(house, ["127.0.0.1"]), "127.0.0.1", 0, ports.append)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until = time.monotonic() + 30
    while not ports and time.monotonic() < until:
        time.sleep(0.02)
    warming.join(280)  # the first time after a change of the engine everything is compiled
    yield f"http://127.0.0.1:{ports[0]}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def address():
    """A server on a free port."""
    yield from serving(House("vaals"))


@pytest.fixture(scope="module")
def chromium():
    """One browser for all tests."""
    if CHROMIUM is None:
        pytest.skip("no Chromium here (Debian: apt install chromium)")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as engine:
        browser = engine.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium, address):
    """Open the page; at the end nothing may have gone wrong."""
    opened: list[Any] = []
    wrong: list[str] = []

    def go(hash_text: str = "", **options: Any) -> Any:
        options = {"viewport": {"width": 1300, "height": 900}, "locale": "en-GB", "accept_downloads": True} | options
        context = chromium.new_context(**options)
        page = context.new_page()
        opened.append(context)
        page.on("console", lambda m: wrong.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        page.on("request", lambda r: None if r.url.startswith((address, "blob:", "data:")) else wrong.append(r.url))
        page.goto(f"{address}/{hash_text}")
        wait(page, READY)
        return page

    yield go
    for context in opened:
        context.close()
    assert not wrong
