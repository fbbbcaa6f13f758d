"""Faults put into running commands: survived, or refused in one line with nothing half done and nothing older lost."""

import random
from pathlib import Path

import faults
import pytest


@pytest.mark.slow
@pytest.mark.parametrize("name", faults.FAULTS)
def test_fault_is_survived_or_refused(name: str, tmp_path: Path) -> None:
    assert faults.FAULTS[name].inject(tmp_path, random.Random(name))
