"""Looking up eight residents at once gives what indexing gives."""

import numpy as np
import pytest

from sim.machine.table_lookup import AT_ONCE, look_up


@pytest.mark.parametrize("groups", [1, 3, 7, 8, 9, 20])
@pytest.mark.parametrize("residents", [0, 5, 8, 43])
def test_lookup_is_indexing(groups: int, residents: int) -> None:
    rng = np.random.default_rng(groups)
    tables = tuple(rng.random((2, groups), np.float32))
    index = rng.integers(0, groups, residents).astype(np.uint8)
    index[::4] = rng.choice(np.array([groups, 255], np.uint8))  # beyond the table
    outs = tuple(np.full((2, residents + 1), np.float32(-1)))
    look_up(tables, index, np.zeros(2 * AT_ONCE, np.float32), outs)
    for table, out in zip(tables, outs, strict=True):
        expected = np.append(table, np.zeros(256 - groups, np.float32))[index]
        np.testing.assert_array_equal(out, np.append(expected, np.float32(-1)))
