"""The common workload in plain NumPy: no framework, whole arrays."""

import numpy as np
import workload as w


class Population:
    """Columns of the agents."""

    def __init__(self, agents: int, threads: int, seed: int) -> None:
        self.rng = np.random.default_rng(seed)
        self.home = self.rng.integers(0, w.NEIGHBOURHOODS, agents, dtype=np.int32)
        self.group = self.rng.choice(w.GROUPS, agents, p=w.group_shares()).astype(np.int32)
        self.belonging = np.full(agents, w.START, np.float32)
        self.left = np.zeros(w.NEIGHBOURHOODS)
        self.moved = self.replaced = 0

    def step(self) -> None:
        """Pass one step."""
        cells = np.bincount(self.home * w.GROUPS + self.group, minlength=w.NEIGHBOURHOODS * w.GROUPS)
        people = cells.reshape(w.NEIGHBOURHOODS, w.GROUPS)
        residents = np.maximum(people.sum(axis=1), 1)
        diversity = 1 - ((people / residents[:, None]) ** 2).sum(axis=1)
        goal = w.BASE - w.ON_DIVERSITY * diversity - w.ON_TURNOVER * self.left / residents
        b = self.belonging
        b += np.float32(w.PULL) * (goal.astype(np.float32)[self.home] - b)
        b += np.float32(w.NOISE) * self.rng.standard_normal(len(b), dtype=np.float32)
        np.clip(b, 0, 1, out=b)
        event = self.rng.random(len(b), dtype=np.float32)
        leaving = np.flatnonzero(event < w.REPLACED + w.MOVED)
        self.left = np.bincount(self.home[leaving], minlength=w.NEIGHBOURHOODS)
        goes = event[leaving] < w.REPLACED
        replaced, moved = leaving[goes], leaving[~goes]
        self.group[replaced] = self.rng.integers(0, w.GROUPS, len(replaced))
        b[replaced] = w.START
        self.home[moved] = self.rng.integers(0, w.NEIGHBOURHOODS, len(moved))
        self.moved, self.replaced = len(moved), len(replaced)

    def state(self) -> dict[str, float]:
        """See `workload.Model`."""
        b = self.belonging.astype(np.float64)
        return {"mean": float(b.mean()), "sd": float(b.std()), "moved": self.moved, "replaced": self.replaced}


if __name__ == "__main__":
    w.measure("NumPy", np.__version__, Population)
