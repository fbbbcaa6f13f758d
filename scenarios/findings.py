"""What reading a table brings to light: notes on what was decided, and what is wrong."""

from dataclasses import dataclass, field

from scenarios.errors import InputError
from scenarios.notes import Note, Warned


@dataclass
class Findings:
    """Notes and problems found when reading a table.

    Attributes
    ----------
    notes : list of Note
        What was recognised, decided or left out.
    problems : list of InputError
        Errors; filled when ``collect`` is true, else the first is raised.
    collect : bool
    """

    notes: list[Note] = field(default_factory=list)
    problems: list[InputError] = field(default_factory=list)
    collect: bool = False

    def say(self, english: str, dutch: str) -> None:
        """Note something in both languages, once."""
        if english not in self.notes:
            self.notes.append(Note(english, dutch))

    def warn(self, english: str, dutch: str) -> None:
        """Note something that the user should look at before believing a result."""
        if english not in self.notes:
            self.notes.append(Warned(english, dutch))

    def refuse(self, problem: InputError) -> None:
        """Raise a problem, or keep it where all are collected."""
        if not self.collect:
            raise problem
        if str(problem) not in map(str, self.problems):
            self.problems.append(problem)
