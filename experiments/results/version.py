"""Which version of the program made a result."""

import hashlib
from functools import cache
from importlib import metadata
from pathlib import Path

ROOMS = ("sim", "agents", "scenarios", "conf", "experiments")


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
    home = Path(__file__).resolve().parents[2]
    found = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((home / room).rglob("*")):
            if path.suffix in (".py", ".yaml") and "__pycache__" not in path.parts:
                found.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()
