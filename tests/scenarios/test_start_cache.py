"""A settled start that is kept: the same world to the bit, under a name for all it depends on, whole or not used."""

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from experiments.run.python import run
from scenarios import start_cache as start_cache
from scenarios.build_options import BuildOptions
from scenarios.building import build_world
from scenarios.errors import InputError
from scenarios.settling import settle
from scenarios.start_cache import Starting, kept_start, remove_oldest, settled_start, start_path
from sim.checkpoint import load_checkpoint
from sim.digest import state_digest
from sim.machine.threads import ThreadPool
from sim.parameters import Parameters
from sim.world import World
from tests.tools.worlds import pass_months, small_table

OPTIONS = BuildOptions(seed=3, years=2, settling_months=12)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setattr(start_cache, "cache_folder", lambda name: tmp_path)
    monkeypatch.setenv(start_cache.LIMIT_VARIABLE, "1")
    return tmp_path


def start(options: BuildOptions = OPTIONS, parameters: Parameters | None = None, **changes) -> World:
    return settled_start(small_table(**changes), parameters or Parameters(), options, ThreadPool(1))


def test_a_kept_start_is_used_and_gives_the_same_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = start()
    assert [path.suffix for path in folder.iterdir()] == [".start"]
    monkeypatch.setattr(start_cache, "build_world", None)  # from here on nothing is built
    kept = start()
    assert state_digest(kept) == state_digest(made)
    longer = start(replace(OPTIONS, years=50, building=4.0))  # the same start with room for more building
    assert longer.neighbourhoods.first[-1] > kept.neighbourhoods.first[-1]
    digests = {
        state_digest(pass_months(world, 24, ThreadPool(threads)))
        for threads, world in enumerate((made, kept, longer), 1)
    }
    assert len(digests) == 1 and len(list(folder.iterdir())) == 1


def test_a_run_is_the_same_with_and_without(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    requested = {"years": 1, "scale": 20, "policy": "libraries", "threads": 1}
    fresh = run("urk", fresh_start=True, **requested)
    assert not list(folder.iterdir())
    first = run("urk", **requested)
    assert len(list(folder.iterdir())) == 1
    monkeypatch.setattr(start_cache, "build_world", None)  # from here on nothing is settled
    again = run("urk", **requested)
    for result in (first, again):
        assert result.summary["digest"] == fresh.summary["digest"]
        assert result.months.equals(fresh.months) and result.groups.equals(fresh.groups)
        assert result.summary["start"] == fresh.summary["start"]
    spent = again.summary["seconds_by_part"]
    assert spent["start"] < spent["to_first_month"] <= spent["start"] + spent["months"]


def test_a_start_that_is_not_to_be_kept(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    settled_start(small_table(), Parameters(), OPTIONS, ThreadPool(1), Starting(cache="none"))
    assert not list(folder.iterdir())
    for limit in ("0", "0.000001"):  # none, or less than this one takes
        monkeypatch.setenv(start_cache.LIMIT_VARIABLE, limit)
        start()
        assert not list(folder.iterdir())


def test_its_name_tells_all_it_depends_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table, parameters = small_table(), Parameters()
    changed = [
        (small_table(density=np.full(5, 1234.0)), parameters, OPTIONS),
        (small_table((621, 540, 380, 300, 260)), parameters, OPTIONS),
        (small_table(code=[f"other{i}" for i in range(5)]), parameters, OPTIONS),
        (table, parameters.changed(base=0.51), OPTIONS),
        (table, parameters, replace(OPTIONS, seed=4)),
        (table, parameters, replace(OPTIONS, scale=2)),
        (table, parameters, replace(OPTIONS, settling_months=13)),
    ]
    names = [start_path(table, parameters, OPTIONS), *(start_path(*case) for case in changed)]
    monkeypatch.setattr(start_cache, "source_digest", lambda: "another version")
    names.append(start_path(table, parameters, OPTIONS))
    assert len(set(names)) == len(names)
    other_words = small_table(name=list("abcde"), notes=["a note"], source="elsewhere")
    assert start_path(other_words, parameters, replace(OPTIONS, years=9, building=2.0)) == names[-1]


def test_what_is_cut_or_altered_is_not_used_but_made_again(folder: Path) -> None:
    whole = state_digest(start())
    (path,) = folder.iterdir()
    good = path.read_bytes()
    with_other_people = good.replace(good[len(good) // 2 : len(good) // 2 + 8], b"\x01" * 8)
    for bad in (b"", good[:-1], good[: len(good) // 3], with_other_people):
        path.write_bytes(bad)
        assert kept_start(small_table(), Parameters(), OPTIONS) is None and not path.exists()
        assert state_digest(start()) == whole and path.exists()
    other = start(replace(OPTIONS, seed=9))  # a sound start under the name of another
    start_path(small_table(), other.parameters, replace(OPTIONS, seed=9)).replace(path)
    assert state_digest(start()) == whole


def test_a_start_being_written_is_never_seen_half(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def power_cut(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("sim.checkpoint.write_population", power_cut)
    start()  # the run goes on
    assert not list(folder.iterdir())


def test_the_oldest_go_when_there_is_no_room(folder: Path) -> None:
    for name, age in (("a", 30), ("b", 10), ("c", 20)):
        (folder / name).write_bytes(bytes(100))
        os.utime(folder / name, (1000 - age, 1000 - age))
    remove_oldest(folder, 250)
    assert sorted(path.name for path in folder.iterdir()) == ["b", "c"]
    remove_oldest(folder, 99)
    assert not list(folder.iterdir())


def test_more_room_than_memory_is_refused_before_reading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start()
    monkeypatch.setattr("psutil.virtual_memory", lambda: type("Memory", (), {"available": 1 << 16})())
    with pytest.raises(InputError, match="GiB of memory"):
        kept_start(small_table(), Parameters(), OPTIONS)


def test_a_checkpoint_with_more_room_is_the_same_world(folder: Path) -> None:
    made = settle(build_world(small_table(), Parameters(), OPTIONS), ThreadPool(1))
    start_cache.keep_start(made, small_table(), OPTIONS)
    (path,) = folder.iterdir()
    roomy, _ = load_checkpoint(
        path, lambda neighbourhoods: neighbourhoods.first + 1000 * np.arange(len(neighbourhoods.first))
    )
    assert state_digest(roomy) == state_digest(made)
    assert state_digest(pass_months(roomy, 12)) == state_digest(pass_months(made, 12))
    ties = roomy.population.ties[roomy.population.ties != 0]
    assert (ties >> np.uint64(38)).max() < roomy.neighbourhoods.first[-1]


def test_who_watches_is_told_how_long_it_takes(folder: Path) -> None:
    told: list[int] = []
    for _ in range(2):
        how = Starting(begin=told.append, month=lambda world: told.append(world.month))
        settled_start(small_table(), Parameters(), OPTIONS, ThreadPool(1), how)
    assert told == [12, *range(-11, 1), 0]


def test_its_name_changes_with_any_source_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also with one in a folder of sim or scenarios."""
    files = [
        tmp_path / name for name in ("sim/world.py", "sim/rules/work.py", "scenarios/a.py", "scenarios/regions/b.py")
    ]
    for path in files:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("one")
    monkeypatch.setattr(start_cache, "__file__", str(tmp_path / "scenarios" / "start_cache.py"))
    found = {start_cache.source_digest.__wrapped__()}
    for path in files:
        path.write_text("another")
        found.add(start_cache.source_digest.__wrapped__())
    assert len(found) == 1 + len(files)
