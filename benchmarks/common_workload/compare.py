"""How fast is the common workload in Thuis' engine style beside other frameworks, on this machine, in one sitting?

Every framework runs in a process of its own, each time right after Thuis' style, so that a pair shares the machine's
mood; a ratio is of the fastest step of each, for whatever else the machine does only adds. First it is checked that
both did the same work.

    python benchmarks/common_workload/compare.py --peers /path/to/venv/bin/python
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
PEERS = {  # program: (steps that are timed, threads that it can use)
    "plain_numpy": (10, (1,)),
    "laser_frame": (10, (1, 2)),
    "starsim_module": (10, (1,)),
    "mesa_frames_set": (10, (1, 2)),
    "mesa_agents": (3, (1,)),
    "agentpy_agents": (3, (1,)),
}
TOGETHER = [program for program in PEERS if program != "mesa_frames_set"]  # which needs an environment of its own
TOLERANCE = {"mean": 0.004, "sd": 0.002, "moved": 0.0005, "replaced": 0.0004}


def run(python: str, program: str, agents: int, steps: int, threads: int, seed: int) -> dict[str, Any]:
    """What a program says of one run."""
    words = {"--agents": agents, "--steps": steps, "--threads": threads, "--seed": seed}
    command = [python, str(HERE / f"{program}.py"), *(str(part) for pair in words.items() for part in pair)]
    most = {"NUMBA_NUM_THREADS": str(threads), "POLARS_MAX_THREADS": str(threads)}
    known = os.environ | most | {"PYTHONPATH": str(HERE.parent.parent)}
    done = subprocess.run(command, env=known, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(f"{program}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'failed'}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def same_work(one: dict[str, Any], other: dict[str, Any]) -> None:
    """Stop when two programs do not agree on belonging, moves and replacements after as many steps."""
    for key, allowed in TOLERANCE.items():
        apart = abs(one["state"][key] - other["state"][key])
        if apart > allowed:
            raise SystemExit(
                f"{other['framework']} does other work than {one['framework']}: {key} differs by {apart:.4f}"
            )


def pair(options: argparse.Namespace, program: str, steps: int, threads: int, seed: int) -> dict[str, Any]:
    """One framework right after Thuis' style, and how many times as long a step takes."""
    ours = run(sys.executable, "thuis_engine", options.agents, steps, threads, seed)
    theirs = run(options.peers, program, options.agents, steps, threads, seed)
    same_work(ours, theirs)
    seconds = [min(told["seconds"]) for told in (ours, theirs)]
    return {"ours": ours, "theirs": theirs, "ratio": seconds[1] / seconds[0], "seconds": seconds}


def main() -> None:
    """Run all pairs, print a table and write the numbers."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", default=sys.executable, help="Python of an environment with the other frameworks")
    parser.add_argument("--agents", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", nargs="*", choices=PEERS, default=TOGETHER, help="some of the frameworks")
    parser.add_argument("--out", default="common_workload.jsonl", help="file to which each pair is added")
    options = parser.parse_args()
    for program in options.only:
        steps, all_threads = PEERS[program]
        for threads in all_threads:
            pairs = [pair(options, program, steps, threads, seed) for seed in range(1, options.rounds + 1)]
            with open(options.out, "a", encoding="utf-8") as file:
                file.writelines(json.dumps(each) + "\n" for each in pairs)
            ours, theirs = (statistics.median(each["seconds"][at] for each in pairs) for at in (0, 1))
            ratios = sorted(each["ratio"] for each in pairs)
            about = pairs[0]["theirs"]
            name = f"{about['framework']} {about['version']}, {threads} thread{'s' * (threads > 1)}"
            print(
                f"{name}: {1e3 * theirs:.1f} ms a step, Thuis' style {1e3 * ours:.2f} ms "
                f"({options.agents / ours / 1e6:.0f} million agents per second); "
                f"ratio {statistics.median(ratios):.1f} ({ratios[0]:.1f} to {ratios[-1]:.1f})",
                flush=True,
            )


if __name__ == "__main__":
    main()
