"""`thuis run`: Hydra composes the configuration, everything is checked, and then the run begins."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from experiments.configuration import Settings, defaults, settings_from

HELP = ("--help", "-h", "help")


def main(argv: Sequence[str]) -> int:
    """Run `thuis run` with these words."""
    words = list(argv)
    if any(word in HELP for word in words):
        from experiments.run_help import run_help

        print(run_help())
        return 0
    check_words(words)
    compose_and_run(words)
    return 0


def check_words(words: list[str]) -> None:
    """Refuse words that Hydra would answer with a page of its own.

    Raises
    ------
    InputError
    """
    from experiments.hydra_errors import check_word

    for word in words:
        check_word(word)


def compose_and_run(words: list[str]) -> None:
    """Let Hydra compose the configuration from conf/ and the words, and run what it describes (several with -m)."""
    import hydra
    from hydra.core.config_store import ConfigStore

    from experiments.hydra_errors import in_one_line

    ConfigStore.instance().store(name="thuis_options", node=defaults())
    errors: list[Exception] = []

    def job(config: Any) -> None:
        if errors:  # of several runs, none after one that failed
            return
        try:
            run_config(config)
        except Exception as error:  # Hydra would print it in its own way
            errors.append(error)

    app = hydra.main(version_base="1.3", config_path="pkg://conf", config_name="config")(job)
    with as_program(["thuis run", *words]):
        try:
            app()
        except Exception as error:
            raise in_one_line(error, words) from error
    if errors:
        raise errors[0]


@contextmanager
def as_program(words: list[str]) -> Iterator[None]:
    """Let Hydra find these words as the program's, and hand its errors to us unprinted."""
    before, full = sys.argv, os.environ.get("HYDRA_FULL_ERROR")
    sys.argv, os.environ["HYDRA_FULL_ERROR"] = words, "1"
    try:
        yield
    finally:
        sys.argv = before
        if full is None:
            del os.environ["HYDRA_FULL_ERROR"]
        else:
            os.environ["HYDRA_FULL_ERROR"] = full


def run_config(config: Any) -> None:
    """Run one composed configuration."""
    from hydra.core.hydra_config import HydraConfig
    from omegaconf import OmegaConf

    settings = settings_from(OmegaConf.to_container(config, resolve=True))  # type: ignore[arg-type]
    composed = HydraConfig.get()
    given = {override.lstrip("+~").split("=")[0] for override in composed.overrides.task}
    given |= {key.split(".")[0] for key in given if not key.startswith("parameters.")}
    several = composed.mode is not None and composed.mode.name == "MULTIRUN"
    folder = place_of(settings, composed.job.num if several else None, composed.runtime.output_dir)
    run_settings(settings, given, folder)


def place_of(settings: Settings, number: int | None, hydra_folder: str) -> Path | None:
    """The folder of the result: as asked, numbered when it is one of several; None where nothing is asked."""
    out = settings.options.out
    if number is None:
        return None if out is None else Path(out)
    return Path(hydra_folder) if out is None else Path(out) / str(number)


def run_settings(settings: Settings, given: set[str], folder: Path | None) -> None:
    """Check everything, simulate, write the result folder and say what came out."""
    began = time.perf_counter()
    from experiments.checkpoints import resumed_settings
    from experiments.job import finish, perform, prepare
    from experiments.progress import progress_of
    from experiments.results import check_target, default_folder, new_result

    if folder is not None:
        check_target(folder)
    if settings.options.resume is not None:
        settings = resumed_settings(settings, given)
    job = prepare(settings)
    folder = folder or default_folder(settings.region["name"])
    checkpoint = folder.with_name(f"{folder.name}.checkpoint")
    with new_result(folder) as hidden:
        try:
            outcome = perform(job, hidden, progress_of(settings.options.progress), checkpoint)
        except KeyboardInterrupt:
            if checkpoint.exists():
                print(f"thuis: go on with resume={checkpoint}", file=sys.stderr)
            raise
        summary = finish(outcome, hidden, began)
    print(closing_lines(summary, folder))


def closing_lines(summary: dict[str, Any], folder: Path) -> str:
    """What is said at the end of a run."""
    end = summary["end"]
    return (
        f"{summary['title']}: {summary['residents']:,} residents, {summary['months']} months in "
        f"{summary['seconds']:.1f} s; belonging {end['belonging']:.3f}, {end['at_home']:.0%} feel at home\n"
        f"read {folder / 'page.html'}"
    )
