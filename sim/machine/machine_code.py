"""Machine code loaded by LLVM, as Numba does it, but without importing Numba."""

import ctypes
import mmap
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from importlib.machinery import PathFinder
from importlib.util import find_spec, module_from_spec
from pathlib import Path
from typing import Any

from llvmlite import binding


def host() -> tuple[str, str, str]:
    """This processor as LLVM sees it: triple, name and features."""
    return binding.get_process_triple(), binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()


def address_in(name: str, code: bytes) -> int:
    """Load object code, and return the address of one of its functions."""
    engine().add_object_file(binding.ObjectFileRef.from_data(code))
    engine().finalize_object()
    return engine().get_function_address(name)


@cache
def engine() -> Any:
    """LLVM's loader, which knows the functions that allocate memory for arrays."""
    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    for name, address in memory_functions().items():
        binding.add_symbol(name if name.startswith("_") else f"NRT_{name}", address)
    machine = binding.Target.from_triple(binding.get_process_triple()).create_target_machine(jit=True)
    return binding.create_mcjit_compiler(binding.parse_assembly(""), machine)


def release_libraries() -> None:
    """Give back the memory of libraries, some 70 MB: of LLVM, say, a run needs nothing once all is loaded.

    What is used again comes from their files, as at first. Elsewhere than on Linux nothing is done.
    """
    with suppress(OSError, AttributeError):
        release = ctypes.CDLL(None).madvise
        for low, high in unwritten(Path("/proc/self/smaps").read_text()):
            release(ctypes.c_void_p(low), ctypes.c_size_t(high - low), mmap.MADV_DONTNEED)


def unwritten(maps: str) -> Iterator[tuple[int, int]]:
    """Where memory begins and ends that is as in the file of a library, from what Linux tells of a process's memory."""
    for part in re.split(r"\n(?=[0-9a-f]+-[0-9a-f]+ )", maps):
        bounds, rights, rest = part.split(maxsplit=2)
        if "w" not in rights and ".so" in rest.partition("\n")[0] and "Private_Dirty:         0 kB" in rest:
            low, high = (int(bound, 16) for bound in bounds.split("-"))
            yield low, high


def memory_functions() -> dict[str, int]:
    """Addresses of the functions of Numba's runtime in C: its extension module is loaded by itself."""
    name = "numba.core.runtime._nrt_python"
    if name in sys.modules:
        return sys.modules[name].c_helpers
    home = find_spec("numba")
    assert home is not None and home.submodule_search_locations
    folders = [str(Path(place) / "core" / "runtime") for place in home.submodule_search_locations]
    spec = PathFinder.find_spec("_nrt_python", folders)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    module.memsys_use_cpython_allocator()  # as Numba does
    return module.c_helpers
