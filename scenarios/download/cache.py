"""Cache of pages with checksums: an interrupted download continues, and a finished one needs no network."""

import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from scenarios.errors import wrong


def write_atomically(path: Path, content: bytes) -> None:
    """Write a file to a temporary name and rename it, so that no reader ever finds a partial file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, 0o644)  # mkstemp makes files that only their owner can read
        os.replace(temporary, path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


@dataclass(frozen=True)
class PageCache:
    """Pages by address, each with a note ``{url, sha256, bytes, table}`` beside it.

    Attributes
    ----------
    folder : Path
        Made when the first page is kept.
    """

    folder: Path

    def load(self, url: str, *, strict: bool = False) -> bytes | None:
        """Return the kept page, or None when there is none or its checksum is wrong.

        Parameters
        ----------
        url : str
        strict : bool
            Offline: raise instead of returning None, since the page cannot be downloaded again.

        Raises
        ------
        InputError
        """
        page, note = self._paths(url)
        try:
            content, told = page.read_bytes(), json.loads(note.read_bytes())
        except (OSError, ValueError):
            if strict:
                raise wrong("is not in the cache: fetch it once without --offline", value=url) from None
            return None
        if told == _note(url, content, told.get("table") if isinstance(told, dict) else None):
            return content
        if strict:
            problem = "does not match its checksum: it was changed or damaged; fetch it again without --offline"
            raise wrong(problem, file=page)
        self.forget(url)
        return None

    def keep(self, url: str, content: bytes, table: str) -> None:
        """Store a page; the note is written last, so that a page without a note is ignored."""
        page, note = self._paths(url)
        note.unlink(missing_ok=True)
        write_atomically(page, content)
        write_atomically(note, json.dumps(_note(url, content, table), indent=1).encode())

    def forget(self, url: str) -> None:
        """Delete a page."""
        for path in reversed(self._paths(url)):
            path.unlink(missing_ok=True)

    def forget_table(self, table: str) -> int:
        """Delete the pages of one table; return how many there were."""
        pages = 0
        for note in sorted(self.folder.glob("*.note.json")):
            try:
                told = json.loads(note.read_bytes())
            except (OSError, ValueError):
                continue
            if isinstance(told, dict) and told.get("table") == table and "url" in told:
                self.forget(str(told["url"]))
                pages += 1
        return pages

    def clear(self) -> None:
        """Delete all pages."""
        for path in [*self.folder.glob("*.note.json"), *self.folder.glob("*.page")]:
            path.unlink(missing_ok=True)

    def _paths(self, url: str) -> tuple[Path, Path]:
        name = hashlib.sha256(url.encode()).hexdigest()[:24]
        return self.folder / f"{name}.page", self.folder / f"{name}.note.json"


def _note(url: str, content: bytes, table: object) -> dict[str, object]:
    return {"url": url, "sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content), "table": table}
