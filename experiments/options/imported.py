"""Functions and classes of the user's own, by name: MODULE:NAME, or FILE.py:NAME; and the digest of their source."""

import hashlib
import importlib
import importlib.util
import os
import sys
from functools import cache
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType
from typing import Any

from scenarios.errors import InputError

OWN_MODULES: set[str] = set()
"""Names of the modules of the user's own that were asked for."""


def imported(name: str, option: str) -> Any:
    """What a name of the user's own stands for.

    Parameters
    ----------
    name : str
        ``my_module:Thing`` or ``folder/my_file.py:Thing``; modules of the folder one is in are found.
    option : str
        What it was given as, for errors.

    Raises
    ------
    InputError
        There is no such file, module or name, or it fails when it is imported.
    """
    folder, _, thing = name.rpartition(":")
    if not folder or not thing:
        raise InputError(f"{option}={name} is not a name in Python; allowed is FILE.py:NAME or MODULE:NAME")
    module = module_of(folder, name, option)
    try:
        return getattr(module, thing)
    except AttributeError as error:
        raise InputError(f"{option}={name}: there is no {thing} in {folder}") from error


def module_of(folder: str, name: str, option: str) -> ModuleType:
    """The module of a file or a dotted name."""
    try:
        return own_file(Path(folder).resolve()) if folder.endswith(".py") else import_dotted(folder)
    except InputError:
        raise
    except (Exception, SystemExit) as error:  # whatever the user's own lines give rise to
        what = " ".join(f"{type(error).__name__}: {error}".split())
        raise InputError(f"{option}={name} cannot be imported: {what[:200]}") from error


def line_in_own(error: BaseException) -> str:
    """Where in the user's own lines an error arose, as FILE, line N, in FUNCTION; empty where it did not."""
    found, at = "", error.__traceback__
    while at is not None:
        code, name = at.tb_frame.f_code, str(at.tb_frame.f_globals.get("__name__", ""))
        if name in OWN_MODULES:
            found = f"{Path(code.co_filename).name}, line {at.tb_lineno}, in {code.co_name}"
        at = at.tb_next
    return found


def import_dotted(name: str) -> ModuleType:
    """A module by its dotted name, of the folder one is in too."""
    OWN_MODULES.add(name)
    if os.getcwd() not in sys.path and "" not in sys.path:
        sys.path.append(os.getcwd())
    return importlib.import_module(name)


def own_file(path: Path) -> ModuleType:
    """A file as a module; run again once it has changed, as in a notebook that is edited."""
    if not path.is_file():
        raise FileNotFoundError(f"there is no file {path}")
    return module_of_file(str(path), hashlib.sha256(path.read_bytes()).hexdigest())


class FreshLoader(SourceFileLoader):
    """Reads the source itself: kept bytecode tells a file that was edited within a second only by its size."""

    def path_stats(self, path: str) -> dict[str, Any]:
        """Nothing to compare bytecode with, so that none is read or written."""
        raise OSError(path)


@cache
def module_of_file(path: str, digest: str) -> ModuleType:
    """A file with this content as a module, run once in a process."""
    name = f"thuis_own_{hashlib.sha256(f'{path} {digest}'.encode()).hexdigest()[:12]}"
    spec = importlib.util.spec_from_file_location(name, path, loader=FreshLoader(name, path))
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    OWN_MODULES.add(name)
    try:
        spec.loader.exec_module(module)
    except BaseException:
        del sys.modules[name]
        raise
    return module


def digest_of_source(name: str) -> str:
    """SHA-256 of the file in which a name of the user's own is; of what that imports nothing is known."""
    folder = name.rpartition(":")[0] or name
    if folder.endswith(".py"):
        source: Path | None = Path(folder)
    else:
        spec = importlib.util.find_spec(folder)
        source = Path(spec.origin) if spec is not None and spec.origin else None
    return hashlib.sha256(source.read_bytes() if source is not None and source.is_file() else b"").hexdigest()


def behaviours(text: str) -> list[str]:
    """The names in a value of `behaviour=`: one, or several with commas between them."""
    return [part.strip() for part in text.split(",") if part.strip()]


def behaviour_digests(text: str | None) -> dict[str, str]:
    """Digests of the sources of behaviour of one's own, by name; none without it."""
    return {name: digest_of_source(name) for name in behaviours(text)} if text else {}


def behaviour_classes(text: str | None) -> dict[str, type]:
    """The classes of agents that `behaviour=` asks for, as keywords of `agents.CohesionModel`; none without it.

    Raises
    ------
    InputError
        One cannot be imported, or is no class of behaviour.
    """
    if not text:
        return {}
    from agents.behaviour import classes_of

    return classes_of({name: imported(name, "behaviour") for name in behaviours(text)})
