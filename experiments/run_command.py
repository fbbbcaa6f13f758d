"""`thuis run`: Hydra composes the configuration, everything is checked, and then the run begins."""

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from experiments.configuration import Settings, defaults, settings_from
from experiments.own_policy import own_policies

if TYPE_CHECKING:
    from experiments.job import Job

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


@dataclass
class Wish:
    """A run that was asked for.

    Attributes
    ----------
    given : set of str
        Keys that stood on the command line.
    """

    settings: Settings
    given: set[str]


def compose_and_run(words: list[str]) -> None:
    """Let Hydra compose what is asked for (several runs with -m), check it all, and then run one after another."""
    wishes = compose(words)
    if len(wishes) == 1:
        run_settings(wishes[0].settings, wishes[0].given)
        return
    try:
        for wish in wishes:
            checked(wish.settings, wish.given)
    except Exception:
        forget([Path(str(wish.settings.options.out)) for wish in wishes])
        raise
    from experiments.several_runs import run_each

    places = [Path(str(wish.settings.options.out)) for wish in wishes]
    run_each(places, [partial(run_settings, wish.settings, wish.given) for wish in wishes])


def compose(words: list[str]) -> list[Wish]:
    """The runs that the words ask for, composed by Hydra from conf/; none for `--cfg job` and the like.

    Raises
    ------
    InputError
        In place of Hydra's own errors.
    """
    import hydra
    from hydra.core.config_store import ConfigStore

    from experiments.hydra_errors import in_one_line

    ConfigStore.instance().store(name="thuis_options", node=defaults())
    wishes: list[Wish] = []
    errors: list[Exception] = []
    folders: list[Path] = []

    def collect(config: Any) -> None:
        try:
            folders.extend(folders_of_several())
            wishes.append(wish_of(config))
        except Exception as error:  # Hydra would print it in its own way
            errors.append(error)

    app = hydra.main(version_base="1.3", config_path="pkg://conf", config_name="config")(collect)
    with own_policies(words) as known, as_program(["thuis run", *known, *sweep_folder(words)]):
        try:
            app()
        except Exception as error:
            raise in_one_line(error, words) from error
    if errors:
        forget(folders)
        raise errors[0]
    return wishes


def sweep_folder(words: list[str]) -> list[str]:
    """Where Hydra notes what several runs were: in their common folder."""
    several = "-m" in words or "--multirun" in words
    folders = [word for word in words if word.startswith("out=") and "," not in word]
    return [f"hydra.sweep.dir={folders[-1][4:]}"] if several and folders else []


def forget(folders: list[Path]) -> None:
    """Remove the empty folders, and the note in their common one, that Hydra made for runs that will not be."""
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()
    for common in {folder.parent for folder in folders}:
        if [path.name for path in common.iterdir()] == ["multirun.yaml"]:
            (common / "multirun.yaml").unlink()
            common.rmdir()
            if common.parent == Path("out").absolute() and not any(common.parent.iterdir()):
                common.parent.rmdir()


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


def wish_of(config: Any) -> Wish:
    """What one composed configuration asks for; one of several runs has a numbered folder."""
    from hydra.core.hydra_config import HydraConfig
    from omegaconf import OmegaConf

    settings = settings_from(OmegaConf.to_container(config, resolve=True))  # type: ignore[arg-type]
    composed = HydraConfig.get()
    given = {override.lstrip("+~").split("=")[0] for override in composed.overrides.task}
    given |= {key.split(".")[0] for key in given if not key.startswith("parameters.")}
    for folder in folders_of_several():
        settings = replace(settings, options=replace(settings.options, out=str(folder)))
    return Wish(settings, given)


def folders_of_several() -> list[Path]:
    """The numbered folder that Hydra made for this run when it is one of several; none for a single run."""
    from hydra.core.hydra_config import HydraConfig

    composed = HydraConfig.get()
    several = composed.mode is not None and composed.mode.name == "MULTIRUN"
    return [Path(composed.runtime.output_dir)] if several else []


def checked(settings: Settings, given: set[str]) -> "Job":
    """Everything checked that can be before a simulation begins."""
    from experiments.checkpoints import resumed_settings
    from experiments.job import prepare

    return prepare(settings if settings.options.resume is None else resumed_settings(settings, given))


def run_settings(settings: Settings, given: set[str]) -> None:
    """Check everything, simulate, write the result folder and say what came out."""
    began = time.perf_counter()
    from experiments.job import finish, perform
    from experiments.progress import progress_of
    from experiments.results import default_folder, new_result

    job = checked(settings, given)
    options = job.settings.options
    folder = default_folder(job.settings.region["name"]) if options.out is None else Path(options.out)
    checkpoint = folder.with_name(f"{folder.name}.checkpoint")
    with new_result(folder) as hidden:
        try:
            outcome = perform(job, hidden, progress_of(options.progress), checkpoint)
        except KeyboardInterrupt:
            if options.checkpoint_every and checkpoint.exists():
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
