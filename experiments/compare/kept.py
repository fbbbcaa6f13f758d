"""Finished replicates kept on disk, taken again only where they are what was kept, and their fingerprint."""

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from experiments.compare.counted import COUNTED, Finished, Followed
from experiments.compare.design import Replicate


def kept_file(store: Path, replicate: Replicate) -> Path:
    """Path of a finished replicate."""
    return store / f"{replicate.number:05d}.npz"


def keep(store: Path, finished: Finished, key: str) -> None:
    """Write a replicate to a temporary file, then rename it."""
    store.mkdir(parents=True, exist_ok=True)
    words = [{"costs": f.costs, "digest": f.digest, "notes": f.notes} for f in finished.followed]
    arrays: dict[str, Any] = {"words": np.frombuffer(json.dumps(words).encode(), np.uint8)}
    for at, followed in enumerate(finished.followed):
        arrays |= {f"{name}{at}": getattr(followed, name) for name in COUNTED}
    arrays["seal"] = np.frombuffer(seal_of(arrays, finished.replicate, key).encode(), np.uint8)
    handle, temporary = tempfile.mkstemp(dir=store, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "wb") as file:
            np.savez(file, **arrays)
        os.replace(temporary, kept_file(store, finished.replicate))
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def seal_of(arrays: dict[str, Any], replicate: Replicate, key: str) -> str:
    """SHA-256 of a replicate's arrays, of which replicate it is, and of what decides its content."""
    found = hashlib.sha256(f"{key} {replicate}\n".encode())
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        found.update(f"{name} {array.dtype} {array.shape}\n".encode() + array.tobytes())
    return found.hexdigest()


def take(store: Path, replicate: Replicate, policies: int, key: str) -> Finished | None:
    """Read a stored replicate; one that is damaged, changed or of another comparison is removed."""
    path = kept_file(store, replicate)
    if not path.exists():
        return None
    try:
        with np.load(path, allow_pickle=False) as file:
            arrays = {name: file[name] for name in file.files}
        if arrays.pop("seal").tobytes().decode() != seal_of(arrays, replicate, key):
            raise ValueError("not what was kept")
        words = json.loads(arrays["words"].tobytes())
        return Finished(replicate, list(read_followed(arrays, words, policies)))
    except Exception:
        path.unlink()
        return None


def read_followed(arrays: Any, words: list[dict[str, Any]], policies: int) -> Iterator[Followed]:
    """The policies of a stored replicate."""
    for at in range(policies):
        yield Followed(**{name: arrays[f"{name}{at}"] for name in COUNTED}, **words[at])


def replicate_digest(finished: Finished) -> str:
    """SHA-256 over the last worlds and all counts of a replicate."""
    found = hashlib.sha256()
    for followed in finished.followed:
        found.update(followed.digest.encode())
        for name in COUNTED:
            found.update(getattr(followed, name).astype("<i8").tobytes())
        found.update(json.dumps(followed.costs, sort_keys=True).encode())
    return found.hexdigest()
