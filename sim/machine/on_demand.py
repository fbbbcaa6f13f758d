"""Numba on demand: imported when something is compiled, and not where kept code is loaded: half a second less."""

from collections.abc import Callable
from functools import cached_property, update_wrapper
from importlib import import_module
from typing import Any


class ModuleOnDemand:
    """A module that is imported when something of it is first used."""

    def __init__(self, name: str) -> None:
        self.__name__ = name

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # whoever only looks what kind of thing this is imports nothing
            raise AttributeError(name)
        return getattr(import_module(self.__name__), name)


types: Any = ModuleOnDemand("numba.core.types")
cgutils: Any = ModuleOnDemand("numba.core.cgutils")
arrays: Any = ModuleOnDemand("numba.np.arrayobj")
ir: Any = ModuleOnDemand("llvmlite.ir")
linking: Any = ModuleOnDemand("sim.machine.linking")
struct_types: Any = ModuleOnDemand("sim.machine.struct_types")


class Compilable:
    """A function that compiled code calls; Python can call it too, and then it is compiled for Python.

    Attributes
    ----------
    py_func : callable
        The function as it is written.
    """

    def __init__(self, function: Callable[..., Any], **options: Any) -> None:
        update_wrapper(self, function)
        self.py_func, self.options = function, options

    @cached_property
    def inside(self) -> Any:
        """The function for compiled code: the wrapper that Python needs takes a quarter of the time to compile."""
        return self.compiled_by_numba(**linking.OPTIONS)

    @cached_property
    def outside(self) -> Any:
        """The function for Python, which tests call."""
        return self.compiled_by_numba()

    def compiled_by_numba(self, **options: Any) -> Any:
        """Numba's function with these options too."""
        import numba

        njit: Any = numba.njit  # its types know neither forceinline nor the option _nrt
        return njit(**self.options, **options)(self.py_func)

    @property
    def _numba_type_(self) -> Any:
        """The attribute that Numba reads where compiled code names this function."""
        return self.inside._numba_type_

    def __call__(self, *arguments: Any) -> Any:
        return self.outside(*arguments)


class Intrinsic:
    """A function whose machine code is written here, instruction by instruction (`numba.extending.intrinsic`)."""

    def __init__(self, define: Callable[..., Any]) -> None:
        update_wrapper(self, define)
        self.define = define

    @cached_property
    def _numba_type_(self) -> Any:
        """The attribute that Numba reads where compiled code names this function."""
        from numba.core.registry import cpu_target
        from numba.extending import intrinsic

        made, context = intrinsic(self.define), cpu_target.typing_context
        context.refresh()
        return context.resolve_value_type(made)

    def __call__(self, *arguments: Any) -> Any:
        raise NotImplementedError(f"{self.__name__} is for compiled code only")  # type: ignore[attr-defined]
