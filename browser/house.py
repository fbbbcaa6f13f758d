"""What all visitors share: regions, settled starts, uploaded tables, threads and limits."""

import contextlib
import ctypes
import gc
import json
import secrets
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import psutil

from browser.course import Courses
from browser.future_runs import FutureRuns
from browser.guard import Addresses
from browser.levers import catalogue
from browser.protocol import Refused
from browser.rooms import Rooms
from browser.starts import SMALL, Start, Starts, scale_for
from browser.uploads import MOST_UPLOAD, read_upload
from scenarios.areas import AreaTable
from scenarios.errors import InputError
from scenarios.regions.archetypes import archetype_names
from scenarios.regions.municipality import municipality_areas
from scenarios.regions.names import listed_regions, region_key
from scenarios.regions.names import title_of as key_title
from scenarios.titles import title_of_places
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.world import World

if TYPE_CHECKING:
    from browser.sweep_pages import SweepPages
    from experiments.emulate.emulator import Emulator

MOST_TABLES = 12
SNAPSHOT, MOST_SNAPSHOTS = 140, 4  # bytes an agent, and states of a policy that are kept to go back to
FEW_VISITS = 4  # up to which each has so many
OWN = "own"  # the region named on the command line when it is not one of those that come with Thuis


@dataclass(frozen=True)
class Limits:
    """How much visitors may ask for.

    Attributes
    ----------
    visitors : int
        Simulations at the same time.
    per_address : int
        Of them from one address, so that nobody takes all places.
    agents : int
        Agents per simulation; larger regions get a larger scale.
    idle : int
        Minutes without a sign of life after which a simulation is released.
    memory : int
        Bytes for all simulations together; 0 takes half of what is free at the start.
    """

    visitors: int = 20
    per_address: int = 10
    agents: int = 1_000_000
    idle: int = 30
    memory: int = 0


@dataclass
class House:
    """Everything shared; safe to use from several threads.

    Attributes
    ----------
    default : str
        The region a visitor without a wish gets.
    own : AreaTable or None
        Loaded from the command line, named `OWN`.
    parameters : Parameters
        Of every simulation here.
    """

    default: str
    own: AreaTable | None = None
    limits: Limits = field(default_factory=Limits)
    parameters: Parameters = field(default_factory=Parameters)

    def __post_init__(self) -> None:
        self.memory = self.limits.memory or psutil.virtual_memory().available // 2
        self.starts = Starts(self.memory // 4, self.parameters)
        self.addresses = Addresses(self.limits.per_address)
        self.tables: OrderedDict[str, AreaTable] = OrderedDict()
        self.uploads: list[float] = []
        self.visits: dict[int, int] = {}
        self.lock = threading.Lock()
        self.small, self.large, self.simulating = ThreadPool(1), ThreadPool(0), 0
        self.rooms = Rooms()
        self.courses, self.future_runs = Courses(), FutureRuns()
        self.settling, self.beside = ThreadPoolExecutor(1, "futures"), ThreadPoolExecutor(4, "beside")
        self._opening, self._opens = b"", threading.Lock()
        self.sweep: SweepPages | None = None
        self.emulator: Emulator | None = None

    def opening(self) -> bytes:
        """What every page asks for first, as JSON: places, levers and packages; put together once."""
        with self._opens:
            if not self._opening:
                found = {
                    **catalogue(self.parameters),
                    "regions": self.regions(),
                    "default": self.default,
                    "most_upload": MOST_UPLOAD,
                    "sweep": self.sweep is not None,
                }
                self._opening = json.dumps(found, ensure_ascii=False, allow_nan=False).encode()
            return self._opening

    def pool(self, agents: int) -> ThreadPool:
        """Threads for a world of this size."""
        return self.small if agents <= SMALL else self.large

    @contextlib.contextmanager
    def turn(self, agents: int) -> Iterator[ThreadPool]:
        """Threads for a month of a world: all, or one where as many worlds are simulated as there are threads."""
        with self.lock:
            self.simulating += 1
            many = self.simulating >= self.large.threads
        try:
            yield self.small if many else self.pool(agents)
        finally:
            with self.lock:
                self.simulating -= 1

    def regions(self) -> list[dict[str, Any]]:
        """Regions a visitor can choose, with their number of residents and neighbourhoods."""
        names = ([OWN] if self.own is not None else []) + archetype_names()
        found = []
        for name in names:
            table = self.table(name)
            found.append(
                {
                    "name": name,
                    "title": title_of(name, table),
                    "residents": int(table.residents.sum()),
                    "areas": len(table),
                }
            )
        return found + [region for region in listed_regions() if region["name"] not in names]

    def table(self, region: str) -> AreaTable:
        """The areas of a region by its name or by the token of an upload.

        Raises
        ------
        Refused
        """
        if region == OWN and self.own is not None:
            return self.own
        with self.lock:
            if region in self.tables:
                self.tables.move_to_end(region)
                return self.tables[region]
        with contextlib.suppress(InputError):
            return municipality_areas(region_key(region))
        raise Refused(
            "this place is not known here, or the table put on the page has been released: put it there again",
            "deze plaats is hier niet bekend, of de eigen tabel is niet meer bewaard: bied haar opnieuw aan",
        )

    def upload(self, content: bytes) -> tuple[str, AreaTable]:
        """Check a visitor's table or map and keep it for a while; it is named by a random token.

        Raises
        ------
        InputError
            One clear line: file, row, column, value and what is allowed.
        """
        now = time.monotonic()
        with self.lock:
            self.uploads = [then for then in self.uploads if now - then < 60]
            if len(self.uploads) >= 30:
                raise Refused(
                    "too many tables at once: try again in a minute",
                    "te veel tabellen tegelijk: probeer het over een minuut opnieuw",
                )
            self.uploads.append(now)
        table = read_upload(content)
        token = "u-" + secrets.token_urlsafe(12)
        with self.lock:
            self.tables[token] = table
            while len(self.tables) > MOST_TABLES:
                self.tables.popitem(last=False)
        return token, table

    def start(self, region: str, seed: int, scale: int, visit: int, on_month: Callable[[World], None]) -> Start:
        """A settled start for a visit, within the memory that is left.

        Raises
        ------
        Refused
            Too much at once.
        """
        table = self.table(region)
        scale = self.scale(region, scale)
        agents = int(table.residents.sum()) // scale
        self.reserve(visit, needed(agents))
        return self.starts.get((region, seed, scale, 0), table, self.pool(agents), on_month)

    def start_of_future(self, region: str, seed: int, scale: int, number: int) -> "Future[Start]":
        """A promise of the start of another future; one at a time is made, whoever asked for it."""
        table = self.table(region)
        pool = self.pool(int(table.residents.sum()) // scale)
        return self.settling.submit(self.starts.get, (region, seed, scale, number), table, pool, lambda world: None)

    def scale(self, region: str, requested: int) -> int:
        """Residents per agent in a region: as asked (0 for no wish), or more where there would be too many agents."""
        return scale_for(self.table(region), requested, self.limits.agents)

    def reserve(self, visit: int, memory: int) -> None:
        """Set memory apart for a visit (two runs, one world to look at, and snapshots)."""
        with self.lock:
            others = sum(size for key, size in self.visits.items() if key != visit)
            if others + memory > self.memory:
                raise Refused(
                    "the server is full: try a smaller region, or come back in a few minutes",
                    "de server is vol: kies een kleinere plaats, of kom over een paar minuten terug",
                )
            self.visits[visit] = memory

    def shelf(self, agents: int) -> int:
        """Bytes for the states that a policy can go back to, besides the start: fewer where many visitors have one."""
        few = len(self.visits) <= FEW_VISITS
        return agents * SNAPSHOT * (MOST_SNAPSHOTS if few else 1)

    def enter(self, visit: int) -> None:
        """Let a visitor in.

        Raises
        ------
        Refused
            All places are taken.
        """
        with self.lock:
            if len(self.visits) >= self.limits.visitors:
                raise Refused(
                    "all places for visitors are taken: come back in a few minutes",
                    "er zijn nu te veel bezoekers: kom over een paar minuten terug",
                )
            self.visits[visit] = 0

    def leave(self, visit: int) -> None:
        """Release a visitor's place and memory."""
        with self.lock:
            self.visits.pop(visit, None)
        give_back()


def give_back() -> None:
    """Return freed memory to the system, where the C library keeps it to itself otherwise (glibc)."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def needed(agents: int) -> int:
    """Bytes for a visit to a region of this size: two runs, a world to look at, one of another future, and room."""
    return 20_000_000 + agents * (160 * 5 + SNAPSHOT * MOST_SNAPSHOTS)


def title_of(region: str, table: AreaTable) -> dict[str, str]:
    """The municipality's name, or how many there are, by language; of a visitor's areas what the page calls them."""
    with contextlib.suppress(InputError):
        return dict(zip(("en", "nl"), key_title(region_key(region)), strict=True))
    return {language: title_of_places(table.municipality_name, language) for language in ("nl", "en")}
