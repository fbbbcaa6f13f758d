"""How the project's own YAML files are read."""

from importlib import resources
from typing import Any

import yaml

# libyaml, ten times as fast, where PyYAML was built with it. Both loaders make plain values only.
Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read_yaml(package: str, name: str) -> Any:
    """The content of a YAML file of ours.

    Parameters
    ----------
    package : str
        Where it lies, such as ``conf``.
    name : str
        File name, such as ``levers.yaml``.
    """
    text = (resources.files(package) / name).read_text(encoding="utf-8")
    return yaml.load(text, Loader)  # noqa: S506 - a SafeLoader
