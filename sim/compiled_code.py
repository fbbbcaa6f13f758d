"""Where compiled code is kept between runs: a folder per version of the source, in the user's cache.

Numba looks only at the file of a function to see whether its compiled code is still good, not at the functions it calls
in other files; with one folder per digest of all compiled source a changed rule can never meet old code. The folder is
the user's, so a read-only install works; Numba writes each file beside and renames it, so two processes may compile at
once; and it keeps code per processor type.
"""

import hashlib
import os
import sys
import tempfile
from pathlib import Path

KEPT = 6  # folders of earlier versions that stay


def source_digest() -> str:
    """Digest of every source file whose functions are compiled, and of this Python."""
    home = Path(__file__).resolve().parent.parent
    found = hashlib.sha256(f"{sys.version_info[:2]}".encode())
    for package in ("sim", "scenarios"):
        for path in sorted((home / package).rglob("*.py")):
            data = path.read_bytes()
            if package == "sim" or b"sim.arithmetic" in data:
                found.update(path.name.encode() + b"\0" + data)
    return found.hexdigest()[:16]


def cache_home() -> Path:
    """The user's cache folder for Thuis, or a temporary one where there is none to write in."""
    base = os.environ.get("XDG_CACHE_HOME") or os.path.join(os.path.expanduser("~"), ".cache")
    folder = Path(base) / "thuis" / "compiled"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if os.access(folder, os.W_OK):
            return folder
    except OSError:
        pass
    return Path(tempfile.gettempdir()) / f"thuis-compiled-{os.getuid() if hasattr(os, 'getuid') else 'user'}"


def forget_old(home: Path, keep: Path) -> None:
    """Remove the folders of versions long gone."""
    folders = sorted((f for f in home.iterdir() if f.is_dir() and f != keep), key=lambda f: f.stat().st_mtime)
    for folder in folders[: max(len(folders) - KEPT, 0)]:
        for file in folder.rglob("*.nb?"):
            file.unlink(missing_ok=True)


def choose_cache() -> None:
    """Tell Numba where to keep compiled code, unless the environment already says so."""
    if os.environ.get("NUMBA_CACHE_DIR"):
        return
    home = cache_home()
    folder = home / source_digest()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        forget_old(home, folder)
    except OSError:
        return
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    if "numba" in sys.modules:
        sys.modules["numba"].config.CACHE_DIR = str(folder)
