# ruff: noqa: NPY002  (inside compiled functions these are Numba's own generators)
"""The common workload in LASER: properties of a LaserFrame, passed over by Numba functions on all threads."""

from importlib import metadata

import numba as nb
import numpy as np
import workload as w
from laser.core import LaserFrame


@nb.njit(parallel=True, nogil=True)
def census(home, group, counts):
    """Agents by neighbourhood and group, a table per thread."""
    for n in nb.prange(len(home)):
        counts[nb.get_thread_id(), home[n], group[n]] += 1


@nb.njit(parallel=True, nogil=True)
def live(home, group, belonging, goal, left, seen):
    """Belong, and then perhaps make way for another or move."""
    for n in nb.prange(len(home)):
        b = belonging[n] + np.float32(w.PULL) * (goal[home[n]] - belonging[n])
        b += np.float32(w.NOISE) * np.float32(np.random.normal())
        belonging[n] = min(max(b, np.float32(0)), np.float32(1))
        event = np.random.random()
        if event < w.REPLACED + w.MOVED:
            thread = nb.get_thread_id()
            left[thread, home[n]] += 1
            if event < w.REPLACED:
                group[n] = np.random.randint(0, w.GROUPS)
                belonging[n] = np.float32(w.START)
                seen[thread, 0] += 1
            else:
                home[n] = np.random.randint(0, w.NEIGHBOURHOODS)
                seen[thread, 1] += 1


class Population:
    """A frame of agents."""

    def __init__(self, agents: int, threads: int, seed: int) -> None:
        nb.set_num_threads(threads)
        self.threads = threads
        rng = np.random.default_rng(seed)
        self.people = LaserFrame(agents)
        self.people.add_scalar_property("home", dtype=np.int32)
        self.people.add_scalar_property("group", dtype=np.uint8)
        self.people.add_scalar_property("belonging", dtype=np.float32, default=w.START)
        self.people.home[:] = rng.integers(0, w.NEIGHBOURHOODS, agents)
        self.people.group[:] = rng.choice(w.GROUPS, agents, p=w.group_shares())
        self.left = np.zeros(w.NEIGHBOURHOODS)
        self.seen = np.zeros((threads, 2), np.int64)

    def step(self) -> None:
        """Pass one step."""
        p = self.people
        counts = np.zeros((self.threads, w.NEIGHBOURHOODS, w.GROUPS), np.int64)
        census(p.home, p.group, counts)
        people = counts.sum(axis=0)
        residents = np.maximum(people.sum(axis=1), 1)
        diversity = 1 - ((people / residents[:, None]) ** 2).sum(axis=1)
        goal = (w.BASE - w.ON_DIVERSITY * diversity - w.ON_TURNOVER * self.left / residents).astype(np.float32)
        left = np.zeros((self.threads, w.NEIGHBOURHOODS), np.int64)
        self.seen[:] = 0
        live(p.home, p.group, p.belonging, goal, left, self.seen)
        self.left = left.sum(axis=0)

    def state(self) -> dict[str, float]:
        """See `workload.Model`."""
        replaced, moved = self.seen.sum(axis=0)
        b = self.people.belonging.astype(np.float64)
        return {"mean": float(b.mean()), "sd": float(b.std()), "moved": int(moved), "replaced": int(replaced)}


if __name__ == "__main__":
    w.measure("LASER", metadata.version("laser-core"), Population)
