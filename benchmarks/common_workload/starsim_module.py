"""The common workload in Starsim: states of people in a module, passed over as whole arrays."""

import numpy as np
import starsim as ss
import workload as w


class Belonging(ss.Module):
    """Homes, groups and belonging of everybody."""

    def __init__(self) -> None:
        super().__init__()
        self.define_states(
            ss.IntArr("home", default=0), ss.IntArr("group", default=0), ss.FloatArr("belonging", default=w.START)
        )
        self.noise = ss.normal(loc=0, scale=1)
        self.event = ss.random()
        self.new_home = ss.randint(low=0, high=w.NEIGHBOURHOODS)
        self.new_group = ss.randint(low=0, high=w.GROUPS)
        self.first_group = ss.choice(a=w.GROUPS, p=w.group_shares())
        self.left = np.zeros(w.NEIGHBOURHOODS)
        self.moved = self.replaced = 0

    def init_post(self) -> None:
        """What everybody begins with."""
        super().init_post()
        everyone = self.sim.people.auids
        self.home[everyone] = self.new_home.rvs(everyone)
        self.group[everyone] = self.first_group.rvs(everyone)

    def step(self) -> None:
        """Pass one step."""
        everyone = self.sim.people.auids
        home, group, b = self.home[everyone], self.group[everyone], self.belonging[everyone]
        cells = np.bincount(home * w.GROUPS + group, minlength=w.NEIGHBOURHOODS * w.GROUPS)
        people = cells.reshape(w.NEIGHBOURHOODS, w.GROUPS)
        residents = np.maximum(people.sum(axis=1), 1)
        diversity = 1 - ((people / residents[:, None]) ** 2).sum(axis=1)
        goal = w.BASE - w.ON_DIVERSITY * diversity - w.ON_TURNOVER * self.left / residents
        b = b + w.PULL * (goal[home] - b) + w.NOISE * self.noise.rvs(everyone)
        self.belonging[everyone] = np.clip(b, 0, 1)
        event = self.event.rvs(everyone)
        leaving = event < w.REPLACED + w.MOVED
        self.left = np.bincount(home[leaving], minlength=w.NEIGHBOURHOODS)
        replaced = everyone[event < w.REPLACED]
        moved = everyone[leaving & (event >= w.REPLACED)]
        self.group[replaced] = self.new_group.rvs(replaced)
        self.belonging[replaced] = w.START
        self.home[moved] = self.new_home.rvs(moved)
        self.moved, self.replaced = len(moved), len(replaced)


class Population:
    """A simulation that is passed step by step."""

    def __init__(self, agents: int, threads: int, seed: int) -> None:
        self.module = Belonging()
        self.sim = ss.Sim(
            n_agents=agents,
            modules=self.module,
            start=0,
            dur=10_000,
            dt=1,
            rand_seed=seed,
            verbose=0,
            copy_inputs=False,
        )
        self.sim.init()

    def step(self) -> None:
        """Pass one step."""
        self.sim.run_one_step()

    def state(self) -> dict[str, float]:
        """See `workload.Model`."""
        b = np.asarray(self.module.belonging[self.sim.people.auids])
        module = self.module
        return {"mean": float(b.mean()), "sd": float(b.std()), "moved": module.moved, "replaced": module.replaced}


if __name__ == "__main__":
    w.measure("Starsim", ss.__version__, Population)
