"""Of several runs one that fails does not stop the others."""

from pathlib import Path

import pytest

from experiments.several_runs import run_each
from scenarios.errors import InputError


def test_a_failed_run_is_recorded_and_the_rest_go_on(tmp_path: Path) -> None:
    done = []

    def fails() -> None:
        raise InputError("no room")

    with pytest.raises(InputError, match="1 of 3 runs failed, the others are done; the first: no room"):
        run_each([tmp_path / str(i) for i in range(3)], [lambda: done.append(0), fails, lambda: done.append(2)])
    assert done == [0, 2]
    assert [file.name for file in tmp_path.iterdir()] == ["1.error"]
    assert (tmp_path / "1.error").read_text() == "InputError: no room\n"
