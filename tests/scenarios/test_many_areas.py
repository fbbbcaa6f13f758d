"""Tables of thousands of areas: the nearest are looked up instead of compared with all; too many are refused."""

import numpy as np
import pytest

import scenarios.borders
from scenarios.areas import AreaTable
from scenarios.borders import near_areas
from scenarios.building import keys_of, members_of
from scenarios.errors import InputError
from scenarios.table_size import check_size
from tests.tools.worlds import small_table

AREAS, MUNICIPALITIES = 260, 2


def scattered(kind: str) -> AreaTable:
    """Areas at random or equal positions, some unknown, and borders between some of them."""
    chance = np.random.default_rng(5)
    x, y = chance.uniform(0, 10, (2, AREAS))
    if kind == "on a grid":
        x, y = x.round(), y.round()
    if kind == "at one spot":
        x, y = 0 * x, 0 * y
    if kind == "partly unknown":
        x = np.where(chance.random(AREAS) < 0.3, np.nan, x)
    pairs = {(int(min(i, j)), int(max(i, j))) for i, j in chance.integers(0, AREAS, (AREAS, 2)) if i != j}
    borders = [(i, j, 1.0) for i, j in sorted(pairs)]
    return small_table((60,) * AREAS, municipalities=MUNICIPALITIES, x=x, y=y, neighbours=borders)


@pytest.mark.parametrize("kind", ["at random", "on a grid", "at one spot", "partly unknown"])
def test_looking_the_nearest_up_is_comparing_with_all(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    table = scattered(kind)
    key = keys_of(table.code)
    members = members_of(key, table.municipality, MUNICIPALITIES)
    compared = near_areas(table, *members, key)
    monkeypatch.setattr(scenarios.borders, "FEW", 1)
    looked_up = near_areas(table, *members, key)
    np.testing.assert_array_equal(compared[0], looked_up[0])
    np.testing.assert_array_equal(compared[1], looked_up[1])


def test_too_many_municipalities_or_groups_are_refused_in_one_line() -> None:
    with pytest.raises(InputError, match=r"t: 20,000 municipalities.* at most 7,071 with so many groups"):
        check_size("t", 20_000, 2)
    with pytest.raises(InputError, match=r"t: 65 origin groups \(allowed: at most 64\)"):
        check_size("t", 1, 65)
    check_size("t", 400, 64)
    with pytest.raises(InputError, match="8,000 municipalities"):
        small_table((60,) * 8_000, municipalities=8_000)
