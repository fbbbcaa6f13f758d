"""Runs that need Hydra (several runs, its own keys): it composes the configuration of conf/ for `thuis run`."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from experiments.options.municipalities import with_municipalities
from experiments.options.own_policy import own_policies
from experiments.options.parameter_file import with_parameter_file
from experiments.options.settings import RunRequest, defaults, settings_from


def compose(words: list[str]) -> list[RunRequest]:
    """The runs that the words ask of Hydra's application, one or with -m several; none for `--cfg job` and the like.

    Raises
    ------
    InputError
        In place of Hydra's own errors.
    """
    from experiments.options.hydra_errors import check_word, in_one_line

    for word in words:
        check_word(word)
    with own_policies(with_municipalities(with_parameter_file(words))) as known:
        try:
            return run_application(known)
        except Exception as error:
            raise in_one_line(error, words) from error


def register_options() -> None:
    """Let Hydra know the options and their defaults, under the name that conf/config.yaml has for them."""
    from hydra.core.config_store import ConfigStore

    ConfigStore.instance().store(name="thuis_options", node=defaults())


def run_application(words: list[str]) -> list[RunRequest]:
    """The runs that Hydra's application asks for."""
    import hydra

    register_options()
    requests: list[RunRequest] = []
    errors: list[Exception] = []
    folders: list[Path] = []

    def collect(config: Any) -> None:
        try:
            folders.extend(folders_of_several())
            requests.append(request_of_job(config))
        except Exception as error:  # Hydra would print it in its own way
            errors.append(error)

    app = hydra.main(version_base="1.3", config_path="pkg://conf", config_name="config")(collect)
    with as_program(["thuis run", *words, *sweep_folder(words)]):
        app()
    if errors:
        forget(folders)
        raise errors[0]
    return requests


def sweep_folder(words: list[str]) -> list[str]:
    """Where Hydra notes what several runs were: in their common folder."""
    folders = [word for word in words if word.startswith("out=") and "," not in word]
    several = "-m" in words or "--multirun" in words
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
    """Pass these arguments to Hydra, and return its errors unprinted."""
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


def request_of(config: Any, overrides: list[str]) -> RunRequest:
    """What one composed configuration asks for, and which keys these overrides gave."""
    from omegaconf import OmegaConf, open_dict

    with open_dict(config):
        config.pop("hydra", None)
    settings = settings_from(OmegaConf.to_container(config, resolve=True))  # type: ignore[arg-type]
    given = {override.lstrip("+~").split("=")[0] for override in overrides}
    given |= {key.split(".")[0] for key in given if not key.startswith("parameters.")}
    return RunRequest(settings, given)


def request_of_job(config: Any) -> RunRequest:
    """What the configuration of a job of Hydra's application asks for; one of several has its numbered folder."""
    from hydra.core.hydra_config import HydraConfig

    request = request_of(config, list(HydraConfig.get().overrides.task))
    for folder in folders_of_several():
        settings = request.settings
        request.settings = replace(settings, options=replace(settings.options, out=str(folder)))
    return request


def folders_of_several() -> list[Path]:
    """The numbered folder that Hydra made for this run when it is one of several; none for a single run."""
    from hydra.core.hydra_config import HydraConfig

    composed = HydraConfig.get()
    several = composed.mode is not None and composed.mode.name == "MULTIRUN"
    return [Path(composed.runtime.output_dir)] if several else []
