"""Values of a call from Python as the plain values that are checked, and the keywords that such a call shows."""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


def plain_values(value: Any) -> Any:
    """A value as YAML would give it: numpy's numbers as Python's; tuples, ranges, arrays and columns as lists."""
    if isinstance(value, Mapping):
        return {str(key): plain_values(each) for key, each in value.items()}
    if isinstance(value, Path):
        return str(value)
    if hasattr(value, "tolist"):  # numpy and pandas
        return plain_values(value.tolist())
    if hasattr(value, "to_list"):  # polars
        return plain_values(value.to_list())
    if isinstance(value, list | tuple | range | set | frozenset):
        return [plain_values(each) for each in value]
    return value


def takes_options(declared: type) -> Callable[[Function], Function]:
    """Let a function that takes ``**options`` show each option of a declaration as a keyword with its default.

    What each is goes where the docstring says ``{options}``.
    """

    def show(function: Function) -> Function:
        signature = inspect.signature(function)
        own = [p for p in signature.parameters.values() if p.kind is not inspect.Parameter.VAR_KEYWORD]
        taken = {p.name for p in own}
        shown = [f for f in fields(declared) if f.name not in taken]
        more = [
            inspect.Parameter(f.name, inspect.Parameter.KEYWORD_ONLY, default=f.default, annotation=f.type)
            for f in shown
        ]
        lines = [f"{f.name} : {f.type}, default {f.default!r}\n        {sentence(f.metadata['text'])}" for f in shown]
        function.__signature__ = signature.replace(parameters=[*own, *more])  # type: ignore[attr-defined]
        function.__doc__ = (function.__doc__ or "").replace("{options}", "\n    ".join(lines))
        return function

    return show


def sentence(text: str) -> str:
    """A text that begins with a capital and ends with a full stop."""
    return f"{text[0].upper()}{text[1:]}."
