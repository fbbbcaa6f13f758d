"""Definitions of newcomers, age and working age."""

import numpy as np

from sim.machine.arithmetic import rule

NO_MOTIVE = np.uint8(255)  # of people born here and of returning Dutch
NEWCOMER_MONTHS = 60  # in the country: less makes a newcomer
ADULT_MONTHS = 180  # 15 years: whom surveys ask
SCHOOL_FROM, SCHOOL_UNTIL = 48, 216  # months of age
WORKING_FROM, WORKING_UNTIL = 18, 67  # completed years
OLDEST = 110  # years of age; who is older counts as this old


@rule
def is_newcomer(motive, arrived, month):
    """Came from abroad less than five years ago."""
    # In 16 bits, as months are stored, so that the compiler compares twice as many people at once as in 32.
    return (motive != NO_MOTIVE) & (arrived > np.int16(np.int32(month) - np.int32(NEWCOMER_MONTHS)))


@rule
def has_flag(flags, flag):
    """Whether a flag of a resident is set; compared byte by byte, where `if flags & flag` takes 64 bits a resident."""
    return (flags & flag) == flag


@rule
def age_of(month, born):
    """Age in completed years, 0 to 110."""
    return min(max(np.int64(month) - np.int64(born), 0) // 12, OLDEST)


@rule
def is_of_working_age(age_months):
    """18 to 66 years old."""
    return (age_months >= np.int32(12 * WORKING_FROM)) & (age_months < np.int32(12 * WORKING_UNTIL))
