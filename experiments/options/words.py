"""Parser of the arguments of a command, as declared with each command."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from experiments.options.declaration import declared, unknown_option
from experiments.options.parameter_file import parameter_values
from experiments.options.values import read_text, read_value
from scenarios.errors import InputError, close_matches

HELP = ("--help", "-h", "help")
REGION_KEYS = ("name", "table", "codes", "extra", "geometry", "geometry_code", "adjacency", "scheme", "areas", "year",
               "arrivals", "homes")  # fmt: skip
REGION_LISTS = ("codes", "extra", "homes")
REGION_SHORT = ("areas", "year", "arrivals", "homes")
"""Options of a region that may be written without `region.` before them."""
USUAL_REGION = "westland"
DOTTED = ("region", "policy", "parameters", "factors", "slurm")


@dataclass(frozen=True)
class Command:
    """Declaration of a command, from which its parser, help and completion are made.

    Attributes
    ----------
    name : str
        As it is typed after `thuis`.
    summary : str
        What it does, in a line or a few.
    options : type
        Dataclass of the options that are plain values, see `experiments.options.declaration`.
    parts : tuple of str
        Which of `DOTTED` it takes as well: a region, a policy, parameters of the model, factors, options of Slurm.
    operands : str
        Words without =, as the help shows them; empty where there are none.
    usual_region : str
        The region when none is given.
    usage, examples : tuple of str
        Lines for the help.
    notes : str
        More for the help.
    """

    name: str
    summary: str
    options: type
    parts: tuple[str, ...] = ()
    operands: str = ""
    usual_region: str = USUAL_REGION
    usage: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    notes: str = ""

    def known_keys(self) -> list[str]:
        """Every key that can be set, dotted."""
        from sim.parameters import Parameters

        found = list(declared(self.options))
        if "region" in self.parts:
            found += ["region", *(f"region.{key}" for key in REGION_KEYS)]
        if "policy" in self.parts:
            found.append("policy")
        if "parameters" in self.parts:
            found += [f"parameters.{name}" for name in declared(Parameters)]
        return found


@dataclass
class Request:
    """The request made by the arguments of a command.

    Attributes
    ----------
    values : dict
        Plain options by name.
    region, parameters, factors, slurm : dict
        What follows the dot, to its value; the region's name is under `name`.
    policy : str, dict or None
        Name or file, or in Python its content; None where nothing says.
    policy_changes : dict
        Dotted levers and times, to their values.
    policy_added : set of str
        Those of them that were written with a +: the package need not have them.
    operands : list of str
        Words that are not KEY=VALUE.
    usual_region : str
        The region where no word names one.
    """

    values: dict[str, Any] = field(default_factory=dict)
    region: dict[str, Any] = field(default_factory=dict)
    policy: Any = None
    policy_changes: dict[str, Any] = field(default_factory=dict)
    policy_added: set[str] = field(default_factory=set)
    parameters: dict[str, Any] = field(default_factory=dict)
    factors: dict[str, Any] = field(default_factory=dict)
    slurm: dict[str, Any] = field(default_factory=dict)
    operands: list[str] = field(default_factory=list)
    usual_region: str = USUAL_REGION

    @property
    def given(self) -> set[str]:
        """Keys that were given; of parameters with their names."""
        parts = {"region": self.region, "policy": self.policy or self.policy_changes}
        return {*self.values, *(k for k, v in parts.items() if v), *(f"parameters.{name}" for name in self.parameters)}

    def nested(self) -> dict[str, Any]:
        """What was given as one mapping, such as `experiments.options.settings.settings_from` takes."""
        found: dict[str, Any] = dict(self.values)
        if self.region or self.usual_region != USUAL_REGION:
            found["region"] = {"name": self.usual_region} | self.region
        if self.policy is not None or self.policy_changes:
            from experiments.options.policy_words import changed_policy, chosen_policy

            name = chosen_policy(self.policy, self.policy_changes)
            found["policy"] = changed_policy(name, self.policy_changes, self.policy_added)
        if self.parameters:
            found["parameters"] = self.parameters
        return found


def asks_for_help(words: Sequence[str]) -> bool:
    """Whether the arguments request help."""
    return any(word in HELP for word in words)


def read_words(command: Command, words: Sequence[str]) -> Request:
    """The values that the words give: KEY=VALUE, or --KEY VALUE; --KEY alone for an option that is true or false.

    Raises
    ------
    InputError
        A word that cannot be read, or a key that the command does not have.
    """
    request, rest = Request(usual_region=command.usual_region), list(words)
    while rest:
        word = rest.pop(0)
        if word.startswith("-"):
            word = from_flag(command, word, rest)
        key, equals, text = word.partition("=")
        if equals:
            take(command, request, key, text)
        elif command.operands:
            request.operands.append(word)
        else:
            hint = close_matches(word, command.known_keys())
            raise InputError(f"'{word}' has no value; options are written KEY=VALUE{hint}")
    return request


def only_operand(command: Command, request: Request) -> str:
    """The one thing that a command is about, such as a folder.

    Raises
    ------
    InputError
        None is given, or several; the line shows the command's own example.
    """
    if len(request.operands) != 1:
        example = next(each for each in command.examples if each.startswith(f"thuis {command.name} "))
        raise InputError(f"give one {command.operands}, as in: {example}")
    return request.operands[0]


def from_flag(command: Command, word: str, rest: list[str]) -> str:
    """A word such as --out FOLDER or --quick as KEY=VALUE; takes the value from the words that follow."""
    name, equals, text = word.partition("=")
    key = name.lstrip("-").replace("-", "_")
    known = declared(command.options)
    if key not in known or not name.startswith("--"):
        hint = close_matches(key, known)
        raise InputError(
            f"unknown flag {name}{hint} (options are written KEY=VALUE; list: thuis {command.name} --help)"
        )
    if equals:
        return f"{key}={text}"
    if known[key]["kind"] == "flag":
        return f"{key}=true"
    if not rest:
        raise InputError(f"{word} has no value; write {key}=VALUE")
    return f"{key}={rest.pop(0)}"


def take(command: Command, request: Request, key: str, text: str) -> None:
    """Store one KEY=VALUE."""
    if key in REGION_SHORT and "region" in command.parts and key not in declared(command.options):
        key = f"region.{key}"
    first, _, inner = key.lstrip("+").partition(".")
    if first not in command.parts:
        known = declared(command.options)
        if key not in known:
            raise unknown_option(key, command.known_keys(), command.name)
        request.values[key] = option_value(key, text, known[key])
    elif first == "region":
        take_region(command, request, key, text)
    elif first == "policy" and not inner:
        request.policy = read_text(key, text)
    elif first == "policy":
        request.policy_changes[inner] = read_value(key, text)
        request.policy_added |= {inner} if key.startswith("+") else set()
    elif key == "parameters":
        request.parameters = parameter_values(str(read_text(key, text))) | request.parameters
    elif first == "parameters" and inner and key not in command.known_keys():
        raise unknown_option(key, command.known_keys(), command.name)
    elif inner:
        getattr(request, first)[inner] = read_value(key, text)
    else:
        raise InputError(f"{key}={text}: set one of its parts instead, such as {key}.NAME=VALUE")


def take_region(command: Command, request: Request, key: str, text: str) -> None:
    """Store region=NAME or region.KEY=VALUE."""
    _, _, inner = key.partition(".")
    if not inner:
        request.region["name"] = unquoted(text)  # a name may hold a quote, as 's-Gravenhage, or a comma
    elif inner not in REGION_KEYS:
        raise unknown_option(key, command.known_keys(), command.name)
    elif inner in REGION_LISTS or inner == "year":
        request.region[inner] = read_value(key, text)
    else:
        request.region[inner] = read_text(key, text)


def unquoted(text: str) -> str:
    """A text without the pair of quotes that may be around it."""
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"" else text


def option_value(key: str, text: str, about: Mapping[str, Any]) -> Any:
    """The value of a plain option; texts and names of files are taken as they stand."""
    return read_text(key, text) if about["kind"] in ("path", "text", "choice") else read_value(key, text)
