"""Every reader with damaged input: a little of what `tests/tools/campaign.py` tries a great deal of."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tools.mutations import damaged
from tests.tools.readers import READERS, try_reader

SLOW_TO_READ = {"points of a sweep", "checkpoint of a run"}


@pytest.mark.parametrize("name", READERS)
def test_good_examples_are_read(name: str) -> None:
    """A reader that refuses everything would pass every test below."""
    examples = READERS[name].examples()
    assert any(try_reader(READERS[name], example) for example in examples)


@pytest.mark.parametrize("name", READERS)
def test_damage_is_refused_in_one_line(name: str) -> None:
    reader = READERS[name]

    @settings(max_examples=10 if name in SLOW_TO_READ else 60, suppress_health_check=list(HealthCheck))
    @given(st.data())
    def try_one(data: st.DataObject) -> None:
        try_reader(reader, data.draw(damaged(reader.examples(), reader.words)))

    try_one()
