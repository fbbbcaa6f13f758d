"""Download of one JSON page over HTTP: time limits, retries with growing pauses, and a cache of complete pages."""

import email.utils
import hashlib
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
import tenacity

from scenarios.download.cache import PageCache
from scenarios.errors import InputError

PASSING = {408, 425, 429, 500, 502, 503, 504}
"""HTTP responses that may be temporary."""

MOST_BYTES = 512 * 2**20
"""Largest size of a page of CBS or PDOK."""


@dataclass(frozen=True)
class Patience:
    """How long to wait and how often to try.

    Attributes
    ----------
    timeout : float
        Seconds without a byte before an attempt counts as failed; a whole page may take ten times as long.
    attempts : int
        At most this many for a page, the first included.
    pause : float
        Seconds before the second attempt; it doubles each time, plus up to a quarter by chance.
    longest_pause : float
        Seconds; also the most that a server's ``Retry-After`` is obeyed: one that asks for more is refused.
    """

    timeout: float = 30.0
    attempts: int = 5
    pause: float = 1.0
    longest_pause: float = 60.0


class NotThereError(InputError):
    """The server knows no such address: a year or table that was not published there."""


class _Passing(Exception):
    """A failure worth another attempt; ``after`` is what the server asked for, in seconds."""

    def __init__(self, reason: str, after: float | None = None) -> None:
        super().__init__(reason)
        self.after = after


@dataclass
class Getter:
    """Reads complete pages from the cache or the network.

    Attributes
    ----------
    cache : PageCache
    offline : bool
        Only the cache; what is not there is refused.
    patience : Patience
    told : callable
        Receives one line for delays and recoverable errors.
    arrived : callable
        Receives the bytes of each page, kept or fetched.
    used : dict of str to str
        Address and sha256 of every page used, for the manifest.
    downloads : int
        Pages that came over the network.
    """

    cache: PageCache
    offline: bool = False
    patience: Patience = field(default_factory=Patience)
    told: Callable[[str], None] = lambda line: None
    arrived: Callable[[int], None] = lambda size: None
    used: dict[str, str] = field(default_factory=dict)
    downloads: int = 0
    _client: httpx.Client | None = None

    def __enter__(self) -> "Getter":
        return self

    def __exit__(self, *_: object) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None

    def json(self, url: str, table: str, accept: Callable[[Any], str | None] = lambda page: None) -> Any:
        """Return a page as parsed JSON.

        Parameters
        ----------
        url : str
        table : str
            Under which name the page is kept.
        accept : callable
            Says what is wrong with a page, or None; a refused page is tried again and never kept.

        Raises
        ------
        InputError
            One line: the address, and why it could not be read.
        """
        content = self.cache.load(url, strict=self.offline)
        if content is not None:
            page = _parsed(content)
            problem = accept(page) if page is not None else "is not JSON"
            if problem is None:
                self._remember(url, content)
                return page
            if self.offline:
                raise InputError(f"the kept page of {url} {problem}: fetch it again without --offline")
        content, page = self._download(url, accept)
        self.cache.keep(url, content, table)
        self._remember(url, content)
        return page

    def newest(self, url: str, table: str, accept: Callable[[Any], str | None], stamp: Callable[[Any], object]) -> Any:
        """Return the description of a table, from the network unless offline.

        When its ``stamp`` differs from that of the stored one, all stored pages of the table are deleted first, so
        that old and new pages are never mixed.
        """
        if self.offline:
            return self.json(url, table, accept)
        old = _parsed(self.cache.load(url) or b"")
        content, page = self._download(url, accept)
        if old is None or accept(old) is not None or stamp(old) != stamp(page):
            dropped = self.cache.forget_table(table)
            if dropped:
                self.told(f"table {table} was changed at the source: {dropped} kept pages are read anew")
        self.cache.keep(url, content, table)
        self._remember(url, content)
        return page

    def _remember(self, url: str, content: bytes) -> None:
        self.arrived(len(content))
        self.used[url] = hashlib.sha256(content).hexdigest()

    def _download(self, url: str, accept: Callable[[Any], str | None]) -> tuple[bytes, Any]:
        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception_type(_Passing),
            stop=tenacity.stop_after_attempt(self.patience.attempts),
            wait=self._pause,
            before_sleep=self._tell,
            reraise=True,
        )
        self.downloads += 1
        try:
            return retrying(self._attempt, url, accept)
        except _Passing as error:
            raise InputError(f"{url} {error} ({self.patience.attempts} attempts); nothing was written") from None

    def _pause(self, state: tenacity.RetryCallState) -> float:
        error = state.outcome.exception() if state.outcome else None
        if isinstance(error, _Passing) and error.after is not None:
            return error.after
        pause = self.patience.pause * 2 ** (state.attempt_number - 1)
        return min(pause * (1 + random.random() / 4), self.patience.longest_pause)

    def _tell(self, state: tenacity.RetryCallState) -> None:
        error = state.outcome.exception() if state.outcome else None
        pause = state.next_action.sleep if state.next_action else 0.0
        self.told(f"attempt {state.attempt_number} of {self.patience.attempts}: {error}; again in {pause:.1f} s")

    def _attempt(self, url: str, accept: Callable[[Any], str | None]) -> tuple[bytes, Any]:
        try:
            content = self._read(url)
        except httpx.TimeoutException:
            raise _Passing(f"did not answer within {self.patience.timeout:g} s") from None
        except (httpx.TransportError, httpx.DecodingError, httpx.StreamError) as error:
            raise _Passing(f"cannot be reached or broke off: {error or type(error).__name__}") from None
        except httpx.InvalidURL as error:
            raise InputError(f"'{url}' is not a web address: {error}") from None
        page = _parsed(content)
        problem = accept(page) if page is not None else "is not JSON or was cut short"
        if problem is not None:
            raise _Passing(problem)
        return content, page

    def _read(self, url: str) -> bytes:
        if self._client is None:
            headers = {"Accept": "application/json, application/geo+json", "User-Agent": "thuis (research model)"}
            self._client = httpx.Client(timeout=self.patience.timeout, follow_redirects=True, headers=headers)
        begun = time.monotonic()
        pieces, size = [], 0
        with self._client.stream("GET", url) as response:
            _refuse_status(response, self.patience)
            for piece in response.iter_bytes():
                pieces.append(piece)
                size += len(piece)
                if size > MOST_BYTES:
                    raise InputError(f"{url} sends more than {MOST_BYTES // 2**20} MiB in one page")
                if time.monotonic() - begun > 10 * self.patience.timeout:
                    raise httpx.ReadTimeout("the whole page took too long")
            kind = response.headers.get("content-type", "")
            if "json" not in kind:
                raise _Passing(f"sent '{kind.split(';')[0] or 'no content type'}' instead of JSON")
        return b"".join(pieces)


def _refuse_status(response: httpx.Response, patience: Patience) -> None:
    """Raise for an answer that is not 200: passing when it may be gone later, final otherwise."""
    status = response.status_code
    if status == 200:
        return
    if status in PASSING:
        after = _retry_after(response.headers.get("retry-after"))
        if after is not None and after > patience.longest_pause:
            raise InputError(f"{response.url} is busy and asks to come back in {after:.0f} s: fetch again later")
        raise _Passing(f"answered {status} {response.reason_phrase}".rstrip(), after)
    if status in (404, 410):
        raise NotThereError(f"{response.url} answered {status} {response.reason_phrase}: no such table or year there")
    raise InputError(f"{response.url} answered {status} {response.reason_phrase}; nothing was written")


def _retry_after(text: str | None) -> float | None:
    """Read ``Retry-After``: seconds or a date; None when it says neither."""
    if not text:
        return None
    if text.strip().isdigit():
        return float(text)
    try:
        return max(0.0, email.utils.parsedate_to_datetime(text).timestamp() - time.time())
    except ValueError:
        return None


def _parsed(content: bytes) -> Any:
    """Return the JSON object, or None when it is not one."""
    try:
        page = json.loads(content.decode("utf-8-sig"))
    except ValueError:
        return None
    return page if isinstance(page, dict) else None
