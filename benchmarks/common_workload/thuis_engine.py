"""The common workload in the style of Thuis' engine: columns, blocks that fit in cache, draws keyed by agent and step.

The result is the same for any number of threads and every seed: whole-number sums, and no draw that depends on order.
"""

from importlib import metadata

import numpy as np
import workload as w

from sim.machine.arithmetic import allocating, compiled
from sim.machine.draws import bell, draw, pick, seed_key, uniform
from sim.machine.threads import ThreadPool

BLOCK = 512
PURPOSE = 1


@compiled
def census(part, low, high, home, group, counts):
    """Agents by neighbourhood and group, a table per thread."""
    counts = counts[part]
    counts[:] = 0
    for n in range(low, high):
        counts[home[n], group[n]] += 1


@compiled
def draw_block(first, count, seed, step, noise, event, target, new_group):
    """The four words of each agent."""
    for n in range(count):
        a, b, c, d = draw(seed, np.uint64(first + n), step, PURPOSE)
        noise[n] = bell(a)
        event[n] = uniform(b)
        target[n] = np.uint32(c)
        new_group[n] = np.uint32(d)


@compiled
def belong_block(belonging, goal, noise):
    """Everyone's belonging: no branch, so that many are worked on at once."""
    for n in range(len(belonging)):
        b = belonging[n] + np.float32(w.PULL) * (goal[n] - belonging[n]) + np.float32(w.NOISE) * noise[n]
        belonging[n] = min(max(b, np.float32(0)), np.float32(1))


@allocating
def pass_blocks(part, low, high, home, group, belonging, goal_of, left, seen, seed, step):
    """One step of the agents low to high - 1, a block at a time; `left` and `seen` are tables per thread."""
    noise, event, goal = np.empty(BLOCK, np.float32), np.empty(BLOCK, np.float32), np.empty(BLOCK, np.float32)
    target, new_group = np.empty(BLOCK, np.uint32), np.empty(BLOCK, np.uint32)
    left, seen = left[part], seen[part]
    left[:] = 0
    seen[:] = 0
    for start in range(low, high, BLOCK):
        count = min(BLOCK, high - start)
        here, who = home[start : start + count], group[start : start + count]
        draw_block(start, count, seed, step, noise, event, target, new_group)
        for n in range(count):
            goal[n] = goal_of[here[n]]
        belong_block(belonging[start : start + count], goal[:count], noise[:count])
        for n in range(count):
            if event[n] < np.float32(w.REPLACED + w.MOVED):
                left[here[n]] += 1
                if event[n] < np.float32(w.REPLACED):
                    who[n] = pick(np.uint64(new_group[n]), w.GROUPS)
                    belonging[start + n] = np.float32(w.START)
                    seen[0] += 1
                else:
                    here[n] = pick(np.uint64(target[n]), w.NEIGHBOURHOODS)
                    seen[1] += 1


class Engine:
    """Columns of the agents and the threads that share them."""

    def __init__(self, agents: int, threads: int, seed: int) -> None:
        self.pool, self.key, self.number = ThreadPool(threads), seed_key(seed), 0
        rng = np.random.default_rng(seed)
        self.home = rng.integers(0, w.NEIGHBOURHOODS, agents).astype(np.int32)
        self.group = rng.choice(w.GROUPS, agents, p=w.group_shares()).astype(np.uint8)
        self.belonging = np.full(agents, w.START, np.float32)
        self.counts = np.zeros((threads, w.NEIGHBOURHOODS, w.GROUPS), np.int64)
        self.left = np.zeros((threads, w.NEIGHBOURHOODS), np.int64)
        self.seen = np.zeros((threads, 2), np.int64)

    def step(self) -> None:
        """Pass one step."""
        bounds = self.pool.evenly(len(self.home))
        self.pool.share(census, bounds, self.home, self.group, self.counts)
        people = self.counts.sum(axis=0)
        residents = np.maximum(people.sum(axis=1), 1)
        diversity = 1 - ((people / residents[:, None]) ** 2).sum(axis=1)
        goal = w.BASE - w.ON_DIVERSITY * diversity - w.ON_TURNOVER * self.left.sum(axis=0) / residents
        self.pool.share(
            pass_blocks,
            bounds,
            self.home,
            self.group,
            self.belonging,
            goal.astype(np.float32),
            self.left,
            self.seen,
            self.key,
            self.number,
        )
        self.number += 1

    def state(self) -> dict[str, float]:
        """See `workload.Model`."""
        replaced, moved = self.seen.sum(axis=0)
        b = self.belonging.astype(np.float64)
        return {"mean": float(b.mean()), "sd": float(b.std()), "moved": int(moved), "replaced": int(replaced)}


if __name__ == "__main__":
    w.measure("Thuis' engine style", metadata.version("numba") + " (Numba)", Engine)
