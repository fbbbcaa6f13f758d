"""Values that may differ between two makings of the same result: time, machine, duration, and folder.

These values are taken over from the stored summary, each only when it is of its kind, before page and report are made
again from it; so every file must come out the same to the byte.
"""

import copy
import math
import re
from collections.abc import Callable, Mapping
from typing import Any

VERSION = re.compile(r"[0-9A-Za-z.+!_-]{1,64}")


def is_whole(value: Any) -> bool:
    """A whole number of 0 or more."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_number(value: Any) -> bool:
    """A number of 0 or more."""
    return is_whole(value) or (isinstance(value, float) and math.isfinite(value) and value >= 0)


def is_version(value: Any) -> bool:
    """A version of a program."""
    return isinstance(value, str) and VERSION.fullmatch(value) is not None


def all_are(kind: Callable[[Any], bool]) -> Callable[[Any], bool]:
    """A mapping with values of a kind."""
    return lambda values: isinstance(values, dict) and all(map(kind, values.values()))


def is_checked(value: Any) -> bool:
    """An option that was checked when the configuration was read."""
    return True


TIME_AND_MACHINE: dict[str, Callable[[Any], bool]] = {
    "seconds": is_number,
    "peak_memory_bytes": is_whole,
    "threads": is_whole,
}
OF_A_RUN = TIME_AND_MACHINE | {
    "seconds_by_part": all_are(is_number),
    "resident_months_per_second": is_whole,
    **dict.fromkeys(
        [
            f"configuration.{key}"
            for key in (
                "threads",
                "out",
                "checkpoint_every",
                "stop_after",
                "resume",
                "start",
                "fresh_start",
                "progress",
            )
        ],
        is_checked,
    ),
}
OF_A_COMPARISON = TIME_AND_MACHINE | {"receipt.python": is_version, "receipt.packages": all_are(is_version)}
"""Of a comparison the configuration is kept whole, for the receipt has its digest."""
CODE_OF_A_RUN = {"version": is_version, "code_digest": is_version}
CODE_OF_A_COMPARISON = {"version": is_version, "receipt.code": is_version, "receipt.design": is_version}


def taken_over(
    fresh: dict[str, Any], stored: dict[str, Any], apart: Mapping[str, Callable[[Any], bool]]
) -> dict[str, Any]:
    """The summary made anew, with the stored values of what may differ where they are what they should be."""
    result = copy.deepcopy(fresh)
    for path, is_right in apart.items():
        *above, last = path.split(".")
        new, old = result, stored
        for key in above:
            new, old = new.get(key, {}), old.get(key, {}) if isinstance(old, dict) else {}
        if last in new and isinstance(old, dict) and last in old and is_right(old[last]) and same_form(new, old, last):
            new[last] = old[last]
    return result


def same_form(new: dict[str, Any], old: dict[str, Any], key: str) -> bool:
    """Whether of two mappings at a key both have the same keys; of anything else always."""
    return not isinstance(new[key], dict) or new[key].keys() == old[key].keys()
