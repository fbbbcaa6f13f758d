"""Claims: which worker runs which chunk. They only avoid double work: a shard made twice is the same.

A claim is a file that only one can make. Its worker touches it every few seconds; the claim of a process that has died
on this machine, or one that was not touched for a minute, is free again.
"""

import os
import socket
import threading
import time
from pathlib import Path

from experiments.sweep.plan import CLAIMS, Plan
from experiments.sweep.shards import shard_path

SECONDS_BETWEEN_SIGNS = 5.0
SECONDS_OF_SILENCE = 60.0
SECONDS_BETWEEN_LOOKS = 0.3


def claim_path(folder: Path, chunk: int) -> Path:
    """File of the claim on a chunk."""
    return folder / CLAIMS / f"{chunk:06d}"


def make_claim(folder: Path, chunk: int, worker: str) -> bool:
    """Claim a chunk; False when somebody has."""
    try:
        file = os.open(claim_path(folder, chunk), os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o666)
    except FileExistsError:
        return False
    with os.fdopen(file, "w") as out:
        out.write(f"{socket.gethostname()} {os.getpid()} {worker}")
    return True


def drop_claim(folder: Path, chunk: int) -> None:
    """Release a chunk."""
    claim_path(folder, chunk).unlink(missing_ok=True)


def is_abandoned(path: Path) -> bool:
    """Whether the claim on a chunk was abandoned."""
    try:
        silent = time.time() - path.stat().st_mtime
        words = path.read_text().split()
    except OSError:
        return False
    if silent > SECONDS_OF_SILENCE:
        return True
    if len(words) < 2 or words[0] != socket.gethostname():
        return False
    try:
        os.kill(int(words[1]), 0)
    except ProcessLookupError:
        return True
    except (OSError, ValueError):
        return False
    return False


def take_over(folder: Path, chunk: int, worker: str) -> bool:
    """Claim a chunk that was abandoned; of several who try, one succeeds."""
    path = claim_path(folder, chunk)
    if not is_abandoned(path):
        return False
    aside = path.with_name(f".{path.name}.{socket.gethostname()}.{os.getpid()}.{threading.get_ident()}")
    try:
        os.rename(path, aside)
    except OSError:
        return False
    aside.unlink(missing_ok=True)
    return make_claim(folder, chunk, worker)


class Claims:
    """Gives a worker one chunk after another, until every chunk has a shard.

    Parameters
    ----------
    stop : threading.Event
        Ends the iteration.
    """

    def __init__(self, folder: Path, plan: Plan, worker: str, stop: threading.Event) -> None:
        self.folder, self.plan, self.worker, self.stop = folder, plan, worker, stop
        self.at = 0
        self.held: int | None = None
        self.ended = threading.Event()
        self.signs = threading.Thread(target=self._give_signs, daemon=True)
        self.signs.start()

    def next(self) -> int | None:
        """A chunk to do, or None when all are done."""
        self.held = self._find()
        return self.held

    def _find(self) -> int | None:
        while not self.stop.is_set() and self.at < self.plan.chunks:
            chunk, self.at = self.at, self.at + 1
            if self._is_open(chunk) and self._claim(chunk):
                return chunk
        while not self.stop.is_set():
            missing = [chunk for chunk in range(self.plan.chunks) if self._is_open(chunk)]
            if not missing:
                return None
            for chunk in missing:
                if self._claim(chunk) or self._over(chunk):
                    return chunk
            self.stop.wait(SECONDS_BETWEEN_LOOKS)
        return None

    def _is_open(self, chunk: int) -> bool:
        return not shard_path(self.folder, chunk).exists()

    def _claim(self, chunk: int) -> bool:
        return make_claim(self.folder, chunk, self.worker) and self._still(chunk)

    def _over(self, chunk: int) -> bool:
        return take_over(self.folder, chunk, self.worker) and self._still(chunk)

    def _still(self, chunk: int) -> bool:
        """Whether a chunk just claimed was not done in the meantime."""
        if self._is_open(chunk):
            return True
        drop_claim(self.folder, chunk)
        return False

    def release(self) -> None:
        """Release the claimed chunk."""
        if self.held is not None:
            drop_claim(self.folder, self.held)
            self.held = None

    def end(self) -> None:
        """Stop touching the claim."""
        self.release()
        self.ended.set()

    def _give_signs(self) -> None:
        while not self.ended.wait(SECONDS_BETWEEN_SIGNS):
            held = self.held
            if held is not None:
                try:
                    os.utime(claim_path(self.folder, held))
                except OSError:
                    continue
