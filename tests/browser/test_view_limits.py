"""Limits of the page's server: what one visitor may ask for, and what is let go when nobody is there any more."""

import asyncio
import contextlib
import json
import socket
import threading
import time
from collections import deque
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from uvicorn import Config
from uvicorn.server import ServerState
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from browser.guard import FIRST_SECONDS, MOST_CONNECTIONS, Addresses, GuardedProtocol
from browser.house import House, Limits
from browser.protocol import read_message
from browser.server import FULL, IDLE, MOST_UNSENT, STARTS_PER_MINUTE, TOO_FAST, Connection, make_app, make_server
from browser.session import MOST_WAITING, Session
from scenarios import start_cache
from tests.tools.fake_clock import run_at_once

START = json.dumps({"type": "start", "region": "urk", "seed": 3, "scale": 20, "a": [], "b": None})
WANT = json.dumps({"type": "want", "month": 1})


@contextlib.contextmanager
def served(house: House, connections: int = 400) -> Iterator[str]:
    """A server on a free port; its address."""
    ports: list[int] = []
    server = make_server(make_app(house, ["127.0.0.1"]), "127.0.0.1", 0, ports.append, connections)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    wait_until(lambda: ports)
    yield f"http://127.0.0.1:{ports[0]}"
    server.should_exit = True
    thread.join(10)


def wait_until(ready: Any, seconds: float = 60) -> None:
    """Wait until something holds."""
    until = time.monotonic() + seconds
    while not ready():
        assert time.monotonic() < until
        time.sleep(0.02)


class Listening:
    """A socket that has these messages waiting, one every so many seconds, and then is silent.

    It keeps what it is told; as a session it counts what it is handed.
    """

    def __init__(self, *messages: str, every: float = 0.0) -> None:
        self.messages, self.every, self.taken, self.told = deque(messages), every, 0, []

    async def receive_text(self) -> str:
        await asyncio.sleep(self.every if self.messages else 1e9)
        return self.messages.popleft()

    async def send_text(self, text: str) -> None:
        self.told.append(text)

    def take(self, message: object) -> None:
        self.taken += 1


def listen(unsent: int, *messages: str) -> tuple[int, int]:
    """With how many messages unsent a visitor sends some: the code of closing, and how many were taken."""

    async def run() -> tuple[int, int]:
        fake = Listening(*messages)
        connection = Connection(fake, House("urk"))  # type: ignore[arg-type]
        connection.session = fake  # type: ignore[assignment]
        for _ in range(unsent):
            connection.queue.put_nowait("a month")
        return await connection.listen(), fake.taken

    return run_at_once(run)[0]


def test_visitor_who_reads_nothing_is_cut_off():
    assert listen(MOST_UNSENT, WANT, WANT) == (IDLE, 2)  # idle at last: the limit itself was no reason
    assert listen(MOST_UNSENT + 1, WANT) == (TOO_FAST, 0)


def test_visitor_who_starts_over_and_over_is_cut_off():
    assert listen(0, *[START] * STARTS_PER_MINUTE) == (IDLE, STARTS_PER_MINUTE)
    assert listen(0, *[START] * (STARTS_PER_MINUTE + 3)) == (TOO_FAST, STARTS_PER_MINUTE)


def silence(messages: list[str], every: float, idle: int = 30) -> tuple[int, int, float]:
    """A visitor who says this, one message every so many seconds: code of closing, places taken, seconds passed."""
    house = House("urk", limits=Limits(idle=idle))

    async def run() -> tuple[int, int]:
        fake = Listening(*messages, every=every)
        connection = Connection(fake, house)  # type: ignore[arg-type]
        code = await connection.listen()
        taken = len(house.visits)
        if connection.session is not None:
            connection.session.close()
        return code, taken

    (code, taken), seconds = run_at_once(run)
    return code, taken, seconds


def test_who_says_nothing_takes_no_place_and_is_let_go():
    assert silence([], 0) == (IDLE, 0, FIRST_SECONDS)
    assert silence([WANT], FIRST_SECONDS + 1) == (IDLE, 0, FIRST_SECONDS)  # too late
    assert silence(["nonsense"], 1) == (IDLE, 0, 1 + FIRST_SECONDS)


def test_who_falls_silent_is_let_go_after_the_idle_time():
    assert silence([WANT, WANT, WANT], 15, idle=2) == (IDLE, 1, 3 * 15 + 120)


def test_one_address_cannot_take_all_places():
    addresses = Addresses(2)
    with addresses.slot("192.0.2.1") as one, addresses.slot("192.0.2.1") as two:
        with addresses.slot("192.0.2.1") as three, addresses.slot("192.0.2.2") as other:
            assert (one, two, three, other) == (True, True, False, True)
        with addresses.slot("192.0.2.1") as still:
            assert not still
    assert not addresses.held
    with addresses.slot("192.0.2.1") as free:
        assert free


def test_page_from_a_crowded_address_is_told_so():
    house = House("urk", limits=Limits(per_address=1))
    with served(house) as address, connect(address.replace("http", "ws") + "/live", origin=address):
        with connect(address.replace("http", "ws") + "/live", origin=address) as second:
            assert "too many pages" in json.loads(second.recv(timeout=10))["text"]["en"]
            with pytest.raises(ConnectionClosed) as closed:
                second.recv(timeout=10)
        assert closed.value.rcvd is not None and closed.value.rcvd.code == FULL
        assert not house.visits  # neither has said anything


class Wire(asyncio.Transport):
    """A connection from an address."""

    def __init__(self, address: str) -> None:
        super().__init__({"peername": (address, 1), "sockname": ("192.0.2.9", 80)})
        self.closed_at: float | None = None

    def get_protocol(self) -> Any:
        return self.protocol

    def is_closing(self) -> bool:
        return self.closed_at is not None

    def write(self, data: Any) -> None:
        pass

    def close(self) -> None:
        self.closed_at = self.closed_at or asyncio.get_running_loop().time()


def connected(state: ServerState, address: str) -> tuple[GuardedProtocol, Wire]:
    """A connection that was just made."""
    config = Config(make_app(House("urk"), ["*"]), ws="none")
    protocol, wire = GuardedProtocol(config=config, server_state=state, app_state={}), Wire(address)
    wire.protocol = protocol
    protocol.connection_made(wire)
    return protocol, wire


def test_connection_that_asks_for_nothing_whole_is_closed():
    """Silent, or a request drop by drop: closed at the same moment; one that asks is served and then let go."""

    async def run() -> list[float | None]:
        state = ServerState()
        _, silent = connected(state, "192.0.2.1")
        dropping, drops = connected(state, "192.0.2.2")
        with_requested, served_one = connected(state, "192.0.2.3")
        with_requested.data_received(b"GET /static/icon.svg HTTP/1.1\r\nHost: x\r\n\r\n")
        for byte in b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 30:
            if not drops.is_closing():
                dropping.data_received(bytes([byte]))
            await asyncio.sleep(1)
        return [silent.closed_at, drops.closed_at, served_one.closed_at]

    silent, drops, served_one = run_at_once(run)[0]
    assert silent == drops == FIRST_SECONDS and served_one == 5  # uvicorn's own patience with one that was answered


def test_one_address_cannot_hold_all_connections():
    async def run() -> list[bool]:
        state = ServerState()
        crowd = [connected(state, "192.0.2.1")[1] for _ in range(MOST_CONNECTIONS + 1)]
        own = [connected(state, "127.0.0.1")[1] for _ in range(MOST_CONNECTIONS + 1)]
        return [
            crowd[-2].is_closing(),
            crowd[-1].is_closing(),
            connected(state, "192.0.2.2")[1].is_closing(),
            own[-1].is_closing(),
        ]

    assert run_at_once(run)[0] == [False, True, False, False]


def test_visitors_do_not_fill_the_cache_of_who_runs_the_server(tmp_path, monkeypatch):
    monkeypatch.setattr(start_cache, "cache_folder", lambda name: tmp_path)
    monkeypatch.setenv(start_cache.LIMIT_VARIABLE, "1")
    house = House("urk")
    for seed in (3, 4):
        house.start("urk", seed, 100, 1, lambda world: None)
    assert not list(tmp_path.rglob("*.start"))
    house.starts.get(("urk", 1, 100, 0), house.table("urk"), house.small, lambda world: None, keep=True)
    assert len(list(tmp_path.rglob("*.start"))) == 1


def test_simulation_waits_for_a_page_that_is_behind():
    waiting, sent = [MOST_WAITING], deque()
    session = Session(House("urk"), sent.append, lambda: waiting[0])
    try:
        session.take(read_message(START))
        wait_until(lambda: any("world" in m[:20] for m in sent if isinstance(m, str)), 250)
        time.sleep(0.3)
        assert not any(isinstance(m, bytes) for m in sent)
        waiting[0] = 0
        wait_until(lambda: any(isinstance(m, bytes) for m in sent))
    finally:
        session.close()
        session.thread.join(5)


def test_idle_visitor_is_released():
    house = House("urk", limits=Limits(idle=0.005))
    with served(house) as address, connect(address.replace("http", "ws") + "/live", origin=address) as live:
        live.send(WANT)
        wait_until(lambda: house.visits)
        with pytest.raises(ConnectionClosed) as closed:
            live.recv(timeout=30)
        assert closed.value.rcvd is not None and closed.value.rcvd.code == IDLE
        wait_until(lambda: not house.visits)


def test_connections_are_capped():
    """Others are told to come back later, and are served when there is room again."""
    with served(House("urk"), connections=4) as address:
        host, port = address.removeprefix("http://").split(":")
        held = [socket.create_connection((host, int(port)), 10) for _ in range(4)]
        try:
            wait_until(lambda: httpx.get(address).status_code == 503, 20)
        finally:
            for one in held:
                one.close()
        wait_until(lambda: httpx.get(address).status_code == 200, 20)


def test_no_run_begins_without_memory_set_apart():
    house, sent = House("urk", limits=Limits(memory=1_000_000)), deque()
    session = Session(house, sent.append, lambda: 0)
    try:
        session.take(read_message(START))
        wait_until(lambda: len(sent) > 1)
        said = json.loads(sent[1])["text"]
        assert "the server is full" in said["en"] and "vol" in said["nl"] and session.runs == [None, None]
    finally:
        session.close()
        session.thread.join(5)
