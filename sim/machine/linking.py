"""How an entry becomes machine code: Numba lowers each function it calls, LLVM links them all and optimises them once.

Numba by itself optimises every function fully and makes machine code of it, before it does so again with each function
that calls it. Of the engine only entries are ever called from outside, so that took LLVM more than twice as long.

Only imported when something is compiled.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from numba.core.codegen import JITCodeLibrary, JITCPUCodegen
from numba.core.compiler import CompilerBase
from numba.core.compiler_lock import global_compiler_lock
from numba.core.compiler_machinery import PassManager
from numba.core.registry import cpu_target
from numba.core.typed_passes import (
    AnnotateTypes,
    IRLegalization,
    NativeLowering,
    NoPythonBackend,
    NopythonTypeInference,
    PreLowerStripPhis,
)
from numba.core.untyped_passes import FixupArgs, GenericRewrites, IRProcessing, ReconstructSSA, TranslateByteCode

PASSES: tuple[Any, ...] = (
    TranslateByteCode,
    FixupArgs,
    IRProcessing,
    GenericRewrites,
    ReconstructSSA,
    NopythonTypeInference,
    PreLowerStripPhis,
    IRLegalization,
    AnnotateTypes,
    NativeLowering,
    NoPythonBackend,
)


class ShortCompiler(CompilerBase):
    """Numba's compiler without the steps for what the engine's functions do not have.

    These are closures, `with`, `literal_unroll`, branches on types and arithmetic with whole arrays.
    """

    def define_pipelines(self) -> list[PassManager]:
        """The steps of compiling a function."""
        manager = PassManager("thuis")
        for step in PASSES:
            manager.add_pass(step, step.__name__)
        manager.finalize()
        return [manager]


OPTIONS: dict[str, Any] = {
    "pipeline_class": ShortCompiler,
    "no_cpython_wrapper": True,
    "no_cfunc_wrapper": True,
}
"""Of `numba.njit`, for functions that Python does not call through Numba."""


class LinkedLibrary(JITCodeLibrary):
    """A function as Numba lowered it, and which others it calls."""

    def add_llvm_module(self, ll_module: Any) -> None:
        """Take in the function, not optimised yet."""
        ll_module.data_layout = self._codegen._data_layout
        self._final_module.link_in(ll_module)

    def finalize(self) -> None:
        """Add nothing more; from here on the function may be linked into several entries."""
        for function in self._final_module.functions:
            if not function.is_declaration and function.linkage.name == "external":
                function.linkage = "linkonce_odr"
        self._finalized = True

    def get_pointer_to_function(self, name: str) -> int:
        """The address of a function: none, as there is no machine code yet."""
        return 0

    def _get_module_for_linking(self) -> Any:
        """The module with everything it calls, for a function that Numba compiles in its own way."""
        if self._shared_module is None:
            self._shared_module = self.linked()
        return self._shared_module

    def in_order(self) -> list[Any]:
        """All libraries it calls, directly and indirectly: callers first, as LLVM links only what is called already."""
        found: dict[Any, None] = {}

        def visit(library: Any) -> None:
            if library not in found:
                for called in library._linking_libraries if isinstance(library, LinkedLibrary) else ():
                    visit(called)
                found[library] = None

        visit(self)
        return list(found)[-2::-1]

    def linked(self) -> Any:
        """A module of it and all it calls."""
        self._ensure_finalized()
        module = self._final_module.clone()
        for library in self.in_order():
            own = library._final_module if isinstance(library, LinkedLibrary) else library._get_module_for_linking()
            module.link_in(own, preserve=True)
        return module

    def machine_code(self, name: str) -> bytes:
        """Object code of its function of this name."""
        module = self._final_module = self.linked()
        self._verify_declare_only_symbols()
        module.get_function(name).linkage = "external"
        passes, builder = self._codegen._module_pass_manager()
        passes.run(module, builder)
        module.verify()
        return self._codegen._tm.emit_object(module)


class LinkingCodegen(JITCPUCodegen):
    """Numba's settings for this processor, for such libraries."""

    _library_class = LinkedLibrary

    def set_env(self, env_name: str, env: Any) -> None:
        """Do nothing: only Numba's wrappers for Python read the environment."""


@cache
def linking_codegen() -> LinkingCodegen:
    """Those of this process."""
    return LinkingCodegen("thuis")


@contextmanager
def linked_later() -> Iterator[None]:
    """Let Numba only lower what it compiles within."""
    context = cpu_target.target_context
    with global_compiler_lock:
        usual, context._internal_codegen = context._internal_codegen, linking_codegen()
        try:
            yield
        finally:
            context._internal_codegen = usual
