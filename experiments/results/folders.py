"""Result folders: written as a hidden folder and then renamed, so that a result is complete or absent."""

import json
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from experiments.results.hidden import hidden_folder, hidden_folders, is_abandoned
from scenarios.errors import InputError

KIND = "thuis result 1"
COMPARISON = "thuis comparison 1"
VALIDATION = "thuis validation 1"
HINDCAST = "thuis hindcast 1"
LIMITS = "thuis limits 1"
KINDS = (KIND, COMPARISON, VALIDATION, HINDCAST, LIMITS)
SUMMARY = "summary.json"
OLD = "old"  # kind of the hidden folder that holds the previous result until the new one is in place


def is_result(folder: Path) -> bool:
    """Whether a folder holds a result of Thuis."""
    return kind_of(folder) in KINDS


def kind_of(folder: Path) -> str | None:
    """The kind of result in a folder, as its summary says; None where there is none."""
    try:
        return json.loads((folder / SUMMARY).read_text(encoding="utf-8")).get("kind")
    except (OSError, ValueError, AttributeError):
        return None


def default_folder(region: str) -> Path:
    """out/REGION-DATE-TIME in the working directory; numbered where that exists."""
    path = Path("out") / f"{region}-{datetime.now():%Y-%m-%d-%H%M%S}"
    number = 1
    while path.exists():
        number += 1
        path = path.with_name(f"{path.name.split('_')[0]}_{number}")
    return path


def files_of(folder: Path) -> list[str]:
    """Every file in a folder and those below, by its path in it."""
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def note_files(folder: Path) -> None:
    """Write into the summary of a finished result which files it consists of: any other is the user's."""
    path = folder / SUMMARY
    if path.is_file():
        values = json.loads(path.read_text(encoding="utf-8"))
        write_json(path, values | {"files": files_of(folder)})


def check_own_files(folder: Path) -> None:
    """Refuse to replace a result that contains a user's own file, which would be removed too.

    Raises
    ------
    InputError
    """
    known = json.loads((folder / SUMMARY).read_text(encoding="utf-8")).get("files")
    strange = [name for name in files_of(folder) if name not in (known or ())]
    if known is None:
        raise InputError(f"out={folder} is a result of an older version; move it away, or give another folder")
    if strange:
        raise InputError(f"out={folder} holds {strange[0]}, which Thuis did not write; move it, or give another folder")


def check_target(folder: Path, replace: bool = False) -> None:
    """Refuse a folder that holds something else, or whose parent cannot be written to.

    Parameters
    ----------
    replace : bool
        Whether a finished result may be replaced.

    Raises
    ------
    InputError
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(
            f"out={folder} is a file; give the name of a folder",
            f"out={folder} is een bestand; geef de naam van een map",
        )
    for parent in Path(os.path.abspath(folder)).parents:
        if parent.exists() and not parent.is_dir():
            raise InputError(f"out={folder} cannot be made: {parent} is not a folder")
    if folder.is_dir() and any(folder.iterdir()) and not is_result(folder):
        raise InputError(
            f"out={folder} holds files that are not a result of Thuis; give an empty or a new folder",
            f"in out={folder} staan bestanden die geen resultaat van Thuis zijn; geef een lege of nieuwe map",
        )
    if is_result(folder):
        check_own_files(folder)
        if not replace:
            raise InputError(
                f"out={folder} holds a finished result; give another folder, or replace=true",
                f"in out={folder} staat al een resultaat; geef een andere map, of replace=true",
            )


@contextmanager
def new_result(folder: Path, replace: bool = False) -> Iterator[Path]:
    """A hidden folder to write in, which replaces the target on success and is removed on failure.

    Raises
    ------
    InputError
        The folder cannot be written to, or holds something else.
    """
    check_target(folder, replace)
    target = Path(os.path.abspath(folder))
    made = [p for p in target.parents if not p.exists()]
    stack = ExitStack()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        restore(target)
        hidden = stack.enter_context(hidden_folder(target))
    except OSError as error:
        raise InputError(f"out={folder} cannot be written: {error.strerror or error}") from error
    try:
        with stack:
            os.chmod(hidden, 0o777 & ~_umask())  # it was made private
            yield hidden
            note_files(hidden)
            put_in_place(hidden, target, replace)
    except BaseException:
        for parent in made:  # leave nothing behind: not even the folders made on the way
            try:
                parent.rmdir()
            except OSError:
                break
        raise


def put_in_place(hidden: Path, target: Path, replace: bool = False) -> None:
    """Rename a finished folder to its own name; a previous result is replaced, and restored should that fail."""
    check_target(target, replace)
    if not target.exists():
        hidden.rename(target)
        return
    with hidden_folder(target, OLD) as old:
        target.rename(old / "result")
        try:
            hidden.rename(target)
        except BaseException:
            (old / "result").rename(target)
            raise


def restore(target: Path) -> None:
    """Restore a result that was being replaced when the process was killed."""
    for old in hidden_folders(target, OLD):
        if not target.exists() and (old / "result").is_dir() and is_abandoned(old):
            (old / "result").rename(target)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_json(path: Path, values: Any) -> None:
    """Readable JSON; numbers that do not exist become null."""
    path.write_text(json.dumps(without_nan(values), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def without_nan(values: Any) -> Any:
    """The same values, with nan and infinity as None and numpy's numbers as Python's."""
    if isinstance(values, dict):
        return {str(key): without_nan(value) for key, value in values.items()}
    if isinstance(values, list | tuple):
        return [without_nan(value) for value in values]
    if hasattr(values, "tolist"):
        return without_nan(values.tolist())
    if isinstance(values, float) and not abs(values) < float("inf"):
        return None
    return values
