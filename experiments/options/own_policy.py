"""`policy=my_plan.yaml`: a policy from an own file, registered with Hydra as a choice beside those of conf/."""

import re
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

FILE = (".yaml", ".yml")


@contextmanager
def own_policies(words: list[str], parent: Path | None = None) -> Iterator[list[str]]:
    """Replace every policy file among the arguments by the name of a choice, which exists during the context.

    Parameters
    ----------
    parent : Path, optional
        Where the choice is written for other machines to see, and stays; else in a temporary folder.

    Raises
    ------
    InputError
        A file that is not there or not a policy.
    """
    chosen = [part for word in words if word.startswith("policy=") for part in word[7:].split(",")]
    files = [part for part in chosen if part.endswith(FILE)]
    if not files:
        yield words
        return
    with ExitStack() as stack:
        if parent is None:
            parent = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="thuis-policy-")))
        folder = parent.absolute()
        names = {file: write_choice(file, number, folder) for number, file in enumerate(files)}
        changed = [
            "policy=" + ",".join(names.get(part, part) for part in word[7:].split(","))
            if word.startswith("policy=")
            else word
            for word in words
        ]
        yield [*changed, f"hydra.searchpath=['file://{folder}']"]


def write_choice(file: str, number: int, folder: Path) -> str:
    """Write the policy of a file, its defaults filled in, where Hydra will find it; returns its name there."""
    import yaml

    from scenarios.policy.packages import read_package

    name = f"own{number}_{re.sub(r'[^A-Za-z0-9_]', '_', Path(file).stem)}"
    target = folder / "policy" / f"{name}.yaml"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(yaml.safe_dump(read_package(file), allow_unicode=True, sort_keys=False), encoding="utf-8")
    return name
