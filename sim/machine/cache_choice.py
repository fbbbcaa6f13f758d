"""Where compiled code is kept: in the user's cache, a folder per version of the source.

With one folder per digest of all compiled source a changed rule is never used with old code. (Numba, which keeps the
agents' rules there itself, would look only at the file of a function, not at those of the functions it calls.) The
folder is the user's, so a read-only install works.
"""

import hashlib
import os
import shutil
import sys
from functools import cache
from importlib import metadata
from pathlib import Path

from sim.machine.cache_folder import cache_folder

KEPT = 6  # folders of earlier versions that are kept
FILES_ONLY = ("cache_choice.py", "cache_folder.py", "checkpoint.py")  # nothing of these is compiled


@cache
def version_of(package: str) -> str:
    """Version of an installed package."""
    return metadata.version(package)


@cache
def source_digest() -> str:
    """Digest of every source file whose functions are compiled, and of this Python."""
    home = Path(__file__).resolve().parents[2]
    found = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for package in ("sim", "scenarios"):
        for path in sorted((home / package).rglob("*.py")):
            data = path.read_bytes()
            if (package == "sim" and path.name not in FILES_ONLY) or b"sim.machine" in data:
                found.update(path.name.encode() + b"\0" + data)
    return found.hexdigest()[:16]


def forget_old(home: Path, keep: Path) -> None:
    """Remove the folders of all but the most recent versions."""
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
def code_folder() -> Path | None:
    """The folder that keeps the machine code of this version of the source; None where none can be written."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    if not chosen:
        return None
    folder = Path(chosen) if Path(chosen).name == source_digest() else Path(chosen) / source_digest()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder
