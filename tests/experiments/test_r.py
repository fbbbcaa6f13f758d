"""The R program of the documentation runs, with the R that is here, and prints what the page says."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.tools.paths import REPOSITORY

PAGE = REPOSITORY / "docs" / "r.md"


def has_r() -> bool:
    """Whether there is an R with the one package that the page needs."""
    asked = ["Rscript", "-e", "quit(status = !requireNamespace('jsonlite', quietly = TRUE))"]
    return (
        shutil.which("Rscript") is not None and subprocess.run(asked, capture_output=True, check=False).returncode == 0
    )


@pytest.mark.slow
@pytest.mark.skipif(not has_r(), reason="no R with the package jsonlite here")
def test_the_program_of_the_page_prints_what_the_page_says(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    (program,) = re.findall(r"```r\n(.*?)```", text, re.S)
    (printed,) = re.findall(r"```text\n(.*?)```", text, re.S)
    (tmp_path / "try.R").write_text(program)
    (tmp_path / "thuis").write_text(f'#!/bin/sh\nexec {sys.executable} -m experiments "$@"\n')
    (tmp_path / "thuis").chmod(0o755)
    setting = os.environ | {
        "PATH": f"{tmp_path}:{os.environ['PATH']}",
        "PYTHONPATH": str(REPOSITORY),
        "MPLBACKEND": "Agg",
    }
    done = subprocess.run(["Rscript", "try.R"], cwd=tmp_path, env=setting, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    for line in filter(str.strip, printed.splitlines()):
        assert line.rstrip() in done.stdout, line
