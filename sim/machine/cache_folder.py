"""Folders of the user's cache, whose content may be deleted at any time and is made again when needed."""

import atexit
import os
import shutil
import stat
import tempfile
from functools import cache
from pathlib import Path


@cache
def cache_folder(name: str) -> Path:
    """A folder of Thuis in the user's cache, made when it is not there.

    Where there is no home to write in, it is a folder of the user's own below the temporary folder, and where someone
    else already has a folder of that name there, one that is removed when the process ends: code and people are only
    read from where nobody else can write.

    Parameters
    ----------
    name : str
        What is kept in it, such as "compiled".
    """
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    user = os.getuid() if hasattr(os, "getuid") else "user"
    for folder in (Path(base) / "thuis" / name, Path(tempfile.gettempdir()) / f"thuis-{user}" / name):
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError:
            continue
        if os.access(folder, os.W_OK) and is_own(folder) and is_own(folder.parent):
            return folder
    passing = Path(tempfile.mkdtemp(prefix="thuis-"))
    atexit.register(shutil.rmtree, passing, ignore_errors=True)
    return passing


def is_own(folder: Path) -> bool:
    """Whether a folder is the user's and others cannot write in it."""
    about = folder.lstat()
    mine = not hasattr(os, "getuid") or about.st_uid == os.getuid()
    return stat.S_ISDIR(about.st_mode) and mine and not about.st_mode & stat.S_IWOTH
