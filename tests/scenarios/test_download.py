"""Real data for any user: a full year against a local server, offline re-use, and faults survived or refused."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from experiments.cli.command import main
from scenarios.download import FetchResult, Patience, check, fetch
from scenarios.download.outlines import to_grid
from scenarios.download.tables import known_years
from scenarios.errors import InputError
from scenarios.plain import read_plain
from tests.tools.paths import shared_data
from tests.tools.protocol_server import (
    EMPTY,
    PARTLY,
    SECRET,
    Fault,
    ProtocolServer,
    facilities,
    key_figures,
    scores,
)

HURRIED = Patience(timeout=0.4, attempts=3, pause=0.01, longest_pause=2.0)
BOTH = ["GM0363", "Groningen"]


@pytest.fixture
def server():
    tables = [
        key_figures("85318NED", 2022),
        key_figures("85618NED", 2023, first_suffix=7),
        facilities("85560NED", 2022),
        facilities("85830NED", 2023),
        scores(),
    ]
    with ProtocolServer({t.identifier: t for t in tables}) as running:
        yield running


def fetched(server: ProtocolServer, folder: Path, **more: object) -> FetchResult:
    wanted = {"year": 2022, "municipalities": BOTH, "folder": folder, "patience": HURRIED} | server.addresses | more
    return fetch(**wanted)


def products(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.glob("*") if p.is_file())


def test_a_full_year_for_two_municipalities(server, tmp_path):
    result = fetched(server, tmp_path)
    assert (result.areas, result.municipalities, result.scheme) == (11, 2, "cbs7")
    frame = pl.read_csv(result.table)
    assert EMPTY not in frame["code"] and set(frame["municipality"]) == {"GM0014", "GM0363"}
    row = frame.row(by_predicate=pl.col("code") == "WK001400", named=True)
    assert (
        row["name"] == "Wijk 00 Groningen" and row["household_size"] == 2.1 and row["municipality_name"] == "Groningen"
    )
    assert row["age_0_14"] == pytest.approx(0.15, abs=0.002) and row["origin_dutch"] == pytest.approx(0.60, abs=0.002)
    assert row["distance_school"] == 0.7 and row["distance_shops"] == 0.6 and row["distance_library"] == 1.2
    partly = frame.row(by_predicate=pl.col("code") == PARTLY, named=True)
    assert partly["origin_antillean"] == 0 and partly["origin_other_non_western"] == pytest.approx(0.15, abs=0.002)
    secret = frame.row(by_predicate=pl.col("code") == SECRET, named=True)
    assert secret["origin_western"] == pytest.approx(0.15, abs=0.002) and secret["socio_economic"] is None
    assert any("kept secret" in note for note in result.notes)
    assert any("without residents" in note for note in result.notes)
    areas = read_plain(result.table, geometry=result.outlines)
    assert len(areas) == 11 and areas.scheme.name == "cbs7" and areas.neighbours and areas.outlines
    assert np.abs(frame["x"].to_numpy()).max() < 300
    text = result.attribution.read_text()
    assert "Bron: CBS" in text and "CC BY 4.0" in text and "85318NED" in text and "Kadaster" in text


def test_offline_gives_the_same_bytes_without_a_network(server, tmp_path):
    first = fetched(server, tmp_path)
    before = first.table.read_bytes(), first.outlines.read_bytes()
    requested = len(server.requests)
    second = fetched(server, tmp_path, offline=True)
    assert (second.table.read_bytes(), second.outlines.read_bytes()) == before and second.digest == first.digest
    assert len(server.requests) == requested
    with pytest.raises(InputError, match="not in the cache"):
        fetched(server, tmp_path / "elsewhere", offline=True)


def test_the_second_time_only_descriptions_are_asked_for_and_changed_tables_are_read_anew(server, tmp_path):
    fetched(server, tmp_path)
    server.requests.clear()
    fetched(server, tmp_path)
    assert all("TableInfos" in address for address in server.requests)
    table = key_figures("85318NED", 2022, first_suffix=11)
    server.tables["85318NED"] = replace(table, modified="2025-01-01T02:00:00")
    server.requests.clear()
    fetched(server, tmp_path)
    assert any("85318NED/TypedDataSet" in a and "AantalInwoners_11" in a for a in server.requests)
    assert not any("85560NED/TypedDataSet" in a for a in server.requests)


def test_three_origin_groups_from_2023(server, tmp_path):
    result = fetched(server, tmp_path, year=2023)
    frame = pl.read_csv(result.table)
    origin = [c for c in frame.columns if c.startswith("origin_")]
    assert result.scheme == "cbs3" and origin == ["origin_netherlands", "origin_europe", "origin_outside_europe"]
    assert frame["origin_netherlands"][0] == pytest.approx(0.60, abs=0.002)  # origin, not country of birth (0.80)
    assert read_plain(result.table).scheme.name == "cbs3"


def test_version_4_gives_the_same_table(server, tmp_path):
    third = fetched(server, tmp_path / "v3")
    fourth = fetched(server, tmp_path / "v4", protocol="v4", base_url=f"{server.root}/v4")
    assert fourth.table.read_bytes() == third.table.read_bytes()


def test_the_whole_country_and_a_year_without_outlines(server, tmp_path, monkeypatch):
    server.years = ()
    monkeypatch.setenv("THUIS_CBS_URL", f"{server.root}/odata")
    monkeypatch.setenv("THUIS_PDOK_URL", f"{server.root}/pdok")
    result = fetch(2022, None, tmp_path, patience=HURRIED)
    assert result.areas == 17 and result.outlines is None
    assert any("no outlines of 2022" in note for note in result.notes)


SURVIVED = [
    Fault("time-out", "TypedDataSet", 1),
    Fault("truncated", "TypedDataSet", 2),
    Fault("cut json", "TypedDataSet", 1),
    Fault("500", "85318NED/TypedDataSet", 2),
    Fault("reset", "TypedDataSet", 1),
    Fault("429", "TypedDataSet", 1),
    Fault("html", "DataProperties", 1),
    Fault("truncated", "/items", 1),
    Fault("wrong table", "TypedDataSet", 1),
]


@pytest.mark.parametrize("fault", SURVIVED, ids=lambda f: f"{f.kind} {f.times}x at {f.where}")
def test_passing_faults_are_survived(server, tmp_path, fault):
    server.faults = [replace(fault)]
    lines: list[str] = []
    result = fetched(server, tmp_path, progress=lines.append)
    assert result.areas == 11 and server.faults[0].times == 0
    assert any("again in" in line for line in lines)


REFUSED = [
    (Fault("time-out", "TypedDataSet"), "did not answer within"),
    (Fault("truncated", "TypedDataSet"), "broke off"),
    (Fault("reset", "TypedDataSet"), "broke off"),
    (Fault("cut json", "TypedDataSet"), "cut short"),
    (Fault("500", "TypedDataSet"), "answered 500"),
    (Fault("429 much later", "TypedDataSet"), "fetch again later"),
    (Fault("html", "TypedDataSet"), "'text/html' instead of JSON"),
    (Fault("column gone", "TypedDataSet"), "lacks column AantalInwoners_5"),
    (Fault("loop", "TypedDataSet"), "never ends"),
    (Fault("endless", "TypedDataSet"), "twice"),
    (Fault("endless", r"WijkenEnBuurten\?"), "twice"),
    (Fault("repeated rows", "TypedDataSet"), "twice"),
    (Fault("wrong table", "TypedDataSet"), "another table"),
    (Fault("no next link", "TypedDataSet"), "is incomplete"),
    (Fault("no next link", "/items"), "is incomplete"),
    (Fault("elsewhere", "TypedDataSet"), "another server"),
]


@pytest.mark.parametrize(("fault", "line"), REFUSED, ids=[f"{f.kind} at {f.where}" for f, _ in REFUSED])
def test_lasting_faults_are_refused_with_one_line_and_nothing_is_written(server, tmp_path, fault, line):
    server.faults = [replace(fault)]
    with pytest.raises(InputError, match=line) as caught:
        fetched(server, tmp_path)
    assert "\n" not in str(caught.value)
    assert products(tmp_path) == []
    server.faults = []
    assert fetched(server, tmp_path).areas == 11  # no bad page was kept


def test_version_4_refuses_an_answer_that_stops_early(server, tmp_path):
    server.faults = [Fault("no next link", "Observations")]
    with pytest.raises(InputError, match="is incomplete"):
        fetched(server, tmp_path, protocol="v4", base_url=f"{server.root}/v4")
    assert products(tmp_path) == []


def test_a_broken_download_goes_on_where_it_stopped(server, tmp_path):
    server.faults = [Fault("500", r"TypedDataSet.*skiptoken=10")]
    with pytest.raises(InputError):
        fetched(server, tmp_path)
    done = {a for a in server.requests if "TableInfos" not in a and not ("TypedDataSet" in a and "skiptoken=10" in a)}
    server.faults = []
    server.requests.clear()
    assert fetched(server, tmp_path).areas == 11
    assert any("TypedDataSet" in a and "skiptoken=5" in a for a in done) and not done & set(server.requests)


def test_a_damaged_page_is_read_anew_online_and_refused_offline(server, tmp_path):
    fetched(server, tmp_path)
    page = next(p for p in sorted((tmp_path / "pages").glob("*.page")) if b"TypedDataSet" in p.read_bytes())
    good = page.read_bytes()
    page.write_bytes(good.replace(b"1", b"2"))
    with pytest.raises(InputError, match=f"{page.name}: does not match its checksum"):
        fetched(server, tmp_path, offline=True)
    assert fetched(server, tmp_path).areas == 11
    assert page.read_bytes() == good


def test_a_column_that_cbs_dropped_is_named(server, tmp_path):
    table = server.tables["85318NED"]
    table.columns[0].title = "Inwoners in totaal"
    with pytest.raises(InputError, match=r"no column titled 'aantal inwoners', needed for residents"):
        fetched(server, tmp_path)
    assert products(tmp_path) == []


def test_columns_that_no_longer_mean_the_same_are_refused(server, tmp_path):
    for (_, _), values in server.tables["85318NED"].rows.items():
        values[2] = values[1] and values[1] * 9
    with pytest.raises(InputError, match="ages do not add up to the residents"):
        fetched(server, tmp_path)


def test_an_identifier_of_another_table_is_refused(server, tmp_path):
    server.tables["85318NED"].title = "Zuivelfabrieken; aanvoer en productie"
    with pytest.raises(InputError, match=r"Zuivelfabrieken.*not the table of key figures"):
        fetched(server, tmp_path)


def test_an_optional_table_that_is_not_there_is_told(server, tmp_path):
    del server.tables["85560NED"], server.tables["85163NED"]
    result = fetched(server, tmp_path)
    assert any("85560NED" in n for n in result.notes) and any("from income" in n for n in result.notes)
    assert "distance_library" not in pl.read_csv(result.table).columns


@pytest.mark.parametrize(
    ("wanted", "line"),
    [
        ({"year": 2012}, "allowed: 2013 to"),
        ({"municipalities": ["Amsterdm"]}, "did you mean Amsterdam"),
        ({"municipalities": ["GM9999"]}, "no municipality GM9999"),
        ({"municipalities": []}, "no municipality is named"),
        ({"level": "straat"}, "allowed: wijk, buurt"),
        ({"base_url": "ftp://x"}, "begins with https"),
        ({"base_url": "http://127.0.0.1:9"}, "cannot be reached"),
    ],
)
def test_wrong_requests_get_one_clear_line(server, tmp_path, wanted, line):
    with pytest.raises(InputError, match=line):
        fetched(server, tmp_path, **wanted)


def test_a_score_that_is_secret_is_estimated_from_income(server, tmp_path):
    for at, ((code, _), values) in enumerate(server.tables["85318NED"].rows.items()):
        values[-4] = 20.0 + at if code != EMPTY else "."
    result = fetched(server, tmp_path)
    assert pl.read_csv(result.table)["socio_economic"].null_count() == 0
    assert "The socio-economic score of 1 area is estimated from mean income." in result.notes


def test_every_year_has_a_table():
    assert known_years() == list(range(2013, known_years()[-1] + 1))


def test_the_dutch_grid():
    x, y = to_grid(np.array([5.38720621, 4.88352559]), np.array([52.15517440, 52.37453253]))
    assert np.allclose([x[0], y[0]], [155, 463]) and np.allclose([x[1], y[1]], [120.7007, 487.5250], atol=0.002)


def test_the_check_of_what_was_fetched(server, tmp_path, capsys):
    result = fetched(server, tmp_path)
    found = check(result.table)
    assert not [f for f in found if f.level == "error"]
    assert any("origin scheme cbs7" in f.text for f in found if f.level == "note")
    assert any(f.column == "socio_economic" and "kept secret in row" in f.text for f in found if f.level == "odd")
    result.table.write_text(result.table.read_text().replace("Wijk 00", "Wijk nul"))
    assert any("changed after it was fetched" in f.text for f in check(result.table))
    assert main(["data", "check", str(result.table)]) == 0
    assert "can be simulated" in capsys.readouterr().out


def test_the_check_tells_all_errors_at_once(tmp_path, capsys):
    table = tmp_path / "mine.csv"
    table.write_text(
        "code,municipality,residents,origin_dutch,origin_other,age_0_15,x,facility_library,shop\n"
        "WK036300,GM0363,1000,0.5,0.5,0.2,1,.,3\n"
        "WK036301,GM0014,30,0.5,0.4,0.2,1,99,3\n"
        "WK036301,GM0363,30,,0.5,0.2,1,.,3\n"
        "nowhere,GM0363,12.5,0.5,0.5,0.2,1,1,3\n"
    )
    texts = [str(f) for f in check(table)]
    for part in (
        "row 4, column code: 'WK036301' is the code of row 3 too",
        "row 5, column residents: '12.5' is not a whole",
        "row 3, column origin_*: the shares add up to 0.9",
        "unknown or kept secret in 2 rows (2, 4)",
        "column age_0_15: the column is unknown",
        "row 3, column facility_library: '99' is outside the range",
        "not codes of CBS like the others: nowhere",
        "belongs to another municipality: WK036301 in GM0014",
        "below 50",
        "household_size, density",
        "shop: the column is not used",
    ):
        assert any(part in text for text in texts), (part, texts)
    assert main(["data", "check", str(table)]) == 2
    assert "cannot be simulated" in capsys.readouterr().out


def test_the_check_of_a_table_from_a_dutch_spreadsheet(tmp_path, capsys):
    """A byte order mark, semicolons, decimal commas, and a point that parts thousands."""
    table = tmp_path / "mine.csv"
    rows = "code;residents;origin_here;origin_there;income;density\nA;1200;0,7;0,3;25,4;1.200\nB;800;60,5;39,5;x;900\n"
    table.write_bytes(b"\xef\xbb\xbf" + rows.encode())
    texts = [str(f) for f in check(table)]
    assert "assumed Column density: the point parts thousands ('1.200' is 1200)." in texts
    assert "odd     income: is unknown or kept secret in row 3" in texts
    assert any("row 2, column origin_*: the percents add up to 1" in text for text in texts)  # one row in percent
    table.write_text(rows.replace("60,5;39,5", "0,6;0,4").replace("1.200", "1200"))
    assert main(["data", "check", str(table)]) == 0
    assert "parts thousands" not in capsys.readouterr().out


@pytest.mark.skipif(shared_data() is None, reason="no ../shared/data (see THUIS_SHARED_DATA)")
def test_the_check_of_a_table_as_cbs_publishes_it():
    found = check(shared_data() / "netherlands" / "wijk_2017.csv")
    assert not [f for f in found if f.level == "error"]
    assert any("as CBS publishes it" in f.text for f in found) and any(f.level == "assumed" for f in found)


def test_the_command(server, tmp_path, capsys, monkeypatch):
    words = ["fetch", "2022", "Groningen", "--folder", str(tmp_path), "--cbs-url", server.addresses["base_url"]]
    words += ["--pdok-url", server.addresses["pdok_url"]]
    assert main(["data", *words]) == 0
    out = capsys.readouterr().out
    assert "6 areas (wijk), 1 municipality" in out and "Bron: CBS" in out
    assert json.loads((tmp_path / "areas_2022_wijk.json").read_text())["scheme"] == "cbs7"
    assert main(["data", *words, "--offline"]) == 0
    assert main(["data", "fetch", "1999", "Groningen"]) == 2
    assert main(["data", "check", str(tmp_path / "none.csv")]) == 2
    assert main(["data", "--help"]) == 0 and main(["data", "fetch", "soon", "x"]) == 2
    assert "Traceback" not in capsys.readouterr().err
    for error, code in ((KeyboardInterrupt(), 130), (RuntimeError("oops"), 1)):
        monkeypatch.setattr("experiments.cli.data.fetch", lambda *a, error=error, **k: (_ for _ in ()).throw(error))
        assert main(["data", *words]) == code
