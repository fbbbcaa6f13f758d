"""The `thuis` command: runs the sub-command, and turns every outcome into an exit code and at most one line.

Exit codes: 0 done, 2 a wrong input, 1 a failure, 130 an interrupt. THUIS_TRACEBACK=1 shows where a failure arose.
"""

import importlib
import os
import sys
from collections.abc import Callable, Sequence

from experiments.cli.commands import COMMANDS
from experiments.cli.console import plain_console
from experiments.cli.screen import make_readable

MOST_NUMBA_THREADS = 1024
DUTCH = "language=nl"
USAGE = """\
Thuis: feeling at home in neighbourhoods where people come and go, simulated person by person.

  thuis COMMAND ...

{commands}

  thuis COMMAND --help       options and examples of a command
  thuis --version            version
  thuis --completion SHELL   completion for bash, zsh or fish, such as:  eval "$(thuis --completion bash)"

Begin with:  thuis run region=vaals years=5
Exit codes: 0 done, 2 wrong input, 1 failure, 130 interrupt."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run `thuis` with these words (those of the process when left out) and return its exit code."""
    words = list(sys.argv[1:] if argv is None else argv)
    make_readable()
    with plain_console():
        return answer(words)


def answer(words: list[str]) -> int:
    """Dispatch, and turn every outcome into an exit code."""
    try:
        return dispatch(words)
    except SystemExit as stop:  # argparse and Hydra have already said why
        return stop.code if isinstance(stop.code, int) else (0 if stop.code is None else 1)
    except KeyboardInterrupt:
        print("thuis: gestopt" if DUTCH in words else "thuis: stopped", file=sys.stderr)
        return 130
    except BrokenPipeError:  # the reader of our output has gone, as in `thuis run --help | head`
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115
        return 0
    except Exception as error:
        return report(error, DUTCH in words)


def dispatch(words: list[str]) -> int:
    """Answer --help, --version and --completion, or hand over to a sub-command."""
    first = words[0] if words else "--help"
    if first in ("--help", "-h", "help"):
        width = max(map(len, COMMANDS))
        print(USAGE.format(commands="\n".join(f"  {name:<{width}}  {text}" for name, (_, text) in COMMANDS.items())))
        return 0
    if first == "--version":
        from experiments.results.version import version

        print(f"thuis {version()}")
        return 0
    if first == "--completion":
        from experiments.cli.completion import completion

        print(completion(words[1] if len(words) > 1 else ""))
        return 0
    if first not in COMMANDS:
        from difflib import get_close_matches

        near = get_close_matches(first, COMMANDS, 2)
        hint = f"; did you mean {' or '.join(near)}?" if near else ""
        return refuse(f"unknown command '{first}'{hint} (allowed: {', '.join(COMMANDS)})")
    fault = wrong_environment()
    if fault:
        return refuse(fault)
    function = find_command(first)
    if function is None:
        return refuse(f"{first}: this part of Thuis is not installed here")
    return function(words[1:])


def wrong_environment() -> str:
    """The environment variable that would end the compiler or take very long; empty where none would."""
    off, threads = os.environ.get("NUMBA_DISABLE_JIT", ""), os.environ.get("NUMBA_NUM_THREADS", "1")
    if off.strip() not in ("", "0"):
        return f"NUMBA_DISABLE_JIT={off} turns the compiler off, without which Thuis cannot simulate; unset it"
    if not threads.strip().isdigit() or not 1 <= int(threads) <= MOST_NUMBA_THREADS:
        return f"NUMBA_NUM_THREADS={threads} is not allowed; allowed is 1 to {MOST_NUMBA_THREADS}, or leave it out"
    return ""


def find_command(name: str) -> Callable[[list[str]], int] | None:
    """The function of a sub-command, or None where its module does not exist."""
    module, _, function = COMMANDS[name][0].partition(":")
    try:
        return getattr(importlib.import_module(module), function or "main")
    except ModuleNotFoundError as error:
        if error.name and (module == error.name or module.startswith(f"{error.name}.")):
            return None
        raise


def refuse(line: str) -> int:
    """Print what is wrong with the input, and return exit code 2."""
    print(f"thuis: {line}", file=sys.stderr)
    return 2


def report(error: Exception, dutch: bool = False) -> int:
    """One line for an error, and its exit code: 2 for a wrong input, 1 for a failure.

    Parameters
    ----------
    dutch : bool
        In Dutch, where the error has it.
    """
    if os.environ.get("THUIS_TRACEBACK") == "1":
        import traceback

        traceback.print_exception(error)
    own = getattr(error, "dutch", "") if dutch else ""
    line = " ".join((own or str(error)).split())
    if is_wrong_input(error):
        return refuse(line)
    if isinstance(error, MemoryError):
        line = "no memory left; choose fewer areas or a larger scale (scale=20 makes one agent of twenty residents)"
    elif any(kind.__name__ == "StoppedError" for kind in type(error).__mro__):
        pass
    elif isinstance(error, OSError):
        why = os.strerror(error.errno) if error.errno else error.strerror or error
        line = f"{error.filename or 'the disk'}: {why}"
    elif own := line_in_own(error):
        line = f"{own}: {type(error).__name__}: {line}"
    else:
        line = f"a fault of Thuis: {type(error).__name__}: {line} (THUIS_TRACEBACK=1 shows where)"
    print(f"thuis: {line}", file=sys.stderr)
    return 1


def line_in_own(error: Exception) -> str:
    """Where in the user's own lines an error arose; empty where it did not, or where none were asked for."""
    own = sys.modules.get("experiments.options.imported")  # imported only where something of the user's own was
    return own.line_in_own(error) if own is not None else ""


def is_wrong_input(error: Exception) -> bool:
    """Whether an error is one of the user's input; compared by name, so that --help imports nothing heavy."""
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & {"InputError", "ParameterError", "CheckpointError"})


if __name__ == "__main__":
    sys.exit(main())
