"""Sweeps: designs, folders that go on where they were, one table whatever the engine, errors kept, indices known."""

import math
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from experiments.cli.command import main
from experiments.options.settings import settings_from
from experiments.simulation.simulate import Simulation, build_options, load_table, make_schedule
from experiments.sweep.claims import claim_path, make_claim, take_over
from experiments.sweep.plan import create, load_plan
from experiments.sweep.planning import ONLY_AT_START, make_plan
from experiments.sweep.request import read_sweep
from experiments.sweep.running import Quiet, run_plan
from experiments.sweep.shards import shard_path
from experiments.sweep.table import open_sweep
from experiments.sweep.whole import ThuisRuns
from scenarios.build_options import BuildOptions
from scenarios.building import make_municipalities, make_neighbourhoods
from scenarios.errors import InputError
from scenarios.policy.packages import merge, read_package
from scenarios.start_cache import settled_start
from sim.digest import state_digest
from sim.machine.threads import ThreadPool
from sim.observations import Observations
from sim.parameters import Parameters
from sim.parameters.declaration import describe
from sim.world import World
from tests.tools.paths import REPOSITORY
from tests.tools.worlds import small_table

SMALL = ["region=vaals", "scale=40", "years=2", "policy=libraries", "design=latin_hypercube", "runs=6", "chunk=2",
         "factors.parameters.effect_diversity=[0.03,0.16]", "factors.policy.libraries.funding=[0.5,2]",
         "replicates=2"]  # fmt: skip
CIRCLE = [f"factors.x{i}=[{-math.pi},{math.pi}]" for i in (1, 2, 3)]
ISHIGAMI = ["design=sobol", "model=experiments.sweep.models:ishigami", *CIRCLE]
SLOW_FUNCTION = [
    "design=latin_hypercube",
    "runs=400",
    "chunk=4",
    "model=tests.tools.sweep_functions:slow",
    "factors.x=[0,1]",
]


def planned(words: list[str], folder: Path) -> Path:
    plan, table = make_plan(read_sweep(words))
    create(folder, plan, table)
    return folder


def run(words: list[str], folder: Path, engine: str = "threads", workers: int = 2) -> pl.DataFrame:
    planned(words, folder)
    run_plan(folder, load_plan(folder), engine, {"workers": workers}, Quiet())
    return open_sweep(folder).pl()


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sweeps") / "small"
    run(SMALL, folder)
    return folder


def test_a_design_is_its_words(tmp_path: Path) -> None:
    one, two, other = (make_plan(read_sweep([*SMALL, f"seed={seed}"]))[1] for seed in (1, 1, 2))
    assert one.equals(two) and not one.equals(other)
    assert one["seed"].n_unique() == 2  # common random numbers: the same two seeds at every point
    assert make_plan(read_sweep([*SMALL, "common=false"]))[1]["seed"].n_unique() == 12
    levels = make_plan(read_sweep(["region=vaals", "factors.policy=[baseline,libraries]", "factors.seed=range(1,4)"]))[
        1
    ]
    pairs = [(policy, seed) for seed in (1, 2, 3) for policy in ("baseline", "libraries")]
    assert levels.select("policy", "seed").rows() == pairs  # runs with one start follow one another
    assert levels["run"].to_list() == list(range(6)) and levels["point"].n_unique() == 6


def run_through(requested: dict[str, Any]) -> tuple[World, Observations]:
    """The world that a run of two years with these settings ends in, and what is observed there."""
    settings = settings_from(requested | {"years": 2})
    table, pool = load_table(settings.region), ThreadPool(1)
    schedule = make_schedule(settings, table)
    world = settled_start(table, settings.parameters, build_options(settings, schedule), pool)
    simulation = Simulation(settings, table, schedule, world, pool)
    return simulation.world, list(simulation.months(24))[-1].observations


def test_a_run_of_a_sweep_is_the_run_of_its_settings(small: Path) -> None:
    row = open_sweep(small).pl().to_dicts()[3]
    libraries = {"libraries": {"funding": row["policy.libraries.funding"]}}
    world, found = run_through(
        {
            "region": "vaals",
            "scale": 40,
            "seed": row["seed"],
            "policy": merge(read_package("libraries"), libraries),
            "parameters": {"effect_diversity": row["parameters.effect_diversity"]},
        }
    )
    last = found.sums
    assert state_digest(world) == row["digest"]
    assert row["belonging"] == pytest.approx(last[:, :, 2].sum() / last[:, :, 1].sum() / 65536, abs=1e-12)
    assert row["spent"] == pytest.approx(world.stocks.spent.sum(), rel=1e-9)


def test_homes_that_a_table_tells_of_are_built_in_a_sweep_as_in_a_run(tmp_path: Path) -> None:
    rows = ("A,800,0.7,0.3,0.08\n", "B,600,0.7,0.3,0\n", "C,1600,0.7,0.3,\n")
    table = tmp_path / "growing_2020.csv"
    table.write_text("code,residents,origin_here,origin_there,dwellings_growth\n" + "".join(rows), encoding="utf-8")
    words = [f"region.table={table}", "region=file", "years=2", "factors.parameters.building=[0.004,0.01]", "runs=2"]
    found = run(["design=latin_hypercube", "seed=1", "replicates=1", *words], tmp_path / "sweep").to_dicts()
    assert len(found) == 2 and found[0]["digest"] != found[1]["digest"]
    for row in found:
        parameters = {"building": row["parameters.building"]}
        world, _ = run_through(
            {"region": {"name": "file", "table": str(table)}, "parameters": parameters, "seed": row["seed"]}
        )
        assert state_digest(world) == row["digest"]
        homes = (world.stocks.homes - world.stocks.shared) / world.neighbourhoods.built - 1
        assert homes[0] == pytest.approx(0.16, abs=0.03) and homes[1] == 0 and 0 < homes[2] < 0.06


def test_processes_give_the_table_of_threads(small: Path, tmp_path: Path) -> None:
    assert run(SMALL, tmp_path / "processes", "processes").equals(open_sweep(small).pl())


def test_the_same_start_is_shared_on_request(tmp_path: Path) -> None:
    words = ["region=vaals", "scale=40", "years=1", "start=shared", "yearly=true", "factors.seed=[1,2]",
             "factors.parameters.base=[0.5,0.6]"]  # fmt: skip
    table = run(words, tmp_path / "shared")
    assert len(table) == 4 and table["digest"].n_unique() == 4 and table["error"].null_count() == 4


def test_what_moving_shapes_at_the_start_follows_in_runs_that_share_it(tmp_path: Path) -> None:
    """How often the residents of each area move is fitted with `moving_*`: also where these vary from month 0 on."""
    words = ["region=vaals", "scale=40", "years=1", "start=shared", "factors.parameters.moving_recent=[0,3]",
             "factors.parameters.capacity_reception=[0,20]"]  # fmt: skip
    runs = ThuisRuns(load_plan(planned(words, tmp_path / "moving")))
    for recent, places in ((0.0, 20.0), (3.0, 0.0)):
        parameters = runs.base.changed(moving_recent=recent, capacity_reception=places)
        world = runs.world("vaals", parameters, 1, 40)
        options = BuildOptions(seed=1, scale=40, years=1)
        neighbourhoods, counts = make_neighbourhoods(runs.table("vaals"), options, parameters)
        municipalities = make_municipalities(runs.table("vaals"), neighbourhoods, counts, options, parameters)
        assert (world.neighbourhoods.mobility == neighbourhoods.mobility).all()
        assert (world.municipalities.capacity == municipalities.capacity).all()
        assert (world.municipalities.domestic == municipalities.domestic).all()


def test_damaged_shards_are_done_again(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = open_sweep(small).pl()
    path = shard_path(small, 1)
    whole = path.read_bytes()
    middle = len(whole) // 2
    path.write_bytes(whole[:middle] + b"?" * 64 + whole[middle + 64 :])
    shard_path(small, 2).write_bytes(whole[:100])
    run_plan(small, load_plan(small), "threads", {"workers": 1}, Quiet())
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2 and all("are done again" in line for line in said)
    assert open_sweep(small).pl().equals(before)


def test_failed_runs_are_recorded_and_the_rest_go_on(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "failing"
    words = [
        "model=tests.tools.sweep_functions:fails",
        "factors.x=range(0,10)",
        f"out={folder}",
        "engine=threads",
        "chunk=3",
    ]
    assert main(["sweep", *words]) == 0
    table = open_sweep(folder).pl()
    assert table.filter(pl.col("error").is_not_null())["x"].to_list() == [4, 8]
    assert table["error"].drop_nulls().unique().to_list() == ["ValueError: no multiple of four"]
    assert "2 failed" in capsys.readouterr().out
    assert main(["sweep", "status", str(folder)]) == 0
    assert "2 x ValueError: no multiple of four" in capsys.readouterr().out


def test_killed_three_times_it_is_the_unbroken_sweep(tmp_path: Path) -> None:
    whole = run(SLOW_FUNCTION, tmp_path / "whole")
    folder = tmp_path / "killed"
    words = [
        sys.executable,
        "-m",
        "experiments",
        "sweep",
        *SLOW_FUNCTION,
        "engine=processes",
        "workers=2",
        f"out={folder}",
    ]
    environment = os.environ | {"PYTHONPATH": str(REPOSITORY)}
    for _ in range(3):
        before = len(list(folder.glob("shards/*.parquet")))
        process = subprocess.Popen(words, env=environment, stderr=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 60
        while len(list(folder.glob("shards/*.parquet"))) < before + 3 and time.monotonic() < deadline:
            time.sleep(0.02)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
    assert 0 < len(list(folder.glob("shards/*.parquet"))) < 100  # it was broken off, and had done something
    assert subprocess.run(words, env=environment, capture_output=True, timeout=120).returncode == 0
    parts = [tmp_path / f"{name}.csv" for name in ("whole", "killed")]
    whole.write_csv(parts[0])
    open_sweep(folder).pl().write_csv(parts[1])
    assert parts[0].read_bytes() == parts[1].read_bytes() and len(whole) == 400


def test_a_killed_worker_is_started_anew(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    folder = planned([*SLOW_FUNCTION, "runs=100"], tmp_path / "one_killed")
    killed = threading.Event()

    def killer() -> None:
        while not killed.is_set():
            for path in list((folder / "claims").glob("[0-9]*")):
                words = path.read_text().split() if path.exists() else []
                if len(words) > 1 and int(words[1]) != os.getpid():
                    os.kill(int(words[1]), signal.SIGKILL)
                    killed.set()
                    return
            time.sleep(0.01)

    thread = threading.Thread(target=killer, daemon=True)
    thread.start()
    run_plan(folder, load_plan(folder), "processes", {"workers": 2}, Quiet())
    thread.join(10)
    assert killed.is_set() and open_sweep(folder).pl()["run"].to_list() == list(range(100))
    assert "was killed (most often: no memory left); its chunk is done again" in capsys.readouterr().err


def test_chunks_of_the_dead_are_taken_over(tmp_path: Path) -> None:
    folder = planned([*SLOW_FUNCTION, "runs=8"], tmp_path / "claims")
    assert make_claim(folder, 0, "mine") and not make_claim(folder, 0, "yours")
    assert not take_over(folder, 0, "yours")  # its process lives
    dead = subprocess.run([sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, text=True)
    path = claim_path(folder, 0)
    path.write_text(path.read_text().replace(f" {os.getpid()} ", f" {int(dead.stdout)} "))
    assert take_over(folder, 0, "yours")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 192 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    words = ["mount", "-t", "tmpfs", "-o", "size=192k", "tmpfs", str(folder)]
    if shutil.which("mount") is None or subprocess.run(words, capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here (that needs root)")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.parametrize("engine", ["threads", "processes"])
def test_a_full_disk_is_one_line(
    small_disk: Path, engine: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    words = ["sweep", *SLOW_FUNCTION, "runs=300", f"engine={engine}", "workers=2", f"out={small_disk / 'sweep'}"]
    (small_disk / "others").write_bytes(bytes(50_000))
    assert main(words) == 2
    said = capsys.readouterr().err.splitlines()
    assert len(said) == 2 and "No space left on device; what is finished is kept: make room there" in said[1]
    done = len(list((small_disk / "sweep" / "shards").glob("shard-*.parquet")))
    assert 0 < done < 75 and not list((small_disk / "sweep" / "shards").glob(".*"))  # no half file is left behind
    subprocess.run(["mount", "-o", "remount,size=20m", str(small_disk)], check=True)  # room is made
    assert main(words) == 0
    assert open_sweep(small_disk / "sweep").pl()["run"].to_list() == list(range(300))


def test_a_folder_that_cannot_be_written_in_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("no folder")
    assert main(["sweep", *SLOW_FUNCTION, f"out={tmp_path / 'file' / 'sweep'}"]) == 2
    said = capsys.readouterr().err
    assert "cannot be written: Not a directory" in said and said.count("\n") == 1


@pytest.mark.parametrize("engine", ["threads", "processes"])
def test_no_memory_left_is_one_line(
    tmp_path: Path, engine: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every run above x = 20 wants more memory than there is, until the limit is lifted."""
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.setenv("THUIS_TEST_BYTES", str(1 << 50))
    out = tmp_path / "sweep"
    words = ["sweep", "model=tests.tools.sweep_functions:hungry", "factors.x=range(0,40)", "chunk=4", "workers=1",
             f"engine={engine}", f"out={out}"]  # fmt: skip
    assert main(words) == 1
    said = capsys.readouterr().err.splitlines()
    assert "memory left" in said[-1] and "what is finished is kept" in said[-1] and "fault of Thuis" not in said[-1]
    assert 0 < len(list((out / "shards").glob("*.parquet"))) < 10
    monkeypatch.setenv("THUIS_TEST_BYTES", "1000")
    assert main(words) == 0
    assert open_sweep(out).pl()["error"].null_count() == 40


def test_what_needs_rows_of_its_own_cannot_vary_from_a_shared_start() -> None:
    """But `building`: for it, worlds keep the room that the largest of a sweep needs."""
    table, usual = small_table(), Parameters()
    rows = make_neighbourhoods(table, BuildOptions(), usual)[0].places
    first = make_neighbourhoods(table, BuildOptions(), usual)[0].first
    for d in describe(Parameters).values():
        for value in (d.low, d.high):
            other = make_neighbourhoods(table, BuildOptions(), usual.changed(**{d.name: value}))[0]
            same = np.array_equal(other.places, rows) and np.array_equal(other.first, first)
            assert same or d.name == "building" or f"parameters.{d.name}" in ONLY_AT_START, d.name


@pytest.mark.parametrize(("words", "message"), [
    (["factors.parameters.efect_ties=[0.1,0.2]"], "did you mean parameters.effect_ties"),
    (["factors.parameters.base=[0.1,0.5]"], "0.1 is out of range; allowed is a number from 0.3 to 0.8"),
    (["factors.policy.libaries.funding=[1,2]"], "no measure 'libaries' in baseline"),
    (["policy=libraries", "factors.policy.libraries.funding=[1,9]"], "funding is 9"),
    (["design=sobol", "runs=100", "factors.parameters.base=[0.4,0.5]"], "not a power of two"),
    (["start=shared", "design=latin_hypercube", "factors.parameters.vacancy=[0.03,0.05]"], "use start=own"),
    (["start=shared", "factors.parameters.households=[0,1]"], "use start=own"),
    (["factors.region=[vaals,nowhere]"], "unknown region 'nowhere'"),
    (["factors.policy=[2020-13-45,libraries]"], "unknown policy '2020-13-45'"),
    (["engine=ray"], "engine=ray is not allowed"),
    (["parameters.base=[0.4,0.5]"], "write factors.parameters.base"),
    (["years=0"], "years=0 is out of range; allowed is 1 to 100"),
    (["model=nowhere:nothing", "factors.x=[1,2]"], "cannot be imported"),
])  # fmt: skip
def test_wrong_input_is_one_line(
    words: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["sweep", *words, f"out={tmp_path / 'x'}"]) == 2
    said = capsys.readouterr().err
    assert message in said and said.count("\n") == 1 and not (tmp_path / "x").exists()


def test_another_sweep_in_the_folder_is_refused(small: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", *SMALL, "seed=7", f"out={small}"]) == 2
    assert "holds another sweep (seed 1 there, 7 here)" in capsys.readouterr().err


def test_sweeps_begun_in_one_folder_at_once_share_it(tmp_path: Path) -> None:
    """As far as it got, and whoever was first; a sweep killed in its first instant is gone on with."""
    plan, table = make_plan(read_sweep([*ISHIGAMI, "runs=16"]))
    for attempt in range(10):
        folder = tmp_path / str(attempt)
        with ThreadPoolExecutor(4) as pool:
            new = [future.result() for future in [pool.submit(create, folder, plan, table) for _ in range(4)]]
        assert sorted(new) == [False, False, False, True]
        assert load_plan(folder).digest == plan.digest and pl.read_parquet(folder / "design.parquet").equals(table)
        assert [path.name for path in folder.iterdir() if path.name.startswith(".")] == []
    begun = tmp_path / "begun"
    (begun / "shards").mkdir(parents=True)
    (begun / ".sweep.json.1.part").touch()
    assert create(begun, plan, table)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").touch()
    with pytest.raises(InputError, match="not a sweep of Thuis"):
        create(tmp_path / "mine", plan, table)


def test_results_are_one_table(small: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sweep = open_sweep(small)
    assert sweep.factors == ["parameters.effect_diversity", "policy.libraries.funding"]
    means = sweep.query("select replicate, avg(belonging) as b, count(*) as n from runs group by 1 order by 1")
    assert means["n"].to_list() == [6, 6] and means["b"].is_between(0.3, 0.8).all()
    assert main(["results", "query", str(small), "select * from runs", f"out={tmp_path / 'all.csv'}"]) == 0
    assert len(pl.read_csv(tmp_path / "all.csv")) == 12
    assert main(["results", "query", str(small), "selekt"]) == 2
    assert "cannot be answered" in capsys.readouterr().err


def test_sobol_indices_of_a_known_function(tmp_path: Path) -> None:
    from experiments.analysis.indices import sobol_indices

    run([*ISHIGAMI, "runs=4096"], tmp_path / "ishigami")
    found = sobol_indices(open_sweep(tmp_path / "ishigami"), "outcome")
    assert np.allclose(found["first"], [0.3139, 0.4424, 0.0], atol=0.02)
    assert np.allclose(found["total"], [0.5576, 0.4424, 0.2437], atol=0.02)
