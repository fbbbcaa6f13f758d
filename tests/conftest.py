"""What all tests share: no display, no data or starts of the user's, long files first, more time for slow tests."""

import os

os.environ.setdefault("MPLBACKEND", "Agg")
os.environ["THUIS_DATA"] = os.path.join(os.path.dirname(__file__), "no-data")  # nothing that was fetched is at hand
os.environ["THUIS_STARTS_GB"] = "0"  # tests settle their own worlds; test_start_cache.py sets it back

import numpy as np
import pytest
from hypothesis import Phase, settings

if os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0"):
    # For coverage and mutation of the rules' own lines: without a compiler the two intrinsics need a body in Python.
    import sim.machine.arithmetic

    sim.machine.arithmetic.float_from_bits = lambda bits: np.uint32(int(bits) & 0xFFFFFFFF).view(np.float32)
    sim.machine.arithmetic.bits_from_float = lambda value: np.int64(np.float32(value).view(np.uint32))

SLOW_TEST_SECONDS = 1800
# Files that take half a minute or more: begun first, so that at the end no process waits long for another's last file.
LONG_FILES = (
    "test_view_page", "test_notebooks", "test_docs", "test_report", "test_forgeries", "test_view_state", "test_sweep",
    "test_hostile_fields", "test_own_behaviour", "test_compile_cache", "test_sweep_cluster", "test_sensitivity",
    "test_calibrate_study", "test_bench", "test_door", "test_faults", "test_golden", "test_compare", "test_view",
)  # fmt: skip

# The same examples in every run, and no time limit per example: the first one may compile.
settings.register_profile("thuis", deadline=None, derandomize=True)
# For mutants of the rules, which are many: that one is noticed is enough, the smallest example is not asked for.
settings.register_profile(
    "few",
    settings.get_profile("thuis"),
    max_examples=20,
    phases=[Phase.explicit, Phase.generate],
    report_multiple_bugs=False,
)
settings.load_profile(os.environ.get("THUIS_EXAMPLES", "thuis"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Campaigns are long: they run when asked for."""
    parser.addoption("--campaign", action="store_true", help="run the tests marked campaign too")


def pytest_configure(config: pytest.Config) -> None:
    """Hand files to processes in the order in which they are collected, and not by their number of tests."""
    config.option.loadscopereorder = False


def place_of(item: pytest.Item) -> int:
    """Where the file of a test stands in the order of running."""
    return LONG_FILES.index(item.path.stem) if item.path.stem in LONG_FILES else len(LONG_FILES)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave campaigns out unless asked for, run long files first, and give slow tests more time."""
    if config.getoption("numprocesses", None) or hasattr(config, "workerinput"):
        items.sort(key=place_of)
    if not config.getoption("--campaign"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("campaign")])
        items[:] = [item for item in items if not item.get_closest_marker("campaign")]
    for item in items:
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SLOW_TEST_SECONDS))
