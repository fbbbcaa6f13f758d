"""Hidden folders in which results are written before they are renamed; those of killed processes are removed.

A folder is locked by the process that writes in it, and the system releases the lock whenever that process ends.
"""

import fcntl
import glob
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def hidden_folder(target: Path, kind: str = "part") -> Iterator[Path]:
    """A folder beside `target` that is removed at the end, unless it was renamed.

    Parameters
    ----------
    kind : str
        Ending of its name, ``.TARGET.xxxx.KIND``.
    """
    for old in hidden_folders(target, kind):
        if is_abandoned(old):
            shutil.rmtree(old, ignore_errors=True)
    # Under another name until it is locked, so that no other process takes it for abandoned.
    made = Path(tempfile.mkdtemp(prefix=".new.", dir=target.parent))
    lock = os.open(made, os.O_RDONLY)
    try:
        try_lock(lock)
        made = made.rename(made.with_name(f".{target.name}{made.name.removeprefix('.new')}.{kind}"))
        yield made
    finally:
        shutil.rmtree(made, ignore_errors=True)
        os.close(lock)


def hidden_folders(target: Path, kind: str) -> list[Path]:
    """The hidden folders beside a target."""
    return sorted(target.parent.glob(f".{glob.escape(target.name)}.*.{kind}"))


def try_lock(handle: int) -> bool:
    """Lock an open folder; False where another process has, or the file system knows no locks."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def is_abandoned(folder: Path) -> bool:
    """Whether the process that wrote in a hidden folder has ended."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return False
    try:
        return try_lock(handle)
    finally:
        os.close(handle)
