"""Functions of the engine that Python calls, and their machine code, which is kept between runs.

Numba compiles a function with all it calls; what LLVM makes of that is written to a file as it is, in the folder that
`sim.machine.cache_choice` names. Kept code is loaded by LLVM alone, without Numba. Files are named after the processor
too, and replaced as a whole, so that several processes and machines can share a folder.
"""

import ctypes
import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache, cached_property, update_wrapper
from pathlib import Path
from tempfile import NamedTemporaryFile
from threading import RLock
from typing import Any

from sim.machine.cache_choice import code_folder, version_of
from sim.machine.machine_code import address_in, host
from sim.machine.on_demand import linking, struct_types, types
from sim.machine.struct import Layout, State

entries: dict[str, "Entry"] = {}
"""Functions whose compiled code is kept, by `module:name`."""
argument_types: dict[str, Layout | None] = {}
"""What the arguments of entries are, by their name: a state with a layout, or a whole number where it is None."""

UNUSED = (ctypes.c_void_p * 2)()
"""Where compiled code puts what it returns and its error, which the engine's functions do not use."""
loading = RLock()


class Entry:
    """A function of the engine that Python calls, such as a phase of the month.

    Attributes
    ----------
    py_func : callable
        The function as it is written.
    options : dict
        Of `numba.njit`.
    was_compiled : bool
        Whether this process compiled it.
    """

    def __init__(self, function: Callable[..., None], **options: Any) -> None:
        update_wrapper(self, function)
        self.py_func, self.options, self.was_compiled = function, options, False
        self.name = f"{function.__module__}:{function.__name__}"
        entries[self.name] = self

    def __call__(self, *arguments: Any) -> None:
        """Call it, without holding Python's lock.

        Raises
        ------
        RuntimeError
            The compiled function ended with an error, such as no memory left.
        """
        plain = [given.address if isinstance(given, State) else int(given) for given in arguments]
        if self.function(UNUSED, ctypes.addressof(UNUSED) + 8, *plain):
            raise RuntimeError(f"{self.name} ended with an error")

    @cached_property
    def function(self) -> Any:
        """The machine code as a function of Python: Numba's way to call, where the result is an error's number."""
        words = [ctypes.c_int64] * len(self.arguments)
        return ctypes.CFUNCTYPE(ctypes.c_int32, ctypes.c_void_p, ctypes.c_void_p, *words)(self.address)

    @cached_property
    def address(self) -> int:
        """The address of the machine code: that which was kept, or else it is compiled."""
        with loading:
            kept = self.read()
            if kept is None:
                kept = self.compile()
                self.keep(*kept)
            return address_in(*kept)

    @property
    def arguments(self) -> tuple[str, ...]:
        """Names of its arguments."""
        code = self.py_func.__code__
        return code.co_varnames[: code.co_argcount]

    @property
    def path(self) -> Path | None:
        """The file that keeps its machine code; None where no folder can be written."""
        folder = code_folder()
        return None if folder is None else folder / f"{self.name.replace(':', '.')}.{processor()}.code"

    def is_kept(self) -> bool:
        """Whether its machine code is on the disk."""
        return self.path is not None and self.path.is_file()

    def compile(self) -> tuple[str, bytes]:
        """Compile it: the name of the function in the object code, and the object code."""
        import numba

        def type_of(argument: str) -> Any:
            layout = argument_types[argument]
            return types.int64 if layout is None else struct_types.state_type(layout)

        njit: Any = numba.njit  # its types do not know the option _nrt
        compiled = njit(error_model="numpy", nogil=True, **linking.OPTIONS, **self.options)
        function = compiled(self.py_func)
        signature = tuple(map(type_of, self.arguments))
        with linking.linked_later():
            function.compile(signature)
        made = function.overloads[signature]
        self.was_compiled = True
        name = made.fndesc.llvm_func_name
        return name, made.library.machine_code(name)

    def read(self) -> tuple[str, bytes] | None:
        """The machine code that is kept; None where there is none, or where its file is damaged."""
        try:
            digest, name, code = self.path.read_bytes().split(b"\n", 2)  # type: ignore[union-attr]
        except (OSError, AttributeError, ValueError):
            return None
        return (name.decode(), code) if digest.decode("latin-1") == digest_of(code) else None

    def keep(self, name: str, code: bytes) -> None:
        """Write the machine code; where that is not possible (a full disk) it is compiled anew next time."""
        with suppress(OSError):
            if self.path is not None:
                with NamedTemporaryFile(dir=self.path.parent, delete=False) as file:
                    file.write(f"{digest_of(code)}\n{name}\n".encode() + code)
                os.replace(file.name, self.path)


def phase(function: Callable[..., None]) -> Entry:
    """Compile a phase of the month that makes no arrays: `function(worker, low, high, state)`, kept on disk.

    See `sim.machine.arithmetic.compiled` for why references are not counted. Phases, and the few functions like them,
    are all that Python calls: what they call is compiled into them.
    """
    return Entry(function, _nrt=False)


def allocating_phase(function: Callable[..., None]) -> Entry:
    """Compile a phase of the month that makes arrays of passing use."""
    return Entry(function)


def digest_of(code: bytes) -> str:
    """Digest by which a damaged file is known."""
    return hashlib.sha256(code).hexdigest()


@cache
def processor() -> str:
    """Digest of what code is compiled for and by: the processor's name and features, and the compiler."""
    asked = [os.environ.get(f"NUMBA_{name}") for name in ("CPU_NAME", "CPU_FEATURES", "ENABLE_AVX", "OPT")]
    return hashlib.sha256(repr((host(), asked, version_of("numba"), version_of("llvmlite"))).encode()).hexdigest()[:8]
