"""The set-up itself: what is locked, what the wheel would hold."""

import re
import tomllib

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
    """Each room is an importable package, and the list in pyproject.toml names them all."""
    build = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    rooms = build["targets"]["wheel"]["packages"]
    apart = {"tests", "benchmarks", "docs"}
    found = {path.parent.name for path in REPOSITORY.glob("*/__init__.py")} - apart
    assert found == set(rooms)
