"""Faults put into running commands, and what came of each: `tests/experiments/test_faults.py` tries the quickest.

    .venv/bin/python tests/tools/faults.py          writes the table docs/measured/faults.md

Every fault happens to a `thuis` in a process of its own, and ends in one of two ways: it was survived (the same result
came out), or refused in one line, with nothing half done and nothing older lost.
"""

import hashlib
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.tools.paths import REPOSITORY
from tests.tools.protocol_server import ProtocolServer, facilities, key_figures, scores

TABLE = REPOSITORY / "docs" / "measured" / "faults.md"
RUN = ("run", "region=urk", "scale=20", "years=2", "threads=1", "progress=none")
LONG_RUN = ("run", "region=vaals", "scale=4", "years=10", "threads=1", "progress=none", "checkpoint_every=3")
COMPARE = ("compare", "region=urk", "scale=20", "policies=[baseline,libraries]", "years=9", "progress=none")
SWEEP = ("sweep", "region=urk", "scale=40", "factors.parameters.noise=[0.0,0.01,0.02]", "replicates=8", "years=1",
         "chunk=1", "workers=1", "progress=none")  # fmt: skip
PATIENCE = 900  # seconds, where the engine has to be compiled first


def environment(**more: str) -> dict[str, str]:
    """The environment of a command, that finds this repository's code."""
    path = os.pathsep.join([str(REPOSITORY), os.environ.get("PYTHONPATH", "")])
    return os.environ | {"PYTHONPATH": path.rstrip(os.pathsep)} | more


def start(words: Sequence[str], **options: Any) -> subprocess.Popen:
    """Start `thuis` in a process group of its own."""
    more = options.pop("variables", {})
    command = [sys.executable, "-m", "experiments", *words]
    return subprocess.Popen(
        command,
        env=environment(**more),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        **options,
    )


def thuis(words: Sequence[str], **options: Any) -> tuple[int, str]:
    """Run `thuis`; its exit code and what it said on the error channel."""
    process = start(words, **options)
    _, said = process.communicate(timeout=PATIENCE)
    return process.returncode, said


def done(words: Sequence[str]) -> None:
    """Run `thuis` and hold it to have succeeded."""
    code, said = thuis(words)
    assert code == 0, said


def one_line(said: str, what: str) -> str:
    """The one line with which something was refused."""
    assert "Traceback" not in said, said
    lines = [line for line in said.splitlines() if line.strip()]
    assert len(lines) == 1 and what in lines[0], said
    return lines[0].removeprefix("thuis: ")


def kill(process: subprocess.Popen) -> bool:
    """Kill a process and its children without warning; whether it was still running."""
    running = process.poll() is None
    if running:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    return running


def digest_of(folder: Path) -> str:
    """The digest in a result's summary."""
    return json.loads((folder / "summary.json").read_text())["digest"]


def tables_of(folder: Path) -> str:
    """One digest of all tables of a folder, byte by byte."""
    found = hashlib.sha256()
    for path in sorted(folder.glob("*.parquet")):
        found.update(path.name.encode() + path.read_bytes())
    return found.hexdigest()


def wait_for(ready: Callable[[], Any], process: subprocess.Popen) -> None:
    """Wait until something is there, or the process has ended."""
    end = time.monotonic() + PATIENCE
    while not ready() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.01)


def left_over(folder: Path) -> list[str]:
    """Hidden files and folders."""
    return sorted(path.name for path in folder.iterdir() if path.name.startswith("."))


# What is done to a command


def run_killed(folder: Path, chance: random.Random) -> str:
    """Killed at random moments, with a checkpoint every month, until it has come through."""
    words = [*LONG_RUN, "people=false"]
    done([*words, f"out={folder / 'whole'}"])
    out, kept, kills = folder / "run", folder / "run.checkpoint", 0
    for _ in range(5):
        again = [f"resume={kept}"] if kept.exists() else []
        process = start([*words, *again, f"out={out}"])
        before = kept.stat().st_mtime_ns if kept.exists() else 0
        wait_for(lambda before=before: kept.exists() and kept.stat().st_mtime_ns > before, process)
        time.sleep(chance.uniform(0, 0.4))
        kills += kill(process)
        assert not out.exists() or digest_of(out), "half a result"
    done([*words, f"resume={kept}", f"out={out}"])
    assert digest_of(out) == digest_of(folder / "whole")
    assert not left_over(folder), left_over(folder)
    return f"killed {kills} times; went on from the last checkpoint each time and ended in the same digest"


def comparison_killed(folder: Path, chance: random.Random) -> str:
    """Killed at random moments; the same command again goes on with the replicates that are missing."""
    words = [*COMPARE, "replicates=6"]
    done([*words, f"out={folder / 'whole'}"])
    out, store, kills = folder / "killed", folder / "killed.replicates", 0
    for wanted in (1, 2, 4):
        process = start([*words, f"out={out}"])
        wait_for(lambda wanted=wanted: len(list(store.rglob("[0-9]*.npz"))) >= wanted, process)
        time.sleep(chance.uniform(0, 0.01))
        kills += kill(process)
    done([*words, f"out={out}"])
    assert tables_of(out) == tables_of(folder / "whole")
    assert not left_over(folder), left_over(folder)
    return f"killed {kills} times; finished replicates were kept and the tables are the same to the byte"


def sweep_killed(folder: Path, chance: random.Random) -> str:
    """Killed at random moments; the same command again does the runs that are missing."""
    done([*SWEEP, f"out={folder / 'whole'}"])
    out, kills = folder / "killed", 0
    for wanted in (3, 8, 15):
        process = start([*SWEEP, f"out={out}"])
        wait_for(lambda wanted=wanted: len(list(out.glob("shards/*.parquet"))) >= wanted, process)
        time.sleep(chance.uniform(0, 0.05))
        kills += kill(process)
    done([*SWEEP, f"out={out}"])
    import thuis

    assert thuis.read(out).pl().equals(thuis.read(folder / "whole").pl())
    return f"killed {kills} times; finished chunks were kept and the table of results is the same"


@contextmanager
def statistics_server() -> Iterator[list[str]]:
    """A server that speaks as CBS and PDOK do, and the words with which to fetch from it."""
    tables = [key_figures("85318NED", 2022), facilities("85560NED", 2022), scores()]
    with ProtocolServer({t.identifier: t for t in tables}) as running:
        urls = running.addresses
        yield ["data", "fetch", "2022", "Groningen", "--cbs-url", urls["base_url"], "--pdok-url", urls["pdok_url"]]


def download_killed(folder: Path, chance: random.Random) -> str:
    """Killed at random moments, then asked for again."""
    with statistics_server() as words:
        done([*words, "--folder", str(folder / "whole")])
        disk, kills = folder / "killed", 0
        for pages in (2, 5):
            process = start([*words, "--folder", str(disk)])
            wait_for(lambda pages=pages: len(list(disk.rglob("*.page"))) >= pages, process)
            time.sleep(chance.uniform(0, 0.02))
            kills += kill(process)
        done([*words, "--folder", str(disk)])
    names = sorted(
        path.name for path in (folder / "whole").iterdir() if path.suffix in (".csv", ".parquet", ".geojson")
    )
    assert names and all((disk / n).read_bytes() == (folder / "whole" / n).read_bytes() for n in names)
    return f"killed {kills} times; pages already there were kept and the table is the same to the byte"


def view_killed(folder: Path, chance: random.Random) -> str:
    """A visitor who vanishes in the middle of a simulation, then the server killed: the next visitor is served."""
    from websockets.sync.client import connect as connection

    for attempt in range(2):
        process = start(["view", "region=urk", "open=false", "port=0"], cwd=folder)
        assert process.stdout is not None
        address = next(word for line in process.stdout for word in line.split() if word.startswith("http"))
        live = address.replace("http", "ws", 1).rstrip("/") + "/live"
        words = {"type": "start", "region": "urk", "seed": 1, "scale": 20, "a": [], "b": None}
        for visitor in range(3):
            with connection(live, origin=address.rstrip("/"), max_size=None) as socket:
                socket.send(json.dumps(words))
                assert socket.recv(timeout=PATIENCE)
                time.sleep(chance.uniform(0, 0.1))
                if visitor < 2:
                    socket.socket.close()  # without a word
                else:
                    assert any(isinstance(socket.recv(timeout=PATIENCE), bytes) for _ in range(200)), "no month came"
        assert kill(process), f"the server ended by itself (start {attempt})"
    assert list(folder.iterdir()) == []
    return "visitors who vanished cost nobody anything; the server, killed, left no file and started again at once"


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A disk of 400 kB as far as the system lets us make one; else the folder itself."""
    disk = folder / "disk"
    disk.mkdir()
    mounted = os.geteuid() == 0 and shutil.which("mount") is not None
    if mounted:
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=400k", "none", str(disk)], capture_output=True)
        mounted = made.returncode == 0
    try:
        yield disk
    finally:
        if mounted:
            subprocess.run(["umount", str(disk)], check=True)


def small_files() -> None:
    """In the child: no file may grow beyond 40 kB, which is what a full disk does to it where we cannot make one."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (40_000, 40_000))


def disk_full(folder: Path, chance: random.Random) -> str:
    """The disk is full while a run writes its result, and a comparison its replicates."""
    said = []
    with small_disk(folder) as disk:
        mounted = os.path.ismount(disk)
        for name, words in (("run", RUN), ("compare", (*COMPARE, "replicates=2"))):
            if mounted:
                (disk / "filler").write_bytes(bytes(395_000 - 30_000))
            code, line = thuis([*words, f"out={disk / name}"], preexec_fn=None if mounted else small_files)
            assert code == 1, line
            said.append(one_line(line, "No space left" if mounted else "too large"))
            assert not (disk / name).exists() and not left_over(disk), left_over(disk)
            (disk / "filler").unlink(missing_ok=True)
    how = "a disk of 400 kB" if mounted else "a limit on the size of files"
    return f"({how}) refused, exit code 1, nothing left behind: *{said[0]}*"


def checkpoint_disk_full(folder: Path, chance: random.Random) -> str:
    """The disk is full when a checkpoint is renewed: the older one must stay whole."""
    with small_disk(folder) as disk:
        mounted = os.path.ismount(disk)
        words = [*RUN, "checkpoint_every=12", f"out={disk / 'run'}"]
        done([*RUN, "checkpoint_every=12", "years=1", f"out={folder / 'first'}"])
        shutil.copy(folder / "first.checkpoint", disk / "run.checkpoint") if not mounted else None
        kept = folder / "first.checkpoint"
        before = kept.read_bytes()
        code, line = thuis(words, preexec_fn=None if mounted else small_files)
        assert code == 1, line
        one_line(line, "No space left" if mounted else "too large")
        assert not left_over(disk), left_over(disk)
    assert kept.read_bytes() == before
    done([*RUN, f"resume={kept}", f"out={folder / 'rest'}"])
    done([*RUN, f"out={folder / 'whole'}"])
    assert digest_of(folder / "rest") == digest_of(folder / "whole")
    return "refused, exit code 1; the older checkpoint is whole, and the run went on from it to the same digest"


def permission_lost(folder: Path, chance: random.Random) -> str:
    """The folder can no longer be written in when the result is to be put in place."""
    disk = folder / "place"
    disk.mkdir()
    mounted = os.geteuid() == 0
    if mounted:
        made = subprocess.run(["mount", "-t", "tmpfs", "none", str(disk)], capture_output=True)
        mounted = made.returncode == 0
    process = start([*RUN, "years=30", f"out={disk / 'run'}"])
    try:
        wait_for(lambda: list(disk.glob(".run.*/.months*")), process)
        if mounted:
            # Files that are open for writing keep a whole disk from becoming read-only: try until there is none.
            while subprocess.run(["mount", "-o", "remount,ro", str(disk)], capture_output=True).returncode:
                assert process.poll() is None, "it ended before permission was taken"
        else:
            disk.chmod(0o500)
        _, said = process.communicate(timeout=PATIENCE)
        line = one_line(said, "Read-only" if mounted else "Permission denied")
        assert process.returncode == 1 and not (disk / "run").exists()
    finally:
        kill(process)
        disk.chmod(0o700) if not mounted else subprocess.run(["umount", str(disk)], check=True)
    return f"refused, exit code 1: *{line.rpartition('/')[2]}*; no result was put in place"


CLOCK = """
import time
_real, _began = time.time, time.monotonic()
time.time = lambda: _real() - (86400 if time.monotonic() - _began > {after} else 0)
"""


def clock_set_back(folder: Path, chance: random.Random) -> str:
    """The clock is set back a day in the middle of a run and of a sweep that another one had begun and died in."""
    (folder / "site").mkdir()
    (folder / "site" / "sitecustomize.py").write_text(CLOCK.format(after=1.0))
    path = os.pathsep.join([str(folder / "site"), str(REPOSITORY)])
    done([*RUN, f"out={folder / 'whole'}"])
    code, said = thuis([*RUN, f"out={folder / 'back'}"], variables={"PYTHONPATH": path})
    assert code == 0, said
    assert digest_of(folder / "back") == digest_of(folder / "whole")
    seconds = json.loads((folder / "back" / "summary.json").read_text())["seconds"]
    assert 0 <= seconds < PATIENCE
    out = folder / "sweep"
    process = start([*SWEEP, f"out={out}"])
    wait_for(lambda: len(list(out.glob("shards/*.parquet"))) >= 2, process)
    kill(process)
    for claim in (out / "claims").glob("[0-9]*"):
        os.utime(claim, (time.time() + 86_400,) * 2)  # made before the clock was set back: it lies in the future
    code, said = thuis([*SWEEP, f"out={out}"], variables={"PYTHONPATH": path})
    assert code == 0, said
    return (
        "durations are not those of the clock; the run's digest is the same, and the sweep took over what the dead left"
    )


def two_into_one(folder: Path, chance: random.Random) -> str:
    """Two runs at once into one folder: one whole result stands there, and the other is that too or was refused."""
    out, ended = folder / "same", []
    pair = [start([*RUN, f"seed={seed}", f"out={out}"]) for seed in (1, 2)]
    for process in pair:
        _, said = process.communicate(timeout=PATIENCE)
        ended.append(process.returncode)
        assert process.returncode == 0 or one_line(said, "out=") or process.returncode in (1, 2), said
    assert 0 in ended and not left_over(folder), left_over(folder)
    done(["verify", str(out)])
    sweeps = [start([*SWEEP, f"out={folder / 'sweep'}"]) for _ in range(2)]
    for process in sweeps:
        _, said = process.communicate(timeout=PATIENCE)
        assert process.returncode == 0, said
    import thuis

    table = thuis.read(folder / "sweep").pl()
    assert len(table) == 24 and table["run"].n_unique() == 24
    return "the one that finished last stands there whole (`thuis verify` confirms it); two sweeps shared their runs"


def little_memory() -> None:
    """In the child: an address space of three gigabytes, of which the program itself takes most."""
    resource.setrlimit(resource.RLIMIT_AS, (3 << 30, 3 << 30))


def memory_out(folder: Path, chance: random.Random) -> str:
    """There is too little memory for the people asked for."""
    rows = "\n".join(f"A{i},900000,0.8,0.2" for i in range(48))
    (folder / "crowd.csv").write_text(f"code,residents,origin_native,origin_other\n{rows}\n")
    words = ["run", "region=file", f"region.table={folder / 'crowd.csv'}", "years=1", "threads=1", "progress=none"]
    variables = {"OPENBLAS_NUM_THREADS": "1", "NUMBA_NUM_THREADS": "1", "POLARS_MAX_THREADS": "1"}
    code, said = thuis([*words, f"out={folder / 'run'}"], preexec_fn=little_memory, variables=variables)
    assert code in (1, 2), said
    line = one_line(said, "no memory left")
    assert not (folder / "run").exists() and not left_over(folder)
    return f"refused, exit code {code}: *{line}*"


@dataclass(frozen=True)
class FaultRow:
    """A fault in words, the function that puts it in, and what an earlier trial found that was mended since."""

    injected: str
    inject: Callable[[Path, random.Random], str]
    mended: str = ""


FAULTS = {
    "run killed": FaultRow("a run is killed at random moments (SIGKILL)", run_killed,
                           "it left hidden folders behind; the next run removes them"),
    "comparison killed": FaultRow("a comparison is killed at random moments", comparison_killed),
    "sweep killed": FaultRow("a sweep is killed at random moments", sweep_killed),
    "download killed": FaultRow("a download is killed at random moments", download_killed),
    "view killed": FaultRow("visitors of the page vanish; its server is killed", view_killed),
    "disk full": FaultRow("the disk is full while a run or a comparison writes", disk_full,
                          "a run ended in an unclear error over half a table"),
    "checkpoint on a full disk": FaultRow("the disk is full when a checkpoint is to be renewed", checkpoint_disk_full),
    "permission lost": FaultRow("the folder becomes read-only in the middle of a run", permission_lost),
    "clock set back": FaultRow("the clock is set back a day during a run and a sweep", clock_set_back),
    "two into one folder": FaultRow("two runs, and two sweeps, write into one folder at once", two_into_one,
                                   "a sweep begun in the very instant in which another began was refused"),
    "out of memory": FaultRow("memory runs out (RLIMIT_AS)", memory_out),
}  # fmt: skip


def main() -> int:
    """Put in every fault and write the table."""
    lines = ["| what was put in | what came of it |", "| --- | --- |"]
    for name, row in FAULTS.items():
        with tempfile.TemporaryDirectory(prefix="thuis-fault-") as folder:
            came = row.inject(Path(folder), random.Random(name))
            lines.append(f"| {row.injected} | {came}{f'. Found before and mended: {row.mended}' * bool(row.mended)} |")
            print(lines[-1], flush=True)
    TABLE.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
