"""Every reader with damaged input: a little of what `tests/tools/campaign.py` tries a great deal of."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from experiments.options.imported import imported
from tests.tools.mutations import damaged
from tests.tools.odd_campaign import campaign
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


def test_odd_inputs_made_by_rule_are_clean() -> None:
    """A few of the kinds that cost little; `python -m tests.tools.odd_campaign` tries hundreds of every kind."""
    found = campaign(36, 7, ["a parameter", "a lever", "a factor", "words"])
    assert [one for one in found if one.wrong] == [] and sum(one.code == 2 for one in found) > 25


def test_a_file_of_ones_own_is_read_again_once_it_has_changed(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    for value in (1, 2):
        path.write_text(f"VALUE = {value}\n")
        assert imported(f"{path}:VALUE", "reporter") == value
