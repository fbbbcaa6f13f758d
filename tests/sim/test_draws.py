"""Philox against its published known answers, and what is made of its words."""

import numba
import numpy as np
import pytest

from sim.machine.draws import bell, draw, gumbel, philox, pick, seed_key, uniform

# kat_vectors of the Random123 distribution (Salmon et al. 2011), lines "philox4x32 10": counter, key, answer.
KNOWN_ANSWERS = [
    ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
]
COUNT = 1 << 19


def words_of(text: str) -> list[np.uint64]:
    return [np.uint64(int(word, 16)) for word in text.split()]


@pytest.mark.parametrize(("counter", "key", "answer"), KNOWN_ANSWERS)
def test_philox_gives_the_published_answers(counter: str, key: str, answer: str) -> None:
    assert [int(word) for word in philox(*words_of(counter), *words_of(key))] == [int(w) for w in words_of(answer)]


def test_a_draw_is_philox_of_who_when_what_for_and_seed() -> None:
    serial, seed = np.uint64(0x123456789ABCDEF0), np.uint64(0x0FEDCBA987654321)
    for month in (-60, 0, 119):
        counter = (0x9ABCDEF0, 0x12345678, month + 32768, 7)
        key = (0x87654321, 0x0FEDCBA9)
        assert draw(seed, serial, month, 7) == philox(*(np.uint64(word) for word in (*counter, *key)))


@numba.njit
def many(seed, month, count):
    """Rows of uniform, bell and gumbel numbers of serials 1 to count, and picks from 7."""
    numbers = np.empty((4, count), np.float64)
    for n in range(count):
        a, b, c, d = draw(seed, np.uint64(n + 1), month, 0)
        numbers[0, n], numbers[1, n], numbers[2, n] = uniform(a), bell(b), gumbel(c)
        numbers[3, n] = pick(d, 7)
    return numbers


@pytest.fixture(scope="module")
def numbers() -> np.ndarray:
    return many(seed_key(1), 0, COUNT)


def test_moments_of_the_numbers_drawn(numbers: np.ndarray) -> None:
    """Five standard errors of the mean; variance and kurtosis to one per cent."""
    u, z, g, seventh = numbers
    for sample, mean, variance in ((u, 1 / 2, 1 / 12), (z, 0, 1), (g, np.euler_gamma, np.pi**2 / 6)):
        assert sample.mean() == pytest.approx(mean, abs=5 * np.sqrt(variance / COUNT))
        assert sample.var() == pytest.approx(variance, rel=0.01)
    assert (z**4).mean() == pytest.approx(2.7, rel=0.01)
    assert np.mean(g < 0) == pytest.approx(np.exp(-1), abs=0.004)  # F(0) = exp(-exp(0))
    assert np.bincount(seventh.astype(int)) / COUNT == pytest.approx(1 / 7, abs=0.003)


def test_draws_next_to_each_other_are_unrelated(numbers: np.ndarray) -> None:
    """Neighbouring serials, months, purposes and seeds, and the four words of one draw."""
    u = numbers[0]
    assert abs(np.corrcoef(u[1:], u[:-1])[0, 1]) < 0.007
    for other in (many(seed_key(1), 1, COUNT), many(seed_key(2), 0, COUNT)):
        assert abs(np.corrcoef(u, other[0])[0, 1]) < 0.007
    assert np.abs(np.corrcoef(numbers) - np.eye(4)).max() < 0.007


def test_extreme_words_stay_in_range() -> None:
    low, high = np.uint64(0), np.uint64(0xFFFFFFFF)
    assert uniform(low) == 0 and uniform(np.uint64(255)) == 0 and uniform(np.uint64(256)) == np.float32(2**-24)
    assert uniform(high) == np.float32(1 - 2**-24) < 1
    widest = 510 / np.sqrt((256**2 - 1) / 3)
    assert bell(low) == pytest.approx(-widest) and bell(high) == pytest.approx(widest)
    # The lowest and highest of 2^24 (or 2^23) numbers: no Gumbel draw may decide a choice whatever the utilities are.
    assert -3.0 < gumbel(low) < -2.7 and 15 < gumbel(high) < 18
    assert pick(low, 5) == 0 and pick(high, 5) == 4 and pick(np.uint64(1 << 31), 4) == 2


def test_seeds_next_to_each_other_have_keys_far_apart() -> None:
    seeds = [*range(2000), *(base + n for base in (2**32 - 1, 2**40, 2**63 - 10) for n in range(5))]
    keys = np.array([seed_key(seed) for seed in seeds])
    assert keys.dtype == np.uint64 and len(np.unique(keys)) == len(seeds)
    flipped = np.bitwise_count(keys[1:2000] ^ keys[:1999])
    assert flipped.mean() == pytest.approx(32, abs=0.5) and flipped.min() > 8
