"""Reading a user's YAML file; errors are one clear line."""

from pathlib import Path
from typing import Any

import yaml

from scenarios.errors import wrong
from scenarios.files import read_bytes

MOST_BYTES, MOST_VALUES = 1_000_000, 100_000
MERGE = "tag:yaml.org,2002:merge"


def read_yaml(path: str | Path) -> Any:
    """The content of a YAML file in UTF-8, as plain values (the safe loader makes nothing else).

    Raises
    ------
    InputError
        It is not there, cannot be read, or is not YAML.
    """
    content = read_bytes(path)
    if len(content) > MOST_BYTES:
        raise wrong(f"is larger than {MOST_BYTES:,} bytes", file=path)
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
    loader = None
    try:
        loader = yaml.SafeLoader(text)
        node = loader.get_single_node()
        if node is None:
            return None
        check_size(node, name)
        check_keys(node, name)
        return loader.construct_document(node)
    except yaml.MarkedYAMLError as error:
        row = error.problem_mark.line + 1 if error.problem_mark else None
        raise wrong(f"is not readable as YAML: {error.problem or 'a mistake'}", file=name, row=row) from error
    except (yaml.YAMLError, ValueError, TypeError, RecursionError) as error:
        raise wrong(f"is not readable as YAML: {' '.join(str(error).split())[:160]}", file=name) from error
    finally:
        if loader is not None:
            loader.dispose()


def check_size(node: yaml.Node, name: str | Path) -> None:
    """Refuse aliases (`*a`) that expand to more than anyone writes by hand: lists of aliases of lists.

    Raises
    ------
    InputError
    """
    sizes: dict[int, int] = {}
    above: set[int] = set()

    def size(one: yaml.Node) -> int:
        if id(one) in above:
            raise wrong("an alias stands for something that it is itself a part of", file=name, row=row_of(one))
        if id(one) not in sizes:
            above.add(id(one))
            sizes[id(one)] = 1 + sum(size(child) for child in children(one))
            above.discard(id(one))
        return sizes[id(one)]

    if size(node) > MOST_VALUES:
        raise wrong(f"unfolds to more than {MOST_VALUES:,} values", file=name)


def check_keys(node: yaml.Node, name: str | Path) -> None:
    """Refuse a key that occurs twice in one mapping: only the last would count.

    Raises
    ------
    InputError
    """
    seen: set[int] = set()
    left = [node]
    while left:
        one = left.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        left += children(one)
        rows: dict[str, int] = {}
        for key, _ in one.value if isinstance(one, yaml.MappingNode) else ():
            if isinstance(key, yaml.ScalarNode) and key.tag != MERGE:
                if key.value in rows:
                    raise wrong(
                        f"stands in row {rows[key.value]} too: give each a name of its own",
                        file=name,
                        row=row_of(key),
                        value=key.value,
                    )
                rows[key.value] = row_of(key)


def children(node: yaml.Node) -> list[yaml.Node]:
    """What a list or mapping holds; nothing for a single value."""
    if isinstance(node, yaml.MappingNode):
        return [part for pair in node.value for part in pair]
    return list(node.value) if isinstance(node, yaml.SequenceNode) else []


def row_of(node: yaml.Node) -> int:
    """The row in which it begins."""
    return int(node.start_mark.line) + 1
