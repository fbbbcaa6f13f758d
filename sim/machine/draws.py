"""Random draws keyed by who, when and what for: Philox4x32-10.

A draw is a function of (seed, serial, month, purpose) and of nothing else (Salmon, Moraes, Dror & Shaw 2011,
"Parallel random numbers: as easy as 1, 2, 3"). So the order of agents, the number of threads and the driver cannot
change it, and two policies run with one seed share every draw that the policy does not touch (common random numbers).
"""

from functools import lru_cache

import numpy as np

from sim.machine.arithmetic import logarithm, rule

MULTIPLIER_0, MULTIPLIER_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
WEYL_0, WEYL_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
LOW_WORD, WORD = np.uint64(0xFFFFFFFF), np.uint64(32)

# What a draw is for. A seed gives the same run only as long as these numbers keep their meaning: never re-use one.
MONTHLY, TIE_PARTNER, TIE_KEPT, MOVING, CHOICE, ARRIVAL_COUNT, PERSON, PERSON_MORE, RESIDENCE = range(9)
START_TIES, HOUSE_LOTTERY, PARAMETERS, EXTRA_CHOICE, VACANCY_START = range(9, 14)
TIE_CHOSEN, HOUSEHOLD, MATE, HOUSEMATE_SEARCH = range(14, 18)
EXTRA_PROBES = 64  # purposes 64.. are the further blocks of a search for a partner, 128.. of a choice of home

FIRST_MONTH = np.int64(32768)  # months before the start are negative; the counter word is not
UNIT = np.float32(2.0**-24)
ODD_UNIT = np.float32(2.0**-23)
BYTE_MEAN = np.float32(510.0)
BYTE_SCALE = np.float32(1.0 / np.sqrt((256.0**2 - 1.0) / 3.0))


@rule
def philox_round(counter_0, counter_1, counter_2, counter_3, key_0, key_1):
    """One of the ten rounds."""
    product_0 = MULTIPLIER_0 * counter_0
    product_1 = MULTIPLIER_1 * counter_2
    return (
        (product_1 >> WORD) ^ counter_1 ^ key_0,
        product_1 & LOW_WORD,
        (product_0 >> WORD) ^ counter_3 ^ key_1,
        product_0 & LOW_WORD,
    )


@rule
def next_key(key, weyl):
    """The key of the next round."""
    return (key + weyl) & LOW_WORD


@rule
def philox(a, b, c, d, key_0, key_1):
    """Four random 32-bit words (as 64-bit integers) of a counter of four words and a key of two.

    The rounds are written out, so that the compiler can draw for many people at once.
    """
    a, b, c, d = philox_round(a, b, c, d, key_0, key_1)
    key_0, key_1 = next_key(key_0, WEYL_0), next_key(key_1, WEYL_1)
    a, b, c, d = philox_round(a, b, c, d, key_0, key_1)
    key_0, key_1 = next_key(key_0, WEYL_0), next_key(key_1, WEYL_1)
    a, b, c, d = philox_round(a, b, c, d, key_0, key_1)
    key_0, key_1 = next_key(key_0, WEYL_0), next_key(key_1, WEYL_1)
    a, b, c, d = philox_round(a, b, c, d, key_0, key_1)
    key_0, key_1 = next_key(key_0, WEYL_0), next_key(key_1, WEYL_1)
    a, b, c, d = philox_round(a, b, c, d, key_0, key_1)
    key_0, key_1 = next_key(key_0, WEYL_0), next_key(key_1, WEYL_1)
    a, b, c, d = philox_round(a, b, c, d, key_0, key_1)
    key_0, key_1 = next_key(key_0, WEYL_0), next_key(key_1, WEYL_1)
    a, b, c, d = philox_round(a, b, c, d, key_0, key_1)
    key_0, key_1 = next_key(key_0, WEYL_0), next_key(key_1, WEYL_1)
    a, b, c, d = philox_round(a, b, c, d, key_0, key_1)
    key_0, key_1 = next_key(key_0, WEYL_0), next_key(key_1, WEYL_1)
    a, b, c, d = philox_round(a, b, c, d, key_0, key_1)
    key_0, key_1 = next_key(key_0, WEYL_0), next_key(key_1, WEYL_1)
    return philox_round(a, b, c, d, key_0, key_1)


def plain_philox(*words: np.ndarray) -> tuple[np.ndarray, ...]:
    """`philox` for Python, without the compiler: four words of a counter and two of a key, each uint64 [N]."""
    a, b, c, d, *key = words
    for turn in range(10):
        product_0, product_1 = MULTIPLIER_0 * a, MULTIPLIER_1 * c
        a, b, c, d = (
            (product_1 >> WORD) ^ b ^ key[0],
            product_1 & LOW_WORD,
            (product_0 >> WORD) ^ d ^ key[1],
            product_0 & LOW_WORD,
        )
        if turn < 9:
            key = [(key[0] + WEYL_0) & LOW_WORD, (key[1] + WEYL_1) & LOW_WORD]
    return a, b, c, d


@rule
def draw(seed, serial, month, purpose):
    """The four words drawn by one serial in one month for one purpose.

    Parameters
    ----------
    seed, serial : uint64
    month : int, from -32768 to 2^31
    purpose : int, one of the purposes above
    """
    return philox(
        serial & LOW_WORD,
        serial >> WORD,
        np.uint64(np.int64(month) + FIRST_MONTH),
        np.uint64(purpose),
        seed & LOW_WORD,
        seed >> WORD,
    )


@rule
def uniform(word):
    """A number in [0, 1) with 24 random bits."""
    return np.float32(np.int32(word >> np.uint64(8))) * UNIT


@rule
def gumbel(word):
    """Standard Gumbel noise, for choices by multinomial logit; between -2.8 and 16.7.

    The uniform number is an odd multiple of 2^-24: never 0 and never rounded to 1, where no logarithm is.
    """
    return -logarithm(-logarithm(np.float32(np.int32(word >> np.uint64(9))) * ODD_UNIT + UNIT))


@rule
def bell(word):
    """Near-normal noise: the standardised sum of the word's four bytes.

    Mean 0, variance 1, kurtosis 2.7, within +-3.5. One word is enough where only mean and variance matter, and the
    sum of integers is exact.
    """
    byte = np.uint64(255)
    total = (word & byte) + ((word >> np.uint64(8)) & byte) + ((word >> np.uint64(16)) & byte) + (word >> np.uint64(24))
    return (np.float32(np.int32(total)) - BYTE_MEAN) * BYTE_SCALE


@rule
def pick(word, count):
    """A whole number from 0 to count - 1; the bias of the multiply-and-shift method is below count / 2^32."""
    return np.int64((word * np.uint64(count)) >> WORD)


@lru_cache(64)
def seed_key(seed: int) -> np.uint64:
    """Key of a run. Seeds are hashed, never added to, so neighbouring seeds share no stream.

    Parameters
    ----------
    seed : int
        0 to 2^63 - 1.
    """
    counter = (seed & 0xFFFFFFFF, seed >> 32, 0x5448, 0x5549, 0x53, 0)
    words = plain_philox(*(np.array([word], np.uint64) for word in counter))  # arrays wrap round without a warning
    return np.uint64((int(words[0][0]) << 32) | int(words[1][0]))
