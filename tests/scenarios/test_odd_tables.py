"""Odd and wrong tables: each read as it was meant and said so, or refused by one line; nothing passes in silence."""

import re

import pytest

from tests.tools.odd_table_cases import CASES
from tests.tools.odd_tables import PAGE, Odd, measure, page


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_an_odd_table_is_read_as_meant_or_refused(case: Odd) -> None:
    said = measure(case)
    assert said.residents == case.right, said.lines
    assert any(re.search(case.says, line) for line in said.lines), said.lines
    assert not any("\n" in line for line in said.lines)


def test_the_page_of_odd_tables_is_true() -> None:
    assert len({case.name for case in CASES}) == len(CASES) >= 40
    assert PAGE.read_text(encoding="utf-8") == page()
