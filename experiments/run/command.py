"""`thuis run`: the configuration is composed, everything is checked, and then the run begins."""

import os
import sys
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from experiments.options.compose import Wish, compose, forget, is_several
from experiments.run.single_run import checked, run_settings

HELP = ("--help", "-h", "help")


def main(argv: Sequence[str]) -> int:
    """Run `thuis run` with these words."""
    words = list(argv)
    if any(word in HELP for word in words):
        from experiments.run.help import run_help

        print(run_help())
        return 0
    check_words(words)
    compose_and_run(words)
    return 0


def check_words(words: list[str]) -> None:
    """Refuse words that Hydra would answer with a page of its own.

    Raises
    ------
    InputError
    """
    from experiments.options.hydra_errors import check_word

    for word in words:
        check_word(word)


def compose_and_run(words: list[str]) -> None:
    """Compose what is asked for (several runs with -m), check it all, and then run."""
    from experiments.run.launching import launcher_of, without_launcher

    began = time.perf_counter()
    if sys.argv[2:] == words:
        began -= seconds_of_process()
    words = with_named_policy(words)
    launcher = launcher_of(words)
    wishes = compose(without_launcher(words))
    if len(wishes) == 1 and not is_several(words):
        run_settings(wishes[0].settings, wishes[0].given, began)
    elif wishes:
        run_several(words, launcher, wishes)


def run_several(words: list[str], launcher: str, wishes: list[Wish]) -> None:
    """Check several runs and then do them, one after another or as a launcher does."""
    from experiments.options.own_policy import own_policies
    from experiments.run.launching import BASIC, launch
    from experiments.run.several_runs import run_each

    places = [Path(str(wish.settings.options.out)) for wish in wishes]
    try:
        for wish in wishes:
            checked(wish.settings, wish.given)
    except Exception:
        forget(places)
        raise
    if launcher == BASIC:
        run_each(places, [partial(run_settings, wish.settings, wish.given) for wish in wishes])
        return
    common = places[0].parent
    with own_policies(words, common / ".policies") as known:
        launch([*known, f"hydra.sweep.dir={common}"], places)
    print(f"{len(places)} runs done in {common}")


def with_named_policy(words: list[str]) -> list[str]:
    """The words with the policy whose measures they set, where no policy is chosen.

    So policy.libraries.funding=0.5,1 alone means policy=libraries policy.libraries.funding=0.5,1.
    """
    keys = [word.partition("=")[0].split(".") for word in words if word.startswith("policy.")]
    measures = {key[1] for key in keys if len(key) > 2}
    if not measures or any(word.lstrip("+~").startswith(("policy=", "policy@")) for word in words):
        return words
    from scenarios.policy.packages import package_with

    name = package_with(measures)
    return words if name is None else [*words, f"policy={name}"]


def seconds_of_process() -> float:
    """Seconds since this process was started: what the user has waited for, Python's own start and all."""
    try:  # Linux: since the machine was started, to a hundredth (psutil knows that moment to a second only)
        begun = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]) / os.sysconf("SC_CLK_TCK")
        return max(time.clock_gettime(time.CLOCK_BOOTTIME) - begun, 0.0)
    except (OSError, AttributeError, ValueError, IndexError):
        import psutil

        return max(time.time() - psutil.Process().create_time(), 0.0)
