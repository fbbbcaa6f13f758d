"""`region=gouda`: any municipality by name, registered with Hydra as a choice beside those of conf/region."""

import re

from experiments.options.settings import names_in
from experiments.options.words import REGION_SHORT
from scenarios.errors import InputError
from scenarios.regions.names import region_key


def with_municipalities(words: list[str]) -> list[str]:
    """Replace every municipality among the arguments by the name of a choice that Hydra knows.

    Several runs are divided by commas (`region=gouda,urk`), several municipalities of one run stand in a list
    (`region=[gouda,waddinxveen]`). A name that nothing has stays: it may be a file in a folder of the user's own.

    Raises
    ------
    InputError
        For a name that several municipalities have.
    """
    return [as_choice(in_full(word)) for word in words]


def in_full(word: str) -> str:
    """The word with `region.` before an option of a region that was written without it."""
    return f"region.{word}" if word.startswith(tuple(f"{name}=" for name in REGION_SHORT)) else word


def as_choice(word: str) -> str:
    """A word about the region with names of choices; any other word as it is."""
    if not word.startswith("region="):
        return word
    known = names_in("conf.region")
    requested = re.findall(r"\[[^\]]*\]|[^,\[]+", word[7:])
    return "region=" + ",".join(one if one in known else choice_of(one) for one in requested)


def choice_of(name: str) -> str:
    """Make a choice of the municipalities that are meant, and return what Hydra knows it by."""
    from hydra.core.config_store import ConfigStore

    try:
        key = region_key(name)
    except InputError:
        if re.fullmatch(r"[A-Za-z_]\w*", name):
            return name
        raise
    if key not in names_in("conf.region"):
        ConfigStore.instance().store(group="region", name=key, node={"name": key})
    return key
