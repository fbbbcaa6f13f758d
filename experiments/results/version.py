"""Which version of the program made a result."""

import hashlib
import os
from collections.abc import Sequence
from functools import cache
from importlib import metadata
from pathlib import Path

ROOMS = ("sim", "agents", "scenarios", "conf", "experiments")
KINDS = (".py", ".yaml", ".csv", ".j2", ".css", ".js")
"""Source, configuration and figures, and what pages are made of."""


def version() -> str:
    """Version of the installed package, or of the source folder it runs from."""
    try:
        return metadata.version("thuis")
    except metadata.PackageNotFoundError:
        import tomllib

        project = Path(__file__).resolve().parents[2] / "pyproject.toml"
        if not project.is_file():
            return "unknown"
        return tomllib.loads(project.read_text(encoding="utf-8"))["project"]["version"]


@cache
def code_digest() -> str:
    """SHA-256 of all source and configuration that can change a result, by name and content."""
    return source_digest(ROOMS)


def source_digest(folders: Sequence[str], left_out: Sequence[str] = ()) -> str:
    """SHA-256 of all source and configuration in folders of the program, by name and content.

    Parameters
    ----------
    left_out : sequence of str
        Names of folders within them that do not count.
    """
    home, apart = Path(__file__).resolve().parents[2], {"__pycache__", *left_out}
    found = hashlib.sha256()
    for folder in folders:
        names = []
        for place, inner, files in os.walk(home / folder):
            inner[:] = [name for name in inner if name not in apart]
            parts = Path(place).relative_to(home).parts
            names += [(*parts, name) for name in files if os.path.splitext(name)[1] in KINDS and name not in apart]
        for name in sorted(names):
            found.update("/".join(name).encode() + b"\0" + home.joinpath(*name).read_bytes())
    return found.hexdigest()
