"""What one address may hold of the server: connections at once, and how long one may stay silent."""

import asyncio
import ipaddress
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from uvicorn.protocols.http.auto import AutoHTTPProtocol

FIRST_SECONDS = 20.0  # until a whole request, or the first message of a live connection
PER_PAGE = 7  # connections that a browser opens for a page that is live
MOST_CONNECTIONS = 40  # of one address at once, live or not: a browser opens six for a page


class Addresses:
    """Live connections by address.

    Parameters
    ----------
    most : int
        That one address may hold at once.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.held: Counter[str] = Counter()
        self.lock = threading.Lock()

    @contextmanager
    def slot(self, address: str) -> Iterator[bool]:
        """A place for a connection of an address, given back at the end; False when it holds as many as it may."""
        with self.lock:
            free = self.held[address] < self.most
            self.held[address] += free
        try:
            yield free
        finally:
            with self.lock:
                self.held[address] -= free
                if not self.held[address]:
                    del self.held[address]


def is_own(address: str) -> bool:
    """Whether an address is this machine's: what a web server in front of ours connects from, for all its visitors."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


def guarded(per_address: int) -> type:
    """The guard of a server that takes so many live pages from one address: they must be able to load, too."""
    return type("Guarded", (GuardedProtocol,), {"most": max(MOST_CONNECTIONS, PER_PAGE * per_address)})


class GuardedProtocol(AutoHTTPProtocol):  # type: ignore[valid-type,misc]
    """Connections before they are requests: so many per address, and each asks for something in time.

    A connection that sends nothing, or a request drop by drop, would else hold its place for ever.
    """

    deadline: asyncio.TimerHandle | None = None
    most = MOST_CONNECTIONS

    def connection_made(self, transport: Any) -> None:
        """Take a connection, unless its address holds too many; its first request must come in time."""
        super().connection_made(transport)
        mine = self.client[0] if self.client else ""
        others = sum(1 for one in self.connections if one is not self and (one.client or ("",))[0] == mine)
        if others >= self.most and not is_own(mine):
            transport.close()
            return
        self.expect()

    def data_received(self, data: bytes) -> None:
        """Hand data on; a request that has begun to come must be whole in time."""
        super().data_received(data)
        if self.is_answering():
            self.stop_expecting()
        elif self.deadline is None:
            self.expect()

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget the connection."""
        self.stop_expecting()
        super().connection_lost(exc)

    def is_answering(self) -> bool:
        """Whether a request is whole and its answer not: or the connection has become a live one."""
        if self.transport.get_protocol() is not self:
            return True
        return self.cycle is not None and not self.cycle.response_complete

    def expect(self) -> None:
        """Close the connection when no whole request comes in time."""
        self.deadline = self.loop.call_later(FIRST_SECONDS, self.give_up)

    def stop_expecting(self) -> None:
        """A request has come."""
        if self.deadline is not None:
            self.deadline.cancel()
            self.deadline = None

    def give_up(self) -> None:
        """Nothing whole has come."""
        self.deadline = None
        if not self.is_answering():
            self.transport.close()
