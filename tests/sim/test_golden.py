"""The golden digests in settings that need no compiling; `tests/tools/golden_settings.py` has those that do."""

import json

import pytest

from tests.tools import golden, golden_settings

pytestmark = pytest.mark.timeout(1800)  # each setting is a process of its own, and the first of them may compile


@pytest.mark.parametrize("setting", ["one thread", "stopped and gone on", "locale with decimal comma"])
def test_digests_are_the_golden_ones(setting: str) -> None:
    good, line = golden_settings.check(setting)
    assert good, line
    if "skipped" in line:
        pytest.skip(line)


def test_a_digest_that_differs_is_named() -> None:
    """The comparison itself: another digest, and a configuration that is missing."""
    found = json.loads(golden.DIGESTS.read_text())
    assert golden.differences(found) == [] and found.keys() == golden.CONFIGURATIONS.keys()
    found["own table"]["state"] = "0" * 64
    del found["agents driver"]
    lines = golden.differences(found)
    assert len(lines) == 3 and "own table, state: 0000000000000000 is not the golden" in "".join(lines)


def test_configurations_differ() -> None:
    """Seven states and seven sets of tables; a parameter, and people who move between the towns of a table, count."""
    found = json.loads(golden.DIGESTS.read_text()).values()
    assert len({each["state"] for each in found}) == len({each["tables"] for each in found}) == 7
