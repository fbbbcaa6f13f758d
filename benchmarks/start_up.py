"""How long does a second `thuis run` take to its first month, and how much of that is settling?

Runs the command in new processes, in turn with the start kept in the cache and with `fresh_start=true`, and reads
`to_first_month` from summary.json: from the beginning of the process to the end of the first month.

    python benchmarks/start_up.py --rounds 5 region=vaals
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path


def to_first_month(words: list[str]) -> float:
    """Seconds of one run."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "out"
        command = [sys.executable, "-m", "experiments.cli.command", "run", *words, "years=1", f"out={out}"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        return json.loads((out / "summary.json").read_text(encoding="utf-8"))["seconds_by_part"]["to_first_month"]


def main() -> None:
    """Time both, in turn."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("words", nargs="*", default=["region=vaals"], help="of thuis run")
    options = parser.parse_args()
    to_first_month(options.words)  # compiles, and keeps the start
    found: dict[str, list[float]] = {"false": [], "true": []}
    for _ in range(options.rounds):
        for fresh, seconds in found.items():
            seconds.append(to_first_month([*options.words, f"fresh_start={fresh}"]))
    for fresh, name in (("false", "start kept"), ("true", "settled anew")):
        seconds = sorted(found[fresh])
        print(f"{name}: {statistics.median(seconds):.2f} s to the first month ({seconds[0]:.2f} to {seconds[-1]:.2f})")


if __name__ == "__main__":
    main()
