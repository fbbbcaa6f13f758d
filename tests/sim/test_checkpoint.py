"""A run that stops and goes on is the same run; a file that is not whole is refused."""

import json
import zipfile
from pathlib import Path

import numpy as np
import pytest

from sim.checkpoint import DIGEST, PARTS, CheckpointError, content_digest, load_checkpoint, save_checkpoint
from sim.digest import state_digest
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.phases.month import Clock, observe_world
from sim.world import World
from tests.tools.worlds import pass_months, small_world


@pytest.fixture(scope="module")
def halfway() -> World:
    """Month 12, with parameters and levers of its own."""
    world = small_world(seed=7, parameters=Parameters(effect_diversity=0.2, moving_scale=1.4))
    world.conditions.one_stop[:] = 0.7
    world.conditions.funding[1] *= 2
    return pass_months(world, 12)


@pytest.fixture
def saved(halfway: World, tmp_path: Path) -> Path:
    save_checkpoint(halfway, tmp_path / "world.ckpt", {"version": "1", "levers": [1, 2]})
    return tmp_path / "world.ckpt"


def test_a_resumed_run_is_the_unbroken_one(saved: Path) -> None:
    resumed, extra = load_checkpoint(saved)
    assert extra == {"version": "1", "levers": [1, 2]} and resumed.month == 12 and resumed.seed == 7
    assert [file.name for file in saved.parent.iterdir()] == ["world.ckpt"]  # nothing half-written is left
    unbroken = small_world(seed=7, parameters=resumed.parameters)
    unbroken.conditions.one_stop[:] = 0.7
    unbroken.conditions.funding[1] *= 2
    pass_months(unbroken, 30)
    pass_months(resumed, 18, ThreadPool(2))
    assert state_digest(resumed) == state_digest(unbroken)
    seen = [observe_world(world, ThreadPool(1), Clock()) for world in (resumed, unbroken)]
    assert all(np.array_equal(a, b) for a, b in zip(*seen, strict=True))
    assert resumed.parameters.effect_diversity == 0.2


def test_it_is_reported_alike_before_and_after_reading(halfway: World, saved: Path) -> None:
    """The month that was passed last can be observed again."""
    seen = [observe_world(world, ThreadPool(1), Clock()) for world in (halfway, load_checkpoint(saved)[0])]
    assert all(np.array_equal(a, b) for a, b in zip(*seen, strict=True))


def refused(path: Path, message: str = ".") -> None:
    with pytest.raises(CheckpointError, match=message) as caught:
        load_checkpoint(path)
    assert path.name in str(caught.value) and "\n" not in str(caught.value)


def test_a_file_cut_short_is_refused(saved: Path) -> None:
    whole = saved.read_bytes()
    for length in (0, 1, 100, len(whole) // 2, len(whole) - 1):
        saved.write_bytes(whole[:length])
        refused(saved, "cut short")


def test_a_changed_byte_is_refused_wherever_it_matters(halfway: World, saved: Path) -> None:
    """A byte that changes nothing (a date in the archive, say) may pass, but then the state must be whole."""
    whole, refusals = bytearray(saved.read_bytes()), 0
    directory = len(whole) - 6000  # the table of contents lies at the end; the contents before it
    for at in (*range(0, directory, directory // 40), *range(directory, len(whole), 40)):
        damaged = whole.copy()
        damaged[at] ^= 0xFF
        saved.write_bytes(damaged)
        try:
            world, _ = load_checkpoint(saved)
            assert state_digest(world) == state_digest(halfway)
        except CheckpointError:
            refusals += 1
    assert refusals >= 40


def written_again(path: Path, changed: dict[str, bytes | None], sealed: bool) -> Path:
    """The checkpoint again with members replaced, added or (None) left out; sealed with a digest of its own, or not."""
    with zipfile.ZipFile(path) as archive:
        parts: dict[str, bytes | None] = {name: archive.read(name) for name in archive.namelist()}
    last = parts.pop(DIGEST)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in (parts | changed).items():
            if data is not None:
                archive.writestr(name, data)
        archive.writestr(DIGEST, content_digest(archive) if sealed else last or b"")
    return path


def with_header(path: Path, sealed: bool, **changes) -> Path:
    """The checkpoint again with some values of its header changed (None takes one away)."""
    with zipfile.ZipFile(path) as archive:
        header = json.loads(archive.read("header.json")) | changes
    kept = {key: value for key, value in header.items() if value is not None}
    return written_again(path, {"header.json": json.dumps(kept).encode()}, sealed)


@pytest.mark.parametrize(
    "changes",
    [{"month": 13}, {"seed": 8}, {"parameters": {}}, {"parameters": {"noise": 0.2}}, {"extra": {"version": "2"}}],
)
def test_another_header_is_refused(saved: Path, changes: dict) -> None:
    refused(with_header(saved, False, **changes), "does not match its digest")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"format": "thuis checkpoint 0"}, "version"),
        ({"parameters": {"not_a_parameter": 1.0}}, "not_a_parameter"),
        ({"parameters": {"noise": 7.0}}, "noise=7"),
        ({"seed": None}, "seed"),
    ],
)
def test_a_header_that_makes_no_world_is_refused_whatever_its_digest(saved: Path, changes: dict, message: str) -> None:
    refused(with_header(saved, True, **changes), message)


def test_every_array_is_covered_by_the_digest(saved: Path) -> None:
    """Each array of places, municipalities, stocks, conditions, flows, rates and population changed in one number."""
    whole = saved.read_bytes()
    with zipfile.ZipFile(saved) as archive:
        arrays = {name: archive.read(name) for name in archive.namelist() if name.endswith(".npy")}
    assert {name.split("/")[0] for name in arrays} == {*PARTS, "population"}
    for name, data in arrays.items():
        saved.write_bytes(whole)
        refused(written_again(saved, {name: data[:-1] + bytes([data[-1] ^ 1])}, sealed=False), "does not match")
    for name in ("neighbourhoods/facilities.npy", "tables/months.parquet"):  # one taken away, one added
        saved.write_bytes(whole)
        refused(written_again(saved, {name: None if name in arrays else b"x"}, sealed=False), "does not match")
    saved.write_bytes(whole)
    load_checkpoint(saved)


def test_something_else_is_refused(tmp_path: Path) -> None:
    refused(tmp_path / "nowhere.ckpt", "no such")
    other = tmp_path / "other.ckpt"
    other.write_text("not a checkpoint")
    refused(other)
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("header.json", "[]")
    refused(other)
