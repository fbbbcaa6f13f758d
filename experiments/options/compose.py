"""From the words of `thuis run` to settings: Hydra composes the configuration from conf/."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from experiments.options.municipalities import with_municipalities
from experiments.options.own_policy import own_policies
from experiments.options.settings import Settings, defaults, settings_from


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


def compose(words: list[str]) -> list[Wish]:
    """The runs that the words ask for, composed by Hydra from conf/; none for `--cfg job` and the like.

    Raises
    ------
    InputError
        In place of Hydra's own errors.
    """
    from hydra.core.config_store import ConfigStore

    from experiments.options.hydra_errors import in_one_line

    ConfigStore.instance().store(name="thuis_options", node=defaults())
    with own_policies(with_municipalities(words)) as known:
        try:
            return compose_one(known) if only_values(known) else compose_by_hydra(known)
        except Exception as error:
            raise in_one_line(error, words) from error


def only_values(words: list[str]) -> bool:
    """Whether the words are values of one run and nothing that asks more of Hydra: no flag, no `hydra.` key but our
    own search path, no reference to another value."""
    plain = (word for word in words if not word.startswith("hydra.searchpath="))
    return not any(word.startswith("-") or "hydra" in word or "${" in word for word in plain)


def compose_one(words: list[str]) -> list[Wish]:
    """One run, by the part of Hydra that only composes: half the time of an application, which composes twice."""
    from hydra import compose as compose_values
    from hydra import initialize_config_module

    with initialize_config_module("conf", job_name="thuis", version_base="1.3"):
        config = compose_values("config", words, return_hydra_config=True)
    return [wish_of(config, list(config.hydra.overrides.task))]


def compose_by_hydra(words: list[str]) -> list[Wish]:
    """The runs that Hydra's application asks for, one or with -m several; none for `--cfg job` and the like."""
    import hydra

    wishes: list[Wish] = []
    errors: list[Exception] = []
    folders: list[Path] = []

    def collect(config: Any) -> None:
        try:
            folders.extend(folders_of_several())
            wishes.append(wish_of_job(config))
        except Exception as error:  # Hydra would print it in its own way
            errors.append(error)

    app = hydra.main(version_base="1.3", config_path="pkg://conf", config_name="config")(collect)
    with as_program(["thuis run", *words, *sweep_folder(words)]):
        app()
    if errors:
        forget(folders)
        raise errors[0]
    return wishes


def sweep_folder(words: list[str]) -> list[str]:
    """Where Hydra notes what several runs were: in their common folder."""
    folders = [word for word in words if word.startswith("out=") and "," not in word]
    return [f"hydra.sweep.dir={folders[-1][4:]}"] if is_several(words) and folders else []


def is_several(words: list[str]) -> bool:
    """Whether the words ask for several runs."""
    return "-m" in words or "--multirun" in words


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


def wish_of(config: Any, overrides: list[str]) -> Wish:
    """What one composed configuration asks for, and which keys these overrides gave."""
    from omegaconf import OmegaConf, open_dict

    with open_dict(config):
        config.pop("hydra", None)
    settings = settings_from(OmegaConf.to_container(config, resolve=True))  # type: ignore[arg-type]
    given = {override.lstrip("+~").split("=")[0] for override in overrides}
    given |= {key.split(".")[0] for key in given if not key.startswith("parameters.")}
    return Wish(settings, given)


def wish_of_job(config: Any) -> Wish:
    """What the configuration of a job of Hydra's application asks for; one of several has its numbered folder."""
    from hydra.core.hydra_config import HydraConfig

    wish = wish_of(config, list(HydraConfig.get().overrides.task))
    for folder in folders_of_several():
        wish.settings = replace(wish.settings, options=replace(wish.settings.options, out=str(folder)))
    return wish


def folders_of_several() -> list[Path]:
    """The numbered folder that Hydra made for this run when it is one of several; none for a single run."""
    from hydra.core.hydra_config import HydraConfig

    composed = HydraConfig.get()
    several = composed.mode is not None and composed.mode.name == "MULTIRUN"
    return [Path(composed.runtime.output_dir)] if several else []
