"""`thuis run`: reads the arguments, checks everything, and then starts the run."""

import os
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path


def main(argv: Sequence[str]) -> int:
    """Run `thuis run` with these arguments."""
    words = list(argv)
    from experiments.options.requests import read_runs
    from experiments.options.words import asks_for_help
    from experiments.run.single_run import run_settings

    if asks_for_help(words) or {"--parameters", "--options"} & set(words):
        from experiments.run.help import all_options, all_parameters, run_help

        print(all_parameters() if "--parameters" in words else all_options() if "--options" in words else run_help())
        return 0
    began = time.perf_counter()
    if sys.argv[2:] == words:
        began -= seconds_of_process()
    if not is_several(words):
        for request in read_runs(words):
            run_settings(request.settings, request.given, began)
    else:
        run_several(words)
    return 0


def run_several(words: list[str]) -> None:
    """Read several runs, check them all, and then run them, one after another or by a launcher.

    Raises
    ------
    InputError
        Something is wrong in one of them: none has begun.
    """
    from experiments.options.compose import forget
    from experiments.options.own_policy import own_policies
    from experiments.options.requests import read_runs
    from experiments.run.launching import BASIC, launch, launcher_of, without_launcher
    from experiments.run.several_runs import run_each
    from experiments.run.single_run import checked, run_settings

    words = with_named_policy(words)
    launcher = launcher_of(words)
    requests = read_runs(without_launcher(words))
    folders = [Path(str(request.settings.options.out)) for request in requests]
    try:
        for request in requests:
            checked(request.settings, request.given)
    except Exception:
        forget(folders)
        raise
    if launcher == BASIC:
        run_each(folders, [partial(run_settings, request.settings, request.given) for request in requests])
        return
    common = folders[0].parent
    with own_policies(words, common / ".policies") as known:
        launch([*known, f"hydra.sweep.dir={common}"], folders)
    print(f"{len(folders)} runs done in {common}")


def is_several(words: list[str]) -> bool:
    """Whether the words ask for several runs."""
    return "-m" in words or "--multirun" in words


def with_named_policy(words: list[str]) -> list[str]:
    """Add the policy whose measures the arguments set, where no policy is chosen.

    So policy.libraries.funding=0.5,1 alone means policy=libraries policy.libraries.funding=0.5,1.
    """
    from experiments.options.policy_words import chosen_policy

    changed = [word.partition("=")[0].removeprefix("policy.") for word in words if word.startswith("policy.")]
    if not changed or any(word.lstrip("+~").startswith(("policy=", "policy@")) for word in words):
        return words
    chosen = chosen_policy(None, changed, "")
    return [*words, f"policy={chosen}"] if chosen else words


def seconds_of_process() -> float:
    """Seconds since this process was started, Python's own start included."""
    try:  # Linux: since the machine was started, to a hundredth (psutil knows that moment to a second only)
        begun = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
        return max(time.clock_gettime(time.CLOCK_BOOTTIME) - begun, 0.0)
    except (OSError, AttributeError, ValueError, IndexError):
        import psutil

        return max(time.time() - psutil.Process().create_time(), 0.0)
