"""Eight slots treated at once are treated as one by one."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.machine.arithmetic import compiled
from sim.machine.atomic import atomic_mark
from sim.machine.bitmask import count_bits, set_bits
from sim.machine.slots import SLOTS, move_slots, slots_alike, slots_up_to

NUMBERS = st.integers(0, 2**64 - 1) | st.integers(0, 7) | st.sampled_from([0, 1 << 63])
ROWS = st.lists(NUMBERS, min_size=SLOTS, max_size=SLOTS)
MASKS = st.integers(0, 255)


@compiled
def alike(table, row, bits, wanted):
    """For Python."""
    return slots_alike(table, row, bits, wanted)


@compiled
def up_to(table, row, bits, most):
    """For Python."""
    return slots_up_to(table, row, bits, most)


@compiled
def move(table, source, target, kept, bits):
    """For Python."""
    return move_slots(table, source, target, kept, bits)


@compiled
def mark(marks, at, bits):
    """For Python."""
    atomic_mark(marks, at, bits)


@compiled
def weigh(bits):
    """The sum of 1 more than each position that is set, and how many are."""
    total = 0
    for at in set_bits(np.uint64(bits)):
        total += at + 1
    return total, count_bits(np.int64(bits))


def table_of(row: list[int]) -> np.ndarray:
    """A table whose second row is this one."""
    return np.array([[9] * SLOTS, row, [9] * SLOTS], np.uint64)


@given(ROWS, NUMBERS, NUMBERS)
def test_slots_are_compared_as_one_by_one(row: list[int], bits: int, wanted: int) -> None:
    table, within, number = table_of(row), np.uint64(bits), np.uint64(wanted)
    same = [bool(value) and value & bits == wanted & bits for value in row]
    assert alike(table, 1, within, number) == sum(1 << at for at, yes in enumerate(same) if yes)
    low = [bool(value) and value & bits <= wanted for value in row]
    assert up_to(table, 1, within, number) == sum(1 << at for at, yes in enumerate(low) if yes)


@given(ROWS, MASKS, NUMBERS)
def test_slots_that_are_kept_move_to_the_front(row: list[int], kept: int, bits: int) -> None:
    table = table_of(row)
    left = [value for at, value in enumerate(row) if kept >> at & 1]
    for target, same in ((2, [0, 1]), (1, [0, 2])):
        before = table[same].copy()
        lowest = move(table, 1, target, kept, np.uint64(bits))
        assert table[target].tolist() == left + [0] * (SLOTS - len(left))
        assert int(lowest) == min([value & bits for value in left if value], default=bits)
        assert (table[same] == before).all(), "only the row itself is changed"


@given(MASKS, MASKS)
def test_marks_are_added_and_passed_through(before: int, more: int) -> None:
    marks = np.array([7, before, 7], np.uint8)
    mark(marks, 1, np.uint8(more))
    assert marks.tolist() == [7, before | more, 7]
    total, count = weigh(more)
    assert (total, count) == (sum(at + 1 for at in range(8) if more >> at & 1), more.bit_count())
