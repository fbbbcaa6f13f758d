"""A comparison as one page that opens from the disk: what a visitor would have been sent, put into the page itself."""

import base64
import json
import re
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from browser.house import House
from browser.levers import Event
from browser.months import MEASURES
from browser.protocol import HEADER, People, Range, Start, Want
from browser.session import AHEAD_ALONE, Session
from browser.static_files import LANGUAGES, LIBRARIES, first_pages, static_files
from experiments.results.folders import check_target, new_result
from scenarios.errors import InputError

MOST_AREAS = 24  # neighbourhoods of which residents are kept: the largest
LIVES = 3  # neighbourhoods in which a newcomer and an established resident are followed
PATIENCE = 3600.0  # seconds for one answer
UNSIGNED = "\\u003c"  # "<" within JSON: it can begin no element


@dataclass
class Visit:
    """A visitor who asks for everything that the page will show, and keeps the answers.

    Attributes
    ----------
    words : list of dict
        What was said, in order.
    months : dict of bytes
        By (run, month).
    """

    house: House
    words: list[dict[str, Any]] = field(default_factory=list)
    months: dict[tuple[int, int], bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.came = threading.Condition()
        self.session = Session(self.house, self.take, lambda: 0)

    def take(self, message: str | bytes) -> None:
        """Keep what the simulation says."""
        with self.came:
            if isinstance(message, bytes):
                _, run, _, month, *_ = HEADER.unpack_from(message)
                self.months[run, month] = message
            else:
                self.words.append(json.loads(message))
            self.came.notify_all()

    def wait(self, ready: Callable[[], Any]) -> Any:
        """Wait until something came.

        Raises
        ------
        InputError
            What the simulation could not do.
        """
        with self.came:
            self.came.wait_for(lambda: self.problem() or ready(), PATIENCE)
            if problem := self.problem():
                raise InputError(problem["text"]["en"])
            return ready()

    def problem(self) -> dict[str, Any] | None:
        """What went wrong."""
        return next((word for word in self.words if word["type"] == "error"), None)

    def last(self, kind: str) -> dict[str, Any] | None:
        """The last word of a kind."""
        return next((word for word in reversed(self.words) if word["type"] == kind), None)

    def ask_people(self, run: int, area: int, month: int, person: int | None = None) -> dict[str, Any]:
        """The residents of a neighbourhood in a month, and the life of one of them."""
        before = len(self.words)
        self.session.take(People(run, area, month, person))
        return self.wait(lambda: next((word for word in self.words[before:] if word["type"] == "people"), None))

    def ask_range(self, measure: str, month: int) -> dict[str, Any]:
        """The difference in other futures, once all of them are there."""
        before = len(self.words)
        self.session.take(Range(measure, month))

        def whole() -> dict[str, Any] | None:
            told = [word for word in self.words[before:] if word["type"] == "range" and word["measure"] == measure]
            return next((word for word in told if word["known"] == word["count"]), None)

        return self.wait(whole)


def keep(house: House, saved: "Saved") -> dict[str, Any]:
    """Everything that the page shows: both policies over the months, ranges, residents and some lives."""
    visit, until = Visit(house), 12 * saved.years
    try:
        visit.session.take(Start(saved.region, saved.seed, 0, [], saved.events))
        visit.session.take(Want(max(until - AHEAD_ALONE, 0)))
        visit.wait(lambda: all((run, until) in visit.months for run in (0, 1)))
        every_year = range(12, until + 1, 12)
        ranges = [visit.ask_range(measure, month) for month in every_year for measure in MEASURES]
        world = next(word for word in visit.words if word["type"] == "world")
        people = residents(visit, world, list(every_year))
    finally:
        visit.session.close()
    levers = [word for word in visit.words if word["type"] == "levers"]
    return {
        "world": {**world, "horizon": until},
        "levers": [next(word for word in reversed(levers) if word["run"] == run) for run in (0, 1)],
        "months": [base64.b64encode(visit.months[run, month]).decode() for run in (0, 1) for month in range(until + 1)],
        "ranges": ranges,
        "people": people,
    }


def residents(visit: Visit, world: dict[str, Any], months: list[int]) -> list[dict[str, Any]]:
    """Residents of the largest neighbourhoods at the end of each year in both runs, and lives in the largest of all."""
    columns = visit.session.runs[1]
    assert columns is not None
    size = columns.table.residents
    largest = sorted(range(len(world["codes"])), key=lambda j: -int(size[j]))[:MOST_AREAS]
    found = [visit.ask_people(run, area, month) for area in largest for run in (0, 1) for month in months]
    for area in largest[:LIVES]:
        sample = next(one for one in reversed(found) if one["area"] == area and one["run"] == 1)["people"]
        for newcomer in (True, False):
            kinds = zip(sample["id"], sample["newcomer"], strict=True)
            who = next((person for person, new in kinds if new == newcomer), None)
            if who is not None:
                found.append(visit.ask_people(1, area, months[-1], int(who)))
    return found


def page_with(kept: dict[str, Any], catalogue: dict[str, Any], link: str, language: str) -> str:
    """The page as one file: style, scripts, words and what was kept."""
    files = static_files()
    text = first_pages(files)[language][0].decode()
    words = {name: json.loads(files[f"text_{name}.json"][0]) for name in LANGUAGES}
    everything = {**kept, "catalogue": catalogue, "words": words, "link": link}
    data = json.dumps(everything, ensure_ascii=False, allow_nan=False)
    icon = base64.b64encode(files["icon.svg"][0]).decode()
    text = re.sub(r'href="/static/icon.svg"', f'href="data:image/svg+xml;base64,{icon}"', text)
    style = r'<link rel="stylesheet" href="/static/([\w.]+)">'
    text = re.sub(style, lambda match: f"<style>{files[match[1]][0].decode()}</style>", text)
    scripts = "".join(f"<script>{in_page(files[name][0].decode())}</script>" for name in LIBRARIES)
    text = re.sub(r'\s*<script defer src="[^"]*"></script>|<link rel="modulepreload"[^>]*>', "", text)
    module = f'{scripts}<script type="importmap">{json.dumps({"imports": modules(files)})}</script>'
    module += '<script type="module">import "thuis/app.js";</script>'
    text = text.replace('<script type="module" src="/static/app.js"></script>', "")
    body = f'<script type="application/json" id="saved">{data.replace("<", UNSIGNED)}</script>{module}</body>'
    return text.replace("</body>", body)


def modules(files: dict[str, tuple[bytes, str, str]]) -> dict[str, str]:
    """Our scripts by the name under which they import each other, each as an address that holds its text."""
    found = {}
    for name, (content, _, _) in files.items():
        if name.endswith(".js") and name not in LIBRARIES:
            text = re.sub(r'(from|import) "\./([\w.]+)"', r'\1 "thuis/\2"', content.decode())
            found[f"thuis/{name}"] = "data:text/javascript;base64," + base64.b64encode(text.encode()).decode()
    return found


def in_page(text: str) -> str:
    """A script that cannot end the element it stands in."""
    return re.sub("</(?=script)", r"<\\/", text, flags=re.IGNORECASE)


@dataclass(frozen=True)
class Saved:
    """What a saved page is of.

    Attributes
    ----------
    events : list of Event
        The policy that is set beside today's.
    """

    region: str
    events: list[Event]
    years: int
    seed: int
    language: str

    @property
    def link(self) -> str:
        """The address that a link to the same view would have, after the #."""
        policy = ",".join(f"{month}:{name}:{value}" for month, name, value in self.events)
        return f"place={self.region}&seed={self.seed}&month={12 * self.years}&b={policy}"


def write_page(house: House, saved: Saved, folder: Path) -> Path:
    """Simulate a comparison and write it as FOLDER/index.html; nothing is there before it is whole.

    Raises
    ------
    InputError
        The folder has something in it, or the place is too large for the memory.
    """
    check_target(folder)
    kept = keep(house, saved)
    whole = json.loads(house.opening())
    regions = [one for one in whole["regions"] if one["name"] == saved.region]
    catalogue = {**whole, "regions": regions, "default": saved.region, "sweep": False}
    text = page_with(kept, catalogue, saved.link, saved.language)
    with new_result(folder) as hidden:
        (hidden / "index.html").write_text(text, encoding="utf-8")
    return folder / "index.html"
