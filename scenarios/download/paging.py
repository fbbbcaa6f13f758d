"""Reading of all pages of a list; endless, repeated or foreign pages are refused."""

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from scenarios.download.raw import BrokenTableError, Wanted
from scenarios.download.transport import Getter
from scenarios.errors import InputError

MOST_PAGES = 5_000
"""The largest answer expected, the whole country in long form, takes far fewer."""

LINKS = ("odata.nextLink", "@odata.nextLink")
CONTEXTS = ("odata.metadata", "@odata.context")


def all_rows(
    getter: Getter, url: str, table: str, columns: tuple[str, ...], key: str, second_key: str = ""
) -> list[dict[str, Any]]:
    """Return the rows of all pages of a list.

    Parameters
    ----------
    getter : Getter
    url : str
        First page; the links are followed as they are, with nothing added.
    table : str
        Identifier that the pages and links must name.
    columns : tuple of str
        Columns that every row must have.
    key, second_key : str
        Columns that together may hold a value only once.

    Raises
    ------
    InputError
        For pages that repeat, never end, lead elsewhere, lack columns or are of another table.
    """
    rows: list[dict[str, Any]] = []
    seen_keys: set[tuple[Any, Any]] = set()
    promised = None
    for page in pages(getter, url, table, _acceptance(table, columns), _link):
        promised = page.get("@odata.count", promised)
        for row in page["value"]:
            mark = (_mark(row[key]), _mark(row[second_key]) if second_key else None)
            if mark in seen_keys:
                raise BrokenTableError(table, f"sent {key} '{mark[0]}' twice, on one page or two")
            seen_keys.add(mark)
            rows.append(row)
    if isinstance(promised, int) and promised != len(rows):
        raise BrokenTableError(table, f"is incomplete: {len(rows)} of {promised} rows arrived")
    return rows


def pages(
    getter: Getter,
    url: str,
    table: str,
    accept: Callable[[Any], str | None],
    link: Callable[[Any], str | None],
) -> Iterator[Any]:
    """Yield page after page; ``link`` returns the address of the next one, or None."""
    first, seen, at = url, set(), url
    while True:
        seen.add(at)
        if len(seen) > MOST_PAGES:
            raise BrokenTableError(table, f"never ends: {first} has more than {MOST_PAGES} pages")
        before = getter.downloads
        page = getter.json(at, table, accept)
        if len(seen) > 1 and getter.downloads > before:
            getter.told(f"{table}: page {len(seen)}")
        yield page
        next_one = link(page)
        if next_one is None:
            return
        at = followed(at, next_one, first, table)
        if at in seen:
            raise BrokenTableError(table, f"never ends: page {len(seen)} of {first} leads back to an earlier one")


def followed(at: str, link: str, first: str, table: str) -> str:
    """Return the full address of a link, refused when it leaves the server or the list."""
    full, home = urlsplit(urljoin(at, link)), urlsplit(first)
    if home.scheme == "https" and full.scheme == "http" and full.hostname == home.hostname:
        full = full._replace(scheme="https", netloc=home.netloc)
    if (full.scheme, full.netloc) != (home.scheme, home.netloc):
        raise BrokenTableError(table, f"leads on from {first} to another server, {full.netloc}")
    if full.path.rstrip("/").lower() != home.path.rstrip("/").lower():
        raise BrokenTableError(table, f"leads on from {first} to another list, {full.path}")
    return full.geturl()


def chosen_period(periods: list[str], wanted: Wanted) -> str:
    """Return the last year (``2019JJ00``) up to the one wanted, else the first there is."""
    years = sorted(p for p in periods if p[:4].isdigit() and p[4:6] == "JJ")
    if not years:
        raise InputError(f"CBS table {wanted.table} holds no whole years (allowed: periods such as 2019JJ00)")
    earlier = [p for p in years if int(p[:4]) <= wanted.year]
    return earlier[-1] if earlier else years[0]


def _link(page: Any) -> str | None:
    return next((str(page[key]) for key in LINKS if page.get(key)), None)


def _mark(value: Any) -> Any:
    return value.strip() if isinstance(value, str) else value


def _acceptance(table: str, columns: tuple[str, ...]) -> Callable[[Any], str | None]:
    def accept(page: Any) -> str | None:
        value = page.get("value")
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            return "is not a page of a CBS table"
        context = next((str(page[key]) for key in CONTEXTS if key in page), None)
        if context is not None and f"/{table}/".lower() not in context.lower():
            return f"is a page of another table than {table}"
        if not value and _link(page):
            return "is an empty page that leads on"
        for row in value:
            absent = [c for c in columns if c not in row]
            if absent:
                return f"lacks column {absent[0]} of table {table}"
        return None

    return accept
