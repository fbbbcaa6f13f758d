"""Reading a YAML file a person made, with one clear line for whatever is wrong."""

from pathlib import Path
from typing import Any

import yaml

from scenarios.errors import wrong
from scenarios.files import read_bytes


def read_yaml(path: str | Path) -> Any:
    """The content of a YAML file in UTF-8, as plain values (the safe loader makes nothing else).

    Raises
    ------
    InputError
        It is not there, cannot be read, or is not YAML.
    """
    content = read_bytes(path)
    try:
        return parse_yaml(content.decode("utf-8-sig"), path)
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
        raise wrong("is not in UTF-8: save it as UTF-8", file=path, row=row) from None


def parse_yaml(text: str, name: str | Path) -> Any:
    """The content of a text in YAML; `name` says in errors where it is from.

    Raises
    ------
    InputError
    """
    try:
        return yaml.safe_load(text)
    except yaml.MarkedYAMLError as error:
        row = error.problem_mark.line + 1 if error.problem_mark else None
        raise wrong(f"is not readable as YAML: {error.problem or 'a mistake'}", file=name, row=row) from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise wrong(f"is not readable as YAML: {' '.join(str(error).split())[:160]}", file=name) from error
