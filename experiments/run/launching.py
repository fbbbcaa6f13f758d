"""`thuis run -m hydra/launcher=NAME`: several runs at once, launched by Hydra on this machine or a cluster."""

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiments.options.settings import names_in
from experiments.run.several_runs import error_file, failure_of, report_failures, run_noting_error
from scenarios.errors import InputError, StoppedError, close_matches

BASIC = "basic"  # Hydra's own launcher: one run after another in this process
INSTALL = "pip install 'thuis[cluster]'"


def launcher_of(words: Sequence[str]) -> str:
    """The launcher that the words ask for.

    Raises
    ------
    InputError
        There is no such launcher, or what it needs is not installed.
    """
    named = [word.partition("=")[2] for word in words if re.match(r"\+?hydra/launcher=", word)]
    if not named or named[-1] == BASIC:
        return BASIC
    known = [BASIC, *names_in("conf.hydra.launcher")]
    own = any(word.startswith("--config-dir") for word in words)  # Hydra will say when it is not there either
    if named[-1] not in known and not own:
        near = close_matches(named[-1], known)
        raise InputError(f"unknown hydra/launcher '{named[-1]}'{near} (allowed: {', '.join(known)})")
    return named[-1]


def without_launcher(words: Sequence[str]) -> list[str]:
    """The arguments without those for the launcher."""
    return [word for word in words if not re.match(r"[+~]*hydra[/.]launcher\b", word)]


def run_composed(config: Any) -> None:
    """What a launcher runs in a separate process: one run on one thread; an error is written to FOLDER.error."""
    from experiments.options.compose import request_of_job
    from experiments.run.single_run import run_settings

    request = request_of_job(config)
    options = request.settings.options
    if "threads" not in request.given:
        options = replace(options, threads=1)
    settings = replace(request.settings, options=replace(options, progress="none"))
    run_noting_error(Path(str(options.out)), lambda: run_settings(settings, request.given))


def launch(words: Sequence[str], folders: Sequence[Path]) -> None:
    """Let Hydra's launcher perform checked runs.

    Parameters
    ----------
    folders : sequence of Path
        The result folder of each run.

    Raises
    ------
    InputError, StoppedError
        The launcher is not installed or cannot start; or some runs failed: how many, and the first error.
    """
    import hydra

    from experiments.options.compose import as_program, register_options

    register_options()
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    for folder in folders:
        error_file(folder).unlink(missing_ok=True)
    app = hydra.main(version_base="1.3", config_path="pkg://conf", config_name="config")(run_composed)
    with as_program(["thuis run", *words]):
        try:
            app()
        except Exception as error:
            raise cannot_launch(error) from error
    report_failures([failure_of(folder) for folder in folders])


def cannot_launch(error: Exception) -> Exception:
    """The error to report when the launcher itself failed."""
    text = " ".join(str(error).split())
    if re.search(r"Could not (find|load) .*hydra/launcher", text) or isinstance(error, ImportError):
        return InputError(f"this launcher is not installed here: {INSTALL}")
    return StoppedError(f"the launcher failed: {text[:300]}")
