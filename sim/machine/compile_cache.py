"""Functions whose compiled code is kept between runs, in the folder that `sim.machine.cache_choice` names.

Files are named after the processor too, and one process writes at a time: Numba numbers the files of a function, and
two processes that number at once would mix up their code.
"""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path
from typing import Any

import numba

njit: Any = numba.njit  # its types do not know the option _nrt
entries: dict[str, Any] = {}
"""Functions whose compiled code is kept, by `module:name`."""
argument_types: dict[str, Any] = {}
"""The type of each argument of an entry, by its name."""


@cache
def processor() -> str:
    """Digest of what code is compiled for: the processor's name and features, as Numba takes them."""
    from numba.core.registry import cpu_target

    return hashlib.sha256(str(cpu_target.target_context.codegen().magic_tuple()).encode()).hexdigest()[:8]


def phase(function: Any) -> Any:
    """Compile a phase of the month that makes no arrays: `function(worker, low, high, state)`, kept on disk.

    See `sim.machine.arithmetic.compiled` for why references are not counted. Phases, and the few functions like them,
    are all that Python calls: what they call is compiled into them.
    """
    return enter(njit(error_model="numpy", nogil=True, _nrt=False)(function))


def allocating_phase(function: Any) -> Any:
    """Compile a phase of the month that makes arrays of passing use."""
    return enter(njit(error_model="numpy", nogil=True)(function))


def enter(dispatcher: Any) -> Any:
    """Keep the code of a function that Python calls, and list it among those to be compiled before a first run."""
    if hasattr(dispatcher, "py_func"):
        function = dispatcher.py_func
        entries[f"{function.__module__}:{function.__name__}"] = keep(dispatcher)
    return dispatcher


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
            return found

        def holds(self, sig: Any, target_context: Any) -> bool:
            """Whether code for these types is on the disk; it is not loaded."""
            try:
                return self._index_key(sig, target_context.codegen()) in self._cache_file._load_index()
            except Exception:
                return False

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


def signature_of(dispatcher: Any) -> tuple[Any, ...]:
    """Types of the arguments of an entry."""
    code = dispatcher.py_func.__code__
    return tuple(argument_types[name] for name in code.co_varnames[: code.co_argcount])


def is_compiled(dispatcher: Any) -> bool:
    """Whether the code of an entry is in memory or on the disk."""
    from numba.core.registry import cpu_target

    signature = signature_of(dispatcher)
    return signature in dispatcher.overloads or dispatcher._cache.holds(signature, cpu_target.target_context)
