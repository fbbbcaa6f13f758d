"""The page in a real Chromium: where it is, when it is ready, and a hand on a lever."""

import shutil
import time
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
ARGUMENTS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run"]
READY = (
    "!!window.thuis && !!thuis.state.world && thuis.state.runs[0].months.length > 0 "
    "&& thuis.state.month >= thuis.state.goal"
)


def wait(page: Any, expression: str, seconds: float = 60) -> None:
    """Until an expression holds; asked from here, because the page allows no eval of its own."""
    until = time.monotonic() + seconds
    while not page.evaluate(expression):
        assert time.monotonic() < until, f"never true: {expression}"
        time.sleep(0.03)


def set_lever(page: Any, name: str, value: float) -> None:
    """Move a slider as a hand would, whether its group is open or not; in mid-run from the month shown."""
    page.evaluate(
        """([name, value]) => { const input = document.querySelector(`[data-lever="${name}"]`); input.value = value;
        input.dispatchEvent(new Event("input")); input.dispatchEvent(new Event("change")); }""",
        [name, value],
    )
    if page.is_visible("#since-box"):
        page.click("#since-now")
