"""Compiled code that is kept between runs: in the user's cache, a folder per version of the source.

Numba looks only at the file of a function to see whether its compiled code is still good, not at the functions it calls
in other files; with one folder per digest of all compiled source a changed rule can never meet old code. The folder is
the user's, so a read-only install works. Files are named after the processor too, and one process writes at a time:
Numba counts the files of a function, and two processes that count at once would each hand the other its own code.
"""

import hashlib
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

from sim.machine.cache_folder import cache_folder

KEPT = 6  # folders of earlier versions that stay
FILES_ONLY = ("compile_cache.py", "cache_folder.py", "checkpoint.py")  # nothing of these is compiled
compiling: list[Callable[[], None]] = []
"""Called once, before the first piece of code that is not kept yet is compiled."""


def source_digest() -> str:
    """Digest of every source file whose functions are compiled, and of this Python."""
    home = Path(__file__).resolve().parents[2]
    found = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for package in ("sim", "scenarios"):
        for path in sorted((home / package).rglob("*.py")):
            data = path.read_bytes()
            if (package == "sim" and path.name not in FILES_ONLY) or b"sim.machine.arithmetic" in data:
                found.update(path.name.encode() + b"\0" + data)
    return found.hexdigest()[:16]


def forget_old(home: Path, keep: Path) -> None:
    """Remove the folders of versions long gone."""
    folders = sorted((f for f in home.iterdir() if f.is_dir() and f != keep), key=lambda f: f.stat().st_mtime)
    for folder in folders[: max(len(folders) - KEPT, 0)]:
        shutil.rmtree(folder, ignore_errors=True)


def choose_cache() -> None:
    """Tell Numba where to keep compiled code, unless the environment already says so."""
    if os.environ.get("NUMBA_CACHE_DIR"):
        return
    try:
        home = cache_folder("compiled")
        folder = home / source_digest()
        folder.mkdir(exist_ok=True)
        forget_old(home, folder)
    except OSError:
        return
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    if "numba" in sys.modules:
        sys.modules["numba"].config.CACHE_DIR = str(folder)


@cache
def processor() -> str:
    """Digest of what code is compiled for: the processor's name and features, as Numba takes them."""
    from numba.core.registry import cpu_target

    return hashlib.sha256(str(cpu_target.target_context.codegen().magic_tuple()).encode()).hexdigest()[:8]


def keep(dispatcher: Any) -> Any:
    """Keep the compiled code of a function, as `numba.njit(cache=True)` does, but safely; returns the function."""
    from numba.core.caching import FunctionCache, IndexDataCacheFile

    if not hasattr(dispatcher, "py_func"):  # a plain function, under NUMBA_DISABLE_JIT
        return dispatcher

    class KeptCode(FunctionCache):
        """Numba's cache of one function, with files per processor, written by one process at a time."""

        def __init__(self, function: Any) -> None:
            super().__init__(function)
            self._cache_file = IndexDataCacheFile(
                cache_path=self._cache_path,
                filename_base=f"{self._impl.filename_base}.{processor()}",
                source_stamp=self._impl.locator.get_source_stamp(),
            )

        def load_overload(self, sig: Any, target_context: Any) -> Any:
            """Code for these types, or None: it is not there, or a file is damaged and is made again."""
            try:
                found = super().load_overload(sig, target_context)
            except Exception:
                found = None
                self.forget()
            if found is None and compiling:
                compiling.pop()()
            return found

        def save_overload(self, sig: Any, data: Any) -> None:
            """Keep code; where that is not possible (a full disk) it is compiled anew next time."""
            with suppress(OSError), one_at_a_time(Path(self._cache_path)):
                super().save_overload(sig, data)

        def forget(self) -> None:
            """Begin this function's files anew."""
            with suppress(OSError), one_at_a_time(Path(self._cache_path)):
                self.flush()

    dispatcher._cache = KeptCode(dispatcher.py_func)
    return dispatcher


@contextmanager
def one_at_a_time(folder: Path) -> Iterator[None]:
    """Let one process at a time write in a folder, where the system knows locks of files."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / ".lock", "w") as lock:
        with suppress(OSError):  # a file system without locks
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
