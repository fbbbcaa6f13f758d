"""The set-up itself: what is locked, what the wheel would hold."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.tools.paths import REPOSITORY

LOCKS = ["requirements-build.lock", "requirements.lock", "requirements-dev.lock"]


@pytest.mark.parametrize("name", LOCKS)
def test_lock_names_packages_and_hashes_only(name: str) -> None:
    """No index, host, path or option: pip uses whatever index the user's machine is set up with."""
    package = re.compile(r"[A-Za-z0-9._-]+==[A-Za-z0-9.+!]+( ; [^\\/]+)? \\")
    digest = re.compile(r" {4}--hash=sha256:[0-9a-f]{64}( \\)?")
    lines = (REPOSITORY / name).read_text().splitlines()
    odd = [line for line in lines if not (package.fullmatch(line) or digest.fullmatch(line))]
    assert lines and not odd


def test_lock_holds_every_direct_dependency() -> None:
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]
    run = project["dependencies"]
    extra = [each for extras in project["optional-dependencies"].values() for each in extras]
    wanted = {"requirements.lock": run, "requirements-dev.lock": run + extra}
    for lock, requirements in wanted.items():
        locked = set(re.findall(r"^([a-z0-9.-]+)==", (REPOSITORY / lock).read_text(), flags=re.MULTILINE))
        names = {re.match(r"[A-Za-z0-9._-]+", each).group().lower().replace("_", "-") for each in requirements}
        assert names <= locked, f"{lock} lacks {sorted(names - locked)}; run make lock"


def test_every_package_is_in_the_wheel() -> None:
    """Each room is an importable package, and the list in pyproject.toml names them all, and the door."""
    build = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    rooms = build["targets"]["wheel"]["packages"]
    apart = {"tests", "benchmarks", "docs"}
    found = {path.parent.name for path in REPOSITORY.glob("*/__init__.py")} - apart
    assert found | {"thuis.py"} == set(rooms)


def test_what_is_in_the_wheel_can_be_imported_from_elsewhere(tmp_path: Path) -> None:
    """The wheel holds every source file of the rooms with its data, and `import thuis` works from it alone."""
    wheel = pytest.importorskip("hatchling.builders.wheel", reason="hatchling is not installed")
    built = next(wheel.WheelBuilder(str(REPOSITORY)).build(directory=str(tmp_path), versions=["standard"]))
    with zipfile.ZipFile(built) as archive:
        names = set(archive.namelist())
        archive.extractall(tmp_path / "installed")
    rooms = ("sim", "agents", "scenarios", "conf", "experiments", "browser")
    sources = {path.relative_to(REPOSITORY).as_posix() for room in rooms for path in (REPOSITORY / room).rglob("*.py")}
    assert sources | {"thuis.py", "conf/levers.yaml", "experiments/results/phrases.yaml"} <= names
    code = "import thuis; print(thuis.__file__, thuis.levers().height, thuis.run.__name__)"
    environment = {"PYTHONPATH": str(tmp_path / "installed"), "HOME": str(tmp_path), "PATH": ""}
    said = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True)
    assert said.stdout.startswith(str(tmp_path / "installed")) and said.stdout.endswith(" run\n"), said.stderr
