"""A local server that speaks the protocols of CBS (OData v3 and v4) and PDOK (OGC API Features), with faults on order.

The figures are made up; their form follows ``cbs_formats``: padded codes, suffixes that change per table, null and "."
for what is secret, pages linked by ``odata.nextLink``.
"""

import json
import re
import socket
import struct
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

MUNICIPALITIES = {"GM0014": "Groningen", "GM0344": "Utrecht", "GM0363": "Amsterdam"}
DISTRICTS = ("00", "01", "02", "A1", "A2", "09")
EMPTY, SECRET, PARTLY = "WK036309", "WK0363A2", "WK0363A1"
"""A district without residents, one whose origins and ages are secret, one of whose groups some are."""


@dataclass
class Column:
    """One column: its key without suffix, its title, the groups above it from the top down, its unit."""

    key: str
    title: str
    groups: tuple[str, ...] = ()
    unit: str = "aantal"


@dataclass
class FakeTable:
    """One table: columns, and per code (and period) the values in their order."""

    identifier: str
    title: str
    columns: list[Column]
    rows: dict[tuple[str, str], list[Any]]
    first_suffix: int = 5
    periods: tuple[str, ...] = ()
    modified: str = "2024-03-01T02:00:00"
    names: dict[str, str] = field(default_factory=lambda: names())

    def key(self, at: int) -> str:
        """Key with the suffix of this table's year."""
        return f"{self.columns[at].key}_{self.first_suffix + at}"


@dataclass
class Fault:
    """What goes wrong at addresses that match ``where`` (a regular expression), ``times`` times."""

    kind: str
    where: str
    times: int = 1_000_000


def names() -> dict[str, str]:
    """Return all codes with their names."""
    found = {"NL00": "Nederland"}
    for municipality, name in MUNICIPALITIES.items():
        found[municipality] = name
        found |= {f"WK{municipality[2:]}{d}": f"Wijk {d} {name}" for d in DISTRICTS}
    return found


def _residents(code: str) -> int:
    if code == EMPTY:
        return 0
    if code.startswith("WK"):
        return 1000 + 10 * (sum(code.encode()) % 400)
    return sum(_residents(c) for c in names() if c.startswith(f"WK{code[2:]}" if code != "NL00" else "WK"))


def key_figures(identifier: str, year: int, first_suffix: int = 5) -> FakeTable:
    """Return the table "Kerncijfers wijken en buurten" of a year: seven origin groups until 2022, three from 2023."""
    seven = year <= 2022
    ages, homes = ("Bevolking", "Leeftijdsgroepen"), ("Bevolking", "Particuliere huishoudens")
    columns = [Column("AantalInwoners", "Aantal inwoners", ("Bevolking",))]
    columns += [
        Column(f"k_{t}", t, ages) for t in ("0 tot 15 jaar", "15 tot 25 jaar", "25 tot 45 jaar", "45 tot 65 jaar")
    ]
    columns += [Column("k_65JaarOfOuder", "65 jaar of ouder", ages)]
    if seven:
        titles = "Westers totaal;Niet-westers totaal;Marokko;Nederlandse Antillen en Aruba;Suriname;Turkije"
        columns += [Column(t.replace(" ", ""), t, ("Bevolking", "Migratieachtergrond")) for t in titles.split(";")]
    else:
        for group in ("Herkomstland", "Geboorteland"):
            titles = "Nederland;Europa (exclusief Nederland);Buiten Europa"
            columns += [Column(t.split()[0], t, ("Bevolking", group)) for t in titles.split(";")]
    columns += [
        Column("HuishoudensTotaal", "Huishoudens totaal", homes),
        Column("Eenpersoonshuishoudens", "Eenpersoonshuishoudens", homes),
        Column("HuishoudensMetKinderen", "Huishoudens met kinderen", homes),
        Column("GemiddeldeHuishoudensgrootte", "Gemiddelde huishoudensgrootte", homes),
        Column("Woningvoorraad", "Woningvoorraad", ("Wonen",)),
        Column("GemiddeldInkomenPerInwoner", "Gemiddeld inkomen per inwoner\xa0", ("Inkomen",), "x 1 000 euro"),
        Column("AfstandTotSchool", "Afstand tot school", ("Nabijheid voorzieningen", "Basisonderwijs"), "km"),
        Column("OppervlakteLand", "Oppervlakte land", ("Oppervlakte",), "ha"),
        Column("Omgevingsadressendichtheid", "Omgevingsadressendichtheid", ("Stedelijkheid",), "per km²"),
    ]
    for at, column in enumerate(columns):
        column.key = re.sub(r"\W", "", column.key)
        assert column.key, at
    rows = {(code, ""): _figures(code, seven) for code in names()}
    return FakeTable(identifier, f"Kerncijfers wijken en buurten {year}", columns, rows, first_suffix)


def _figures(code: str, seven: bool) -> list[Any]:
    n = _residents(code)
    ages = [n * s // 100 for s in (15, 14, 33, 24)]
    ages.append(n - sum(ages))
    origin: list[Any]
    if seven:
        origin = [n * 15 // 100, n * 25 // 100, n * 6 // 100, n // 100, n * 5 // 100, n * 4 // 100]
    else:
        origin = [n * 60 // 100, n * 15 // 100, n - n * 60 // 100 - n * 15 // 100, n * 80 // 100, n // 10, n // 10]
    if code == PARTLY and seven:
        origin[3:5] = [None, "       ."]
    if code == SECRET:
        origin, ages = [None] * len(origin), [None] * 5
    homes = [n // 2, n // 4, n // 8, "     2.1" if n else None, n // 2 + 10]
    return [n, *ages, *origin, *homes, 31.5 if n else ".", 0.7, 120, 6000 if "0363" in code else 2500]


def facilities(identifier: str, year: int) -> FakeTable:
    """Return the table "Nabijheid voorzieningen"."""
    columns = [
        Column("AfstandTotGroteSupermarkt", "Afstand tot grote supermarkt", ("Winkels",), "km"),
        Column("AfstandTotSchool", "Afstand tot school", ("Onderwijs", "Voortgezet onderwijs"), "km"),
        Column("AfstandTotSchool", "Afstand tot school", ("Onderwijs", "Basisonderwijs"), "km"),
        Column("AfstandTotBibliotheek", "Afstand tot bibliotheek", ("Vrije tijd en cultuur",), "km"),
        Column("AfstandTotParkOfPlantsoen", "Afstand tot park of plantsoen", ("Groen",), "km"),
    ]
    rows: dict[tuple[str, str], list[Any]] = {(c, ""): ["     0.6", 2.5, 0.8, 1.2, None] for c in names()}
    return FakeTable(identifier, f"Nabijheid voorzieningen; afstand locatie {year}", columns, rows, 9)


def scores(identifier: str = "85163NED") -> FakeTable:
    """Return the table with SES-WOA, two years."""
    columns = [
        Column("ParticuliereHuishoudens", "Particuliere huishoudens"),
        Column("GemiddeldeScore", "Gemiddelde score", ("SES-WOA", "Deelscore welvaart")),
        Column("GemiddeldeScore", "Gemiddelde score", ("SES-WOA", "Totaalscore")),
    ]
    rows: dict[tuple[str, str], list[Any]] = {}
    for at, code in enumerate(names()):
        for period in ("2018JJ00", "2019JJ00"):
            rows[code, period] = [_residents(code) // 2, 9.0, None if code == SECRET else (at % 7 - 3) / 10]
    return FakeTable(identifier, "SES-WOA scores per wijk en buurt", columns, rows, 27, ("2018JJ00", "2019JJ00"))


def outlines(level: str) -> list[dict[str, Any]]:
    """Return squares side by side, and one of water."""
    features = []
    for at, code in enumerate(c for c in names() if c.startswith("WK")):
        west, south = 4.8 + 0.01 * at, 52.3
        ring = [[west, south], [west + 0.01, south], [west + 0.01, south + 0.01], [west, south + 0.01], [west, south]]
        told = {"wijkcode": code, "wijknaam": names()[code], "gemeentecode": f"GM{code[2:6]}", "water": "NEE"}
        features.append({"type": "Feature", "properties": told, "geometry": {"type": "Polygon", "coordinates": [ring]}})
    lake = json.loads(json.dumps(features[0]))
    lake["properties"]["water"] = "JA"
    return [*features, lake]


@dataclass
class ProtocolServer:
    """Serve tables and outlines on a free port of this machine; use it in a ``with`` block.

    Attributes
    ----------
    tables : dict of str to FakeTable
    years : tuple of int
        Years of which there are outlines.
    page_size : int
    faults : list of Fault
    asked : list of str
        Addresses asked for, in order.
    shapes : list of dict
        Outlines of districts, as features.
    """

    tables: dict[str, FakeTable]
    years: tuple[int, ...] = (2022, 2023)
    page_size: int = 5
    faults: list[Fault] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=lambda: outlines("wijk"))

    def __enter__(self) -> "ProtocolServer":
        server = self

        class Handler(_Handler):
            owner = server

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.http.daemon_threads = True
        self.root = f"http://127.0.0.1:{self.http.server_address[1]}"
        self.thread = threading.Thread(target=self.http.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.http.shutdown()
        self.http.server_close()

    @property
    def addresses(self) -> dict[str, str]:
        """Arguments of `fetch` that lead here."""
        return {"base_url": f"{self.root}/odata", "pdok_url": f"{self.root}/pdok"}

    def fault_at(self, address: str) -> str:
        """Return the kind of fault ordered for this address, and count it."""
        for fault in self.faults:
            if fault.times > 0 and re.search(fault.where, address):
                fault.times -= 1
                return fault.kind
        return ""


class _Handler(BaseHTTPRequestHandler):
    owner: ProtocolServer
    protocol_version = "HTTP/1.1"
    wbufsize = 65536
    disable_nagle_algorithm = True  # else every answer waits 40 ms for an acknowledgement

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        """Answer one page, or what was ordered in its place."""
        address = unquote(self.path)
        self.owner.requests.append(address)
        fault = self.owner.fault_at(address)
        if fault == "time-out":
            time.sleep(1.0)
        if fault in ("500", "429", "429 much later"):
            more = {"500": {}, "429": {"Retry-After": "1"}, "429 much later": {"Retry-After": "86400"}}[fault]
            return self._send(int(fault[:3]), b'{"error": "no"}', more)
        if fault == "html":
            return self._send(200, b"<html><body>Onderhoud</body></html>", {"Content-Type": "text/html"})
        page = self._page(fault)
        if page is None:
            return self._send(404, b'{"error": "unknown"}')
        body = json.dumps(page).encode()
        if fault == "cut json":
            body = body[: len(body) // 2]
        if fault in ("truncated", "reset"):
            return self._break_off(body, fault)
        return self._send(200, body)

    def _send(self, status: int, body: bytes, headers: dict[str, str] | None = None) -> None:
        try:
            self.send_response(status)
            for name, value in ({"Content-Type": "application/json; charset=utf-8"} | (headers or {})).items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)
        except OSError:
            self.close_connection = True  # the client gave up, as the time-out test means it to

    def _break_off(self, body: bytes, fault: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body[: len(body) // 2])
        self.wfile.flush()
        self.close_connection = True
        if fault == "reset":
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()

    def _page(self, fault: str) -> dict[str, Any] | None:
        parts = urlsplit(self.path)
        query = {key: values[0] for key, values in parse_qs(parts.query).items()}
        steps = parts.path.strip("/").split("/")
        if steps[0] == "pdok":
            return self._outlines(steps, query, fault)
        table = self.owner.tables.get(steps[1]) if len(steps) > 2 else None
        if table is None:
            return None
        lists = _Version4(table) if steps[0] == "v4" else _Version3(table)
        if steps[2] == "Properties" and steps[0] == "v4":
            return {"Identifier": table.identifier, "Title": table.title, "Modified": table.modified}
        rows = lists.rows(steps[2], query.get("$filter", ""), query.get("$select", ""))
        return None if rows is None else self._paged(table, lists.link, lists.context, steps[2], rows, query, fault)

    def _paged(self, table, link, context, name, rows, query, fault) -> dict[str, Any]:
        at, size = int(query.get("$skiptoken", 0)), self.owner.page_size
        identifier = "99999NED" if fault == "wrong table" else table.identifier
        page: dict[str, Any] = {context: f"{self.owner.root}/odata/{identifier}/$metadata#Cbs.{name}"}
        if "$count" in query:
            page["@odata.count"] = len(rows)
        page["value"] = rows[at : at + size]
        onwards = at + size
        if fault == "repeated rows" and at:
            page["value"] = [rows[at - 1], *page["value"]]
        if fault == "endless":
            page["value"] = rows[:size]
        if fault == "column gone":
            page["value"] = [
                {k: v for k, v in row.items() if not k.startswith("AantalInwoners")} for row in page["value"]
            ]
        if (onwards < len(rows) or fault in ("loop", "endless")) and fault != "no next link":
            kept = "&".join(p for p in urlsplit(self.path).query.split("&") if not p.startswith("$skiptoken"))
            host = "http://elsewhere.invalid" if fault == "elsewhere" else self.owner.root
            page[link] = f"{host}{urlsplit(self.path).path}?{kept}&$skiptoken={onwards}"
            if fault == "loop":
                page[link] = self.owner.root + self.path
        return page

    def _outlines(self, steps: list[str], query: dict[str, str], fault: str) -> dict[str, Any] | None:
        if int(steps[2].rsplit("-", 1)[1]) not in self.owner.years:
            return None
        municipality = query.get("gemeentecode")
        features = [f for f in self.owner.shapes if municipality in (None, f["properties"]["gemeentecode"])]
        at, size = int(query.get("cursor", 0)), self.owner.page_size
        page: dict[str, Any] = {"type": "FeatureCollection", "features": features[at : at + size], "links": []}
        page["numberMatched"] = len(features)
        if at + size < len(features) and fault != "no next link":
            path = f"{urlsplit(self.path).path}?f=json&gemeentecode={municipality}&cursor={at + size}"
            page["links"] = [{"rel": "self", "href": self.path}, {"rel": "next", "href": self.owner.root + path}]
        return page


def _wanted(filter_text: str, code: str) -> bool:
    beginnings = re.findall(r"startswith\(\w+,'(\w+)'\)", filter_text)
    return not beginnings or code.startswith(tuple(beginnings))


@dataclass
class _Version3:
    table: FakeTable
    link: str = "odata.nextLink"
    context: str = "odata.metadata"

    def rows(self, name: str, chosen: str, select: str) -> list[dict[str, Any]] | None:
        table = self.table
        if name == "TableInfos":
            return [{"ID": 0, "Identifier": table.identifier, "Title": table.title, "Modified": table.modified}]
        if name == "DataProperties":
            return self._properties()
        if name == "WijkenEnBuurten":
            return [{"Key": c.ljust(10), "Title": f"{n}  "} for c, n in table.names.items() if _wanted(chosen, c)]
        if name == "Perioden" and table.periods:
            return [{"Key": p, "Title": p[:4]} for p in table.periods]
        if name != "TypedDataSet":
            return None
        period = re.search(r"Perioden eq '(\w+)'", chosen)
        found = []
        for (code, when), values in table.rows.items():
            if _wanted(chosen, code) and (period is None or when == period[1]):
                row = {"ID": len(found), "WijkenEnBuurten": code.ljust(10), "Perioden": when}
                row |= {table.key(at): value for at, value in enumerate(values)}
                found.append({k: row[k] for k in select.split(",")} if select else row)
        return found

    def _properties(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = [
            {"ID": 0, "ParentID": None, "Type": "GeoDimension", "Key": "WijkenEnBuurten", "Title": "Wijken en buurten"}
        ]
        if self.table.periods:
            found.append({"ID": 1, "ParentID": None, "Type": "TimeDimension", "Key": "Perioden", "Title": "Perioden"})
        groups: dict[tuple[str, ...], int] = {(): 0}
        for at, column in enumerate(self.table.columns):
            for depth in range(1, len(column.groups) + 1):
                path = column.groups[:depth]
                if path not in groups:
                    groups[path] = len(found) + 1
                    found.append(self._entry(groups[path], groups[path[:-1]], "TopicGroup", "", path[-1], ""))
            above = groups[column.groups]
            found.append(self._entry(len(found) + 1, above, "Topic", self.table.key(at), column.title, column.unit))
        return found

    def _entry(self, number: int, above: int, kind: str, key: str, title: str, unit: str) -> dict[str, Any]:
        parent = above or None
        return {"ID": number, "ParentID": parent, "Type": kind, "Key": key, "Title": title, "Unit": unit}


@dataclass
class _Version4:
    table: FakeTable
    link: str = "@odata.nextLink"
    context: str = "@odata.context"

    def rows(self, name: str, chosen: str, select: str) -> list[dict[str, Any]] | None:
        table = self.table
        groups = list(dict.fromkeys(c.groups[:d] for c in table.columns for d in range(1, len(c.groups) + 1)))
        if name == "Dimensions":
            times = [{"Identifier": "Perioden", "Kind": "TimeDimension"}] if table.periods else []
            return [{"Identifier": "WijkenEnBuurten", "Kind": "GeoDimension"}, *times]
        if name == "MeasureGroups":
            above = {g: str(groups.index(g[:-1])) if len(g) > 1 else None for g in groups}
            return [{"Id": str(at), "Title": g[-1], "ParentId": above[g]} for at, g in enumerate(groups)]
        if name == "MeasureCodes":
            return [
                {
                    "Identifier": f"M{at:06d}",
                    "Title": c.title,
                    "Unit": c.unit,
                    "MeasureGroupId": str(groups.index(c.groups)) if c.groups else None,
                }
                for at, c in enumerate(table.columns)
            ]
        if name == "WijkenEnBuurtenCodes":
            return [{"Identifier": c, "Title": n} for c, n in table.names.items() if _wanted(chosen, c)]
        if name == "PeriodenCodes":
            return [{"Identifier": p} for p in table.periods]
        return self._observations(chosen) if name == "Observations" else None

    def _observations(self, chosen: str) -> list[dict[str, Any]]:
        measures = re.findall(r"'(M\d{6})'", chosen)
        period = re.search(r"Perioden eq '(\w+)'", chosen)
        found = []
        for (code, when), values in self.table.rows.items():
            if _wanted(chosen, code) and (period is None or when == period[1]):
                for at, value in enumerate(values):
                    number = None if isinstance(value, str) and value.strip() == "." else value
                    number = float(number) if isinstance(number, str) else number
                    if f"M{at:06d}" in measures:
                        row = {"Id": len(found), "Measure": f"M{at:06d}", "Value": number, "WijkenEnBuurten": code}
                        found.append(row | ({"Perioden": when} if when else {}))
        return found
