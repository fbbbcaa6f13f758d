"""What all tests share: a modest number of threads, no display, longer time for slow tests."""

import os

# Before Numba is first imported. Four can be asked for by tests of "any number of threads gives the same result";
# the others use two, so that a busy machine stays usable.
os.environ.setdefault("NUMBA_NUM_THREADS", "4")
os.environ.setdefault("MPLBACKEND", "Agg")
os.environ["THUIS_DATA"] = os.path.join(os.path.dirname(__file__), "no-data")  # nothing that was fetched is at hand
os.environ["THUIS_STARTS_GB"] = "0"  # tests settle their own worlds; test_start_cache.py sets it back

import numba
import numpy as np
import pytest
from hypothesis import Phase, settings

if numba.config.DISABLE_JIT:
    # For coverage and mutation of the rules' own lines: without a compiler the two intrinsics need a body in Python.
    import sim.machine.arithmetic

    sim.machine.arithmetic.float_from_bits = lambda bits: np.uint32(int(bits) & 0xFFFFFFFF).view(np.float32)
    sim.machine.arithmetic.bits_from_float = lambda value: np.int64(np.float32(value).view(np.uint32))

SLOW_TEST_SECONDS = 1800

# The same examples in every run, and no time limit per example: the first one may compile.
settings.register_profile("thuis", deadline=None, derandomize=True)
# For mutants of the rules, which are many: that one is noticed is enough, the smallest example is not asked for.
settings.register_profile("few", settings.get_profile("thuis"), max_examples=20,
                          phases=[Phase.explicit, Phase.generate], report_multiple_bugs=False)  # fmt: skip
settings.load_profile(os.environ.get("THUIS_EXAMPLES", "thuis"))


def pytest_addoption(parser: pytest.Parser) -> None:
    """Campaigns are long: they run when asked for."""
    parser.addoption("--campaign", action="store_true", help="run the tests marked campaign too")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave campaigns out unless asked for, and give slow tests more time unless they name their own."""
    if not config.getoption("--campaign"):
        config.hook.pytest_deselected(items=[item for item in items if item.get_closest_marker("campaign")])
        items[:] = [item for item in items if not item.get_closest_marker("campaign")]
    for item in items:
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(SLOW_TEST_SECONDS))


@pytest.fixture(autouse=True)
def two_threads() -> None:
    """Start every test with two threads, whatever the last one chose."""
    numba.set_num_threads(min(2, numba.config.NUMBA_NUM_THREADS))
