"""Reading the bytes of a file that a user named."""

from pathlib import Path

from scenarios.errors import InputError, bedoelt_u, close_matches, wrong


def read_bytes(path: str | Path) -> bytes:
    """Return the bytes of a file, with a clear error when that cannot be done."""
    path = Path(path)
    if path.is_dir():
        raise wrong(f"'{path}' is a folder, not a file")
    if path.exists() and not path.is_file():
        raise wrong(f"'{path}' is not a file but a device or a pipe, which may never end")
    try:
        return path.read_bytes()
    except FileNotFoundError:
        others = [p.name for p in path.parent.iterdir()] if path.parent.is_dir() else []
        raise InputError(
            f"'{path}' does not exist{close_matches(path.name, others)}",
            f"'{path}' bestaat niet{bedoelt_u(path.name, others)}",
        ) from None
    except OSError as error:
        raise wrong(f"'{path}' cannot be read: {error.strerror}") from error
