"""Compiled code that is kept: proof against a read-only install, two processes at once, another processor, damage."""

import os
import shutil
import stat
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from sim import compiling
from sim.machine.cache_folder import cache_folder
from tests.tools.paths import REPOSITORY

USE = """
import sys
from sim import compiling
from sim.phases import many_months
from sim.machine.compile_cache import entries
entry = entries["sim.phases.destinations:plan_moves"]
known = entry.is_kept()
assert entry.address and entry.is_kept()
assert known or entry.was_compiled
if entry.was_compiled:
    print("compiling", file=sys.stderr)
else:
    assert "numba" not in sys.modules
print(entry.read()[0])
"""
# Both processes find no file yet and hold still before they write one.
AT_ONCE = """
import os, sys, time
from sim.phases import many_months
from sim.machine.compile_cache import entries
replace = os.replace
def slow(*paths):
    time.sleep(1)
    replace(*paths)
os.replace = slow
entry = entries["sim.phases.destinations:" + sys.argv[1]]
assert entry.address and entry.was_compiled and sys.argv[1] in entry.read()[0]
"""


def python(script: str, *words: str, source: Path = REPOSITORY, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script in a process of its own, with the packages of a source folder."""
    return begin(script, *words, source=source, **environment)()


def begin(script: str, *words: str, source: Path = REPOSITORY, **environment: str):
    """Begin a script; what is returned waits for its end."""
    known = {k: v for k, v in os.environ.items() if not k.startswith(("NUMBA_", "XDG_"))}
    known |= {"PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": "1"} | environment
    command = [sys.executable, "-c", script, *words]
    process = subprocess.Popen(command, env=known, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def end() -> subprocess.CompletedProcess[str]:
        out, said = process.communicate(timeout=120)
        assert process.returncode == 0, said
        return subprocess.CompletedProcess(command, 0, out, said)

    return end


def kept(cache: Path) -> dict[Path, tuple[int, bytes]]:
    """Every file of compiled code: when it was written, and what it holds."""
    return {p: (p.stat().st_mtime_ns, p.read_bytes()) for p in sorted(cache.rglob("*")) if p.is_file()}


def test_code_is_kept_and_a_line_is_said_only_when_it_is_made(tmp_path: Path) -> None:
    first = python(USE, XDG_CACHE_HOME=str(tmp_path))
    files = kept(tmp_path)
    again = python(USE, XDG_CACHE_HOME=str(tmp_path))
    assert first.stderr == "compiling\n"
    assert again.stderr == "" and again.stdout == first.stdout
    assert files and kept(tmp_path) == files


def test_install_that_cannot_be_written_and_no_home(tmp_path: Path) -> None:
    install = tmp_path / "install"
    for package in ("sim", "experiments"):
        shutil.copytree(REPOSITORY / package, install / package, ignore=shutil.ignore_patterns("__pycache__"))
    for path in [install, *install.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = {path: path.stat().st_mtime_ns for path in install.rglob("*")}
    (tmp_path / "temporary").mkdir()
    nowhere = {"XDG_CACHE_HOME": "/proc/nowhere", "HOME": "/proc/nowhere", "TMPDIR": str(tmp_path / "temporary")}
    for _ in range(2):
        python(USE, source=install, **nowhere)
        assert kept(tmp_path / "temporary")
    assert {path: path.stat().st_mtime_ns for path in install.rglob("*")} == before


def test_another_processor_has_files_of_its_own(tmp_path: Path) -> None:
    other = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "XDG_CACHE_HOME": str(tmp_path)}
    here = python(USE, XDG_CACHE_HOME=str(tmp_path))
    files = kept(tmp_path)
    there = python(USE, **other)
    both = kept(tmp_path)
    assert there.stdout == here.stdout  # the same bits
    assert "compiling" in there.stderr
    assert files.items() <= both.items() and len(both) == 2 * len(files)
    assert "compiling" not in python(USE, **other).stderr and kept(tmp_path) == both


def test_two_processes_at_once(tmp_path: Path) -> None:
    running = [
        begin(AT_ONCE, name, XDG_CACHE_HOME=str(tmp_path)) for name in ("plan_moves", "plan_moves", "group_movers")
    ]
    for end in running:
        end()
    assert len(kept(tmp_path)) == 2  # and nothing that is half written
    assert python(USE, XDG_CACHE_HOME=str(tmp_path)).stderr == ""


def test_one_process_compiles_while_others_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiling, "code_folder", lambda: tmp_path)
    said, done, waiting = [], [], threading.Event()
    monkeypatch.setattr(compiling, "say", lambda line: (said.append(line), waiting.set()))

    def second() -> None:
        with compiling.one_at_a_time():
            done.append("second")

    thread = threading.Thread(target=second)
    with compiling.one_at_a_time():
        thread.start()
        assert waiting.wait(60) and not done
        done.append("first")
    thread.join()
    assert done == ["first", "second"] and said == ["thuis: another process is compiling; waiting for it"]


@pytest.mark.parametrize("part", [slice(100), slice(0), slice(70, None)])
def test_a_damaged_file_is_made_again(tmp_path: Path, part: slice) -> None:
    first = python(USE, XDG_CACHE_HOME=str(tmp_path))
    for path in kept(tmp_path):
        path.write_bytes(path.read_bytes()[part])
    again = python(USE, XDG_CACHE_HOME=str(tmp_path))
    assert again.stdout == first.stdout and "compiling" in again.stderr
    assert python(USE, XDG_CACHE_HOME=str(tmp_path)).stderr == ""


def test_a_folder_in_which_others_can_write_is_not_trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    fresh = cache_folder("fresh")
    assert fresh == tmp_path / "thuis" / "fresh" and not fresh.stat().st_mode & (stat.S_IWOTH | stat.S_IWGRP)
    laid = tmp_path / "thuis" / "laid"
    laid.mkdir()
    laid.chmod(0o777)
    second = cache_folder("laid")
    assert second.is_relative_to(tmp_path / "temporary") and second.name == "laid"
    second.parent.chmod(0o777)
    cache_folder.cache_clear()
    monkeypatch.setattr("tempfile.mkdtemp", lambda prefix: str(tmp_path / "own"))
    assert cache_folder("laid") == tmp_path / "own"


def test_rules_run_without_a_compiler() -> None:
    """Mutants and coverage of the rules (`tests/tools/mutants.py`) need their own lines to run."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    command += ["tests/sim/test_rules.py", "-k", "average"]
    environment = os.environ | {"NUMBA_DISABLE_JIT": "1"}
    done = subprocess.run(command, cwd=REPOSITORY, env=environment, text=True, capture_output=True, timeout=120)
    assert done.returncode == 0 and "2 passed" in done.stdout, done.stdout + done.stderr
