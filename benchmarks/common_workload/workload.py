"""The common workload of agent-based frameworks, defined once: what every program here does, and how it is timed.

A step, for each of N agents spread over 200 neighbourhoods and 8 groups:

1. per neighbourhood, from the agents: diversity D = 1 - sum p_g^2, and turnover V = who moved out or was replaced in
   the last step per resident;
2. belonging: b <- clip(b + 0.1 (0.8 - 0.3 D - 0.5 V - b) + 0.02 e, 0, 1), e normal (or near-normal) with SD 1;
3. with chance 0.005 the agent is replaced: another group at random, b = 0.5; else with chance 0.010 it moves to a
   neighbourhood at random.

Plain Python of the standard library, so that it runs wherever a framework does.
"""

import argparse
import json
import time
from collections.abc import Callable
from typing import Any, Protocol

NEIGHBOURHOODS, GROUPS = 200, 8
PULL, NOISE, BASE, ON_DIVERSITY, ON_TURNOVER = 0.1, 0.02, 0.8, 0.3, 0.5
REPLACED, MOVED, START = 0.005, 0.010, 0.5
SMALLEST_GROUP = 0.02  # groups at the start: unequal, so that diversity differs; see `group_shares`


class Model(Protocol):
    """A program of the workload."""

    def step(self) -> None:
        """Pass one step."""

    def state(self) -> dict[str, float]:
        """`mean` and `sd` of belonging, and `moved` and `replaced` agents in the last step."""


def group_shares() -> list[float]:
    """Shares of the groups at the start."""
    raw = [SMALLEST_GROUP * 1.7**g for g in range(GROUPS)]
    return [share / sum(raw) for share in raw]


def measure(framework: str, version: str, make: Callable[[int, int, int], Model]) -> None:
    """Run a program as the command line asks, and print its times and final state as one line of JSON.

    Parameters
    ----------
    make : callable
        From the number of agents, threads and a seed to a model.
    """
    parser = argparse.ArgumentParser(description=f"The common workload in {framework}.")
    parser.add_argument("--agents", type=int, default=1_000_000)
    parser.add_argument("--steps", type=int, default=10, help="steps that are timed, after two that are not")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    began = time.perf_counter()
    model = make(options.agents, options.threads, options.seed)
    model.step()  # compiles what is compiled
    model.step()
    made = time.perf_counter() - began
    seconds, moved, replaced = [], 0.0, 0.0
    for _ in range(options.steps):
        begin = time.perf_counter()
        model.step()
        seconds.append(time.perf_counter() - begin)
        state = model.state()
        moved += state["moved"] / options.agents / options.steps
        replaced += state["replaced"] / options.agents / options.steps
    told: dict[str, Any] = {
        "framework": framework,
        "version": version,
        "agents": options.agents,
        "threads": options.threads,
        "seconds_before": made,
        "seconds": seconds,
        "state": {"mean": state["mean"], "sd": state["sd"], "moved": moved, "replaced": replaced},
    }
    print(json.dumps(told), flush=True)
