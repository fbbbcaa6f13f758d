"""The documentation: its examples run, its commands exist and take their options, its generated parts are whole."""

import re
import shlex
import sys
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest

from experiments.cli.command import find_command
from experiments.cli.commands import COMMANDS
from tests.tools.paths import REPOSITORY

PAGES = [REPOSITORY / "README.md", *sorted((REPOSITORY / "docs").glob("*.md"))]
BLOCK = re.compile(r"^<!-- tested -->\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SHELL = re.compile(r"^```(?:sh|bash|console)?\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLACEHOLDER = re.compile(r"[A-Z]{3,}|…|\.\.\.")  # thuis run KEY=VALUE, policy=FILE.yaml


def name_of(page: Path) -> str:
    """The page's name, for the list of tests."""
    return page.name


def reference() -> ModuleType:
    """docs/generate_reference.py, with the path of imports left as it was."""
    before = list(sys.path)
    spec = spec_from_file_location("generate_reference", REPOSITORY / "docs" / "generate_reference.py")
    assert spec and spec.loader
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    finally:
        sys.path[:] = before
    return module


def commands_in(text: str) -> list[list[str]]:
    """Words after `thuis` of every command in shell blocks and in inline code that is meant to be typed."""
    lines = [line for block in SHELL.findall(text) for line in block.replace("\\\n", " ").splitlines()]
    lines += re.findall(r"`(thuis [^`\n]+)`", text)
    words = [shlex.split(line, comments=True) for line in lines if line.startswith("thuis ")]
    return [found[1:] for found in words if not any(PLACEHOLDER.search(word) for word in found)]


@pytest.mark.parametrize("page", [page for page in PAGES if BLOCK.search(page.read_text())], ids=name_of)
def test_examples_run(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks marked as tested run one after another in an empty folder."""
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {"__name__": "example"}
    for code in BLOCK.findall(page.read_text()):
        exec(compile(code, page.name, "exec"), names)


def take_run(words: list[str]) -> object:
    """The runs that the words ask for; of twenty seeds two, for each run is composed and checked.

    Of a row of a sweep (from=) the other words are: the sweep is not there.
    """
    words = [word for word in words if not word.startswith("from=")]
    words = [word.replace("range(1,21)", "range(1,3)") for word in words]
    from experiments.options.requests import read_runs
    from experiments.run.command import with_named_policy
    from experiments.run.launching import without_launcher

    return read_runs(without_launcher(with_named_policy(words))) or None


def take_comparison(words: list[str]) -> object:
    """The design of a comparison."""
    from experiments.compare.command import COMMAND
    from experiments.compare.design import design_from
    from experiments.options.words import read_words

    return design_from(read_words(COMMAND, words).nested())


def take_sweep(words: list[str]) -> object:
    """The plan of a sweep, where the words ask for a new one of the model."""
    from experiments.sweep.planning import make_plan
    from experiments.sweep.request import read_sweep

    if not words or "=" not in words[0] or any(word.startswith(("model=", "table=", "design=file")) for word in words):
        return words
    return make_plan(read_sweep(words))


TAKES = {"run": take_run, "compare": take_comparison, "sweep": take_sweep}


@pytest.mark.parametrize("page", [page for page in PAGES if commands_in(page.read_text())], ids=name_of)
def test_commands_exist_and_take_their_options(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every `thuis` command shown is installed; runs, comparisons and sweeps are composed and checked, not run."""
    monkeypatch.chdir(tmp_path)
    Path("my_plan.yaml").write_text("name: my_plan\nopen: {facilities: library, funding: 2}\n")
    own = "def lonely(model): ...\ndef enough(model): ...\nclass Lonely:\n    def belong(self): ...\n"
    for name in ("mine.py", "lonely.py"):  # files that the pages speak of
        Path(name).write_text(own)
    for words in commands_in(page.read_text()):
        for path in (Path(word.removeprefix("parameters=")) for word in words if word.startswith("parameters=")):
            path.parent.mkdir(exist_ok=True)  # of a calibration shown before it
            path.write_text("base: 0.6\n")
        if words[0].startswith("--"):
            continue
        assert words[0] in COMMANDS and find_command(words[0]), f"{page.name}: thuis {' '.join(words)}"
        if words[0] in TAKES and not {"--cfg", "--help", "--options", "--parameters"} & set(words):
            given = [word for word in words[1:] if not word.endswith("posterior.parquet")]  # made by a calibration
            assert TAKES[words[0]](given) is not None, f"{page.name}: thuis {' '.join(words)}"


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_help_of_every_command(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    """A command that is there explains itself."""
    function = find_command(command)
    if function is None:
        pytest.skip(f"thuis {command} is not there yet")
    try:
        code = function(["--help"])
    except SystemExit as stop:  # argparse
        code = stop.code
    assert code in (0, None) and command in capsys.readouterr().out


def test_links_between_files_hold() -> None:
    """Every relative link of the README and the pages leads to a file."""
    for page in [*PAGES, REPOSITORY / "SECURITY.md", REPOSITORY / "CHANGELOG.md"]:
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", page.read_text()):
            if "://" not in target:
                assert (page.parent / target).exists(), f"{page.name} links to {target}"


def test_generated_parts_are_whole() -> None:
    """Pages ask for parts that exist, and the reference names every parameter, option, phase and rule."""
    import sim.rules
    from experiments.options.settings import Options
    from sim.parameters import Parameters
    from sim.parameters.declaration import describe
    from sim.phases.month import PHASES

    made = reference()
    pages = {page.stem: page.read_text() for page in PAGES}
    requested = {part for text in pages.values() for part in made.MARKER.findall(text)}
    assert {"parameters", "options", "phases", "rules", "found"} <= requested <= set(made.PARTS)
    wanted = {
        "parameters": list(describe(Parameters)),
        "configuration": list(Options.__dataclass_fields__),
        "model": list(PHASES),
        "equations": list(sim.rules.__all__),
    }
    for page, names in wanted.items():
        text = made.fill(pages[page])
        missing = [name for name in names if f"`{name}`" not in text]
        assert not missing, f"{page}.md lacks {missing}"


def test_every_rule_stands_beside_its_equation() -> None:
    """The page of equations shows the code of every rule."""
    import sim.rules

    shown = re.findall(r":pyobject: (\w+)", (REPOSITORY / "docs" / "equations.md").read_text())
    assert set(sim.rules.__all__) <= set(shown)


@pytest.mark.slow
@pytest.mark.skipif(find_spec("sphinx") is None or find_spec("myst_parser") is None, reason="Sphinx is not installed")
def test_documentation_builds_without_warnings(tmp_path: Path) -> None:
    import subprocess

    words = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html", "docs", str(tmp_path / "html")]
    built = subprocess.run(words, cwd=REPOSITORY, capture_output=True, text=True, timeout=600)
    assert built.returncode == 0, built.stderr


def test_every_place_that_the_glossary_and_the_rooms_name_exists() -> None:
    for page in ("glossary.md", "contributing.md", "model.md", "equations.md"):
        text = (REPOSITORY / "docs" / page).read_text(encoding="utf-8")
        named = re.findall(r"`((?:sim|agents|scenarios|experiments|browser|conf|tests)/[\w./]+)`", text)
        assert not [name for name in named if not (REPOSITORY / name).exists()], page
        for file, name in re.findall(r"literalinclude\} \.\./(\S+)\n:pyobject: (\w+)", text):
            assert re.search(rf"^(def|class) {name}\b", (REPOSITORY / file).read_text(encoding="utf-8"), re.M), (
                page,
                name,
            )
