"""An odd input: words or a program, what lies beside it, and the exit code that is right."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Odd:
    """An odd input.

    Attributes
    ----------
    what : str
        What it is, for the table.
    words : str
        Words after `thuis`; or, where `script` is given, nothing.
    code : int
        The exit code that is right.
    files : dict
        Text by name, in the folder in which it runs.
    script : str
        A Python program that is run instead.
    setting : dict
        Variables of the environment.
    warned : bool
        Whether it runs and the line to show is the warning.
    foreign : bool
        Whether Python's own word is right: the program asks for a module of an older version.
    operand : str
        What follows the name of the program.
    before : str
        A command or program that makes something first, and ends well.
    """

    what: str
    words: str = ""
    code: int = 2
    files: dict[str, str] = field(default_factory=dict)
    script: str = ""
    setting: dict[str, str] = field(default_factory=dict)
    warned: bool = False
    foreign: bool = False
    operand: str = ""
    before: str = ""
