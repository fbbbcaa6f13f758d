"""Real districts by name: fetched once from a server that speaks the protocol, with faults, and offline ever after."""

import numpy as np
import pytest

from scenarios.errors import InputError
from scenarios.regions.kept import kept
from scenarios.regions.region import load_region, region_line, settled_region
from scenarios.regions.register import municipalities
from tests.tools.paths import shared_data
from tests.tools.protocol_server import Fault, ProtocolServer
from tests.tools.real_samples import real_server

pytestmark = pytest.mark.skipif(shared_data() is None, reason="no ../shared/data")


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server of real figures, and an empty folder for what is fetched from it."""
    monkeypatch.setenv("THUIS_DATA", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)
    with real_server() as running:
        monkeypatch.setenv("THUIS_CBS_URL", running.addresses["base_url"])
        monkeypatch.setenv("THUIS_PDOK_URL", running.addresses["pdok_url"])
        yield running


def test_districts_are_fetched_once_with_faults_and_used_offline(server: ProtocolServer, monkeypatch) -> None:
    server.faults = [Fault("cut json", "TypedDataSet", 1), Fault("500", "pdok", 1), Fault("truncated", "85318NED", 1)]
    first = load_region("utrecht", areas="wijken")
    row = municipalities()["GM0344"]
    assert len(first) == row["neighbourhoods"] and first.municipality_name == ["Utrecht"]
    assert first.outlines and first.neighbours
    assert first.residents.sum() == pytest.approx(row["residents"], rel=0.001)
    assert any("seven groups is an estimate" in note and "2022" in note for note in first.notes)
    requested = len(server.requests)
    monkeypatch.setenv("THUIS_CBS_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("THUIS_PDOK_URL", "http://127.0.0.1:9")
    again = load_region("Utrecht", areas="districts")
    assert again.digest == first.digest and len(server.requests) == requested
    np.testing.assert_array_equal(again.origin, first.origin)
    # What is at hand is what the name means from now on, and the record says so.
    settled = settled_region({"name": "0344"})
    assert settled == {"name": "utrecht", "areas": "wijken", "year": 2024}
    assert region_line(settled).startswith("Utrecht: real districts of 2024")
    assert load_region("utrecht").digest == first.digest != load_region("utrecht", areas="made_up").digest


def test_three_totals_are_kept_in_every_district(server: ProtocolServer) -> None:
    table = load_region(["utrecht", "deurne"], areas="wijken")
    assert sorted(table.municipality_name) == ["Deurne", "Utrecht"] and table.scheme.name == "cbs7"
    assert kept(["GM0344", "GM0762"], "wijk", 2024) is not None
    for code, residents, origin in zip(table.code, table.residents, table.origin, strict=True):
        now = server.tables["85984NED"].rows[code, ""]
        three = np.array(now[6:9], dtype=float)
        assert residents == now[0]
        assert origin[0] == pytest.approx(three[0] / three.sum(), abs=2e-6)
        # Western is Europe and a part of outside Europe; the others are of outside Europe.
        assert origin[1] >= three[1] / three.sum() - 2e-6
        assert origin[2:].sum() <= three[2] / three.sum() + 2e-6
    utrecht = table.select("Utrecht")
    row = municipalities()["GM0344"]
    part = utrecht.residents @ utrecht.origin[:, 2] / row["outside_moroccan"]
    assert part == pytest.approx(1.0, abs=0.01)


def test_damage_is_noticed_and_without_a_network_said(server: ProtocolServer, monkeypatch) -> None:
    load_region("deurne", areas="wijken")
    one = kept(["GM0762"], "wijk")
    assert one is not None
    one.table.write_text(one.table.read_text().replace("GM0762", "GM0999"))
    assert kept(["GM0762"], "wijk") is None
    assert len(load_region("deurne", areas="wijken")) == 8  # from the pages kept
    monkeypatch.setenv("THUIS_CBS_URL", "ftp://nowhere")
    with pytest.raises(InputError, match=r"made up need no network: region\.areas=made_up"):
        load_region("utrecht", areas="wijken")
