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
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from browser.house import House, Limits
from browser.protocol import read_message
from browser.server import IDLE, MOST_UNSENT, STARTS_PER_MINUTE, TOO_FAST, Connection, make_app, make_server
from browser.session import MOST_WAITING, Session

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
    """A socket that has these messages waiting and then is silent, and a session that counts what it is handed."""

    def __init__(self, *messages: str) -> None:
        self.messages, self.taken = deque(messages), 0

    async def receive_text(self) -> str:
        if not self.messages:
            await asyncio.sleep(3600)
        return self.messages.popleft()

    def take(self, message: object) -> None:
        self.taken += 1


def listen(unsent: int, *messages: str) -> tuple[int, int]:
    """With how many messages unsent a visitor sends some: the code of closing, and how many were taken."""

    async def run() -> tuple[int, int]:
        fake = Listening(*messages)
        connection = Connection(fake, House("urk", limits=Limits(idle=0.005)))  # type: ignore[arg-type]
        for _ in range(unsent):
            connection.queue.put_nowait("a month")
        return await connection.listen(fake), fake.taken  # type: ignore[arg-type]

    return asyncio.run(run())


def test_visitor_who_reads_nothing_is_cut_off():
    assert listen(MOST_UNSENT, WANT, WANT) == (IDLE, 2)  # idle at last: the limit itself was no reason
    assert listen(MOST_UNSENT + 1, WANT) == (TOO_FAST, 0)


def test_visitor_who_starts_over_and_over_is_cut_off():
    assert listen(0, *[START] * STARTS_PER_MINUTE) == (IDLE, STARTS_PER_MINUTE)
    assert listen(0, *[START] * (STARTS_PER_MINUTE + 3)) == (TOO_FAST, STARTS_PER_MINUTE)


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
