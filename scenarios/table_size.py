"""How many municipalities and origin groups a table may have: what would not be ready in minutes is refused at once."""

from scenarios.errors import InputError

MOST_GROUPS = 64
MOST_FLOWS = 100_000_000
"""Moves from each municipality to each other, by origin group: balancing them (`scenarios.gravity`) takes 0.5 to 1
microsecond each, so a minute or two at most, and `BYTES_PER_FLOW` of memory."""
BYTES_PER_FLOW = 50


def check_size(source: str, municipalities: int, groups: int) -> None:
    """Refuse a table whose municipalities or groups are too many to simulate.

    Raises
    ------
    InputError
        It says how many are allowed, or how much memory is needed.
    """
    if groups > MOST_GROUPS:
        raise InputError(f"{source}: {groups} origin groups (allowed: at most {MOST_GROUPS})")
    flows = municipalities**2 * groups
    if flows > MOST_FLOWS:
        most = int((MOST_FLOWS / groups) ** 0.5)
        raise InputError(
            f"{source}: {municipalities:,} municipalities, between which people of {groups} groups move (allowed: at "
            f"most {most:,} with so many groups; areas without a column municipality are one municipality)"
        )
    if flows > MOST_FLOWS // 10:
        check_memory_for(source, municipalities, flows)


def check_memory_for(source: str, municipalities: int, flows: int) -> None:
    """Refuse flows that do not fit in memory."""
    import psutil

    needed, available = flows * BYTES_PER_FLOW, psutil.virtual_memory().available
    if needed > available:
        raise InputError(
            f"{source}: moves between {municipalities:,} municipalities need {needed / 2**30:.1f} GiB of memory and "
            f"{available / 2**30:.1f} GiB is free; choose fewer"
        )
