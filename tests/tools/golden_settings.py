"""The golden digests in every setting that could matter: each in a process of its own, two at a time.

    .venv/bin/python tests/tools/golden_settings.py              all settings, with this Python
    .venv/bin/python tests/tools/golden_settings.py "plain processor"   only this one
    make golden                                            the same, and again with Python 3.13 where there is one

A setting may compile the whole engine anew, so each takes up to some minutes; `.ci/run` calls this.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

GOLDEN = Path(__file__).with_name("golden.py")
LOCALE = "nl_NL.UTF-8"  # a comma in numbers, and other words for months
AT_ONCE = 2

# Neither the compiler nor NumPy nor its linear algebra may use more than every 64-bit processor has.
PLAIN = {"NUMBA_CPU_NAME": "generic", "NUMBA_CPU_FEATURES": "", "OPENBLAS_CORETYPE": "Nehalem"}


@dataclass(frozen=True)
class Setting:
    """A setting: variables of the environment, words for `golden.py`, and how often it runs with one cache."""

    variables: dict[str, str] = field(default_factory=dict)
    words: tuple[str, ...] = ()
    fresh_cache: bool = False
    plain_numpy: bool = False
    locale: str = ""


SETTINGS = {
    "one thread": Setting(words=("--threads", "1")),
    "two threads": Setting(words=("--threads", "2")),
    "stopped and gone on": Setting(words=("--resumed",)),
    "all with the agents driver": Setting(words=("--driver", "agents")),
    "locale C": Setting({"LC_ALL": "C", "PYTHONUTF8": "0"}),
    "locale with decimal comma": Setting(locale=LOCALE),
    "compiled anew, then kept": Setting(fresh_cache=True),
    "plain processor, compiled anew, then kept": Setting(PLAIN, fresh_cache=True, plain_numpy=True),
}


def dispatched() -> str:
    """The processor features NumPy would choose code for, to be disabled."""
    import numpy._core._multiarray_umath as umath

    return " ".join(name for name in umath.__cpu_dispatch__ if umath.__cpu_features__[name])


def make_locale(folder: Path) -> bool:
    """Make the locale in a folder; False where the system has no means to."""
    made = shutil.which("localedef") and subprocess.run(
        ["localedef", "-c", "-i", "nl_NL", "-f", "UTF-8", str(folder / LOCALE)], capture_output=True
    )
    return (folder / LOCALE).is_dir() if made else False


def check(name: str, python: str = sys.executable) -> tuple[bool, str]:
    """Run one setting; whether its digests are the golden ones, and a line about it."""
    setting = SETTINGS[name]
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="thuis-golden-") as folder:
        variables = os.environ | setting.variables
        if setting.plain_numpy:
            variables["NPY_DISABLE_CPU_FEATURES"] = dispatched()
        if setting.fresh_cache:
            variables["NUMBA_CACHE_DIR"] = folder
        if setting.locale:
            if not make_locale(Path(folder)):
                return True, f"golden: {name}: skipped, no localedef here to make {LOCALE} with"
            variables |= {"LC_ALL": LOCALE, "LOCPATH": folder}
        words = [python, str(GOLDEN), *setting.words, *(["--locale"] if setting.locale else [])]
        for _ in range(2 if setting.fresh_cache else 1):
            ended = subprocess.run(words, env=variables, capture_output=True, text=True)
            if ended.returncode:
                return False, f"golden: {name}: {ended.stdout}{ended.stderr[-2000:]}"
    return True, f"golden: {name}: as it should be ({time.perf_counter() - began:.0f} s)"


def main(words: list[str]) -> int:
    """Run the settings named, or all; the exit code is 1 where a digest differs."""
    unknown = [name for name in words if name not in SETTINGS]
    if unknown:
        print(f"golden: unknown setting {unknown[0]!r} (allowed: {', '.join(SETTINGS)})", file=sys.stderr)
        return 2
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = []
        for good, line in pool.map(check, words or list(SETTINGS)):
            print(line, flush=True)
            found.append(good)
    return int(not all(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
