"""The common workload in Mesa: an object per agent, activated in random order by `shuffle_do`."""

from collections import Counter

import mesa
import workload as w


class Resident(mesa.Agent):
    """An agent with a home, a group and belonging."""

    def __init__(self, model: "Population", home: int, group: int) -> None:
        super().__init__(model)
        self.home, self.group, self.belonging = home, group, w.START

    def live(self) -> None:
        """Belong, and then perhaps make way for another or move."""
        random, model = self.model.random, self.model
        b = self.belonging + w.PULL * (model.goal[self.home] - self.belonging) + w.NOISE * random.gauss(0, 1)
        self.belonging = min(max(b, 0.0), 1.0)
        event = random.random()
        if event < w.REPLACED + w.MOVED:
            model.leaving[self.home] += 1
            if event < w.REPLACED:
                self.group, self.belonging = random.randrange(w.GROUPS), w.START
                model.replaced += 1
            else:
                self.home = random.randrange(w.NEIGHBOURHOODS)
                model.moved += 1


class Population(mesa.Model):
    """All residents, and what is counted of each neighbourhood."""

    def __init__(self, agents: int, threads: int, seed: int) -> None:
        super().__init__(rng=seed)
        homes = self.random.choices(range(w.NEIGHBOURHOODS), k=agents)
        groups = self.random.choices(range(w.GROUPS), weights=w.group_shares(), k=agents)
        Resident.create_agents(self, agents, home=homes, group=groups)
        self.left: Counter[int] = Counter()
        self.leaving: Counter[int] = Counter()
        self.goal: list[float] = []
        self.moved = self.replaced = 0

    def step(self) -> None:
        """Count the neighbourhoods, then let everyone live."""
        people = [[0] * w.GROUPS for _ in range(w.NEIGHBOURHOODS)]
        for agent in self.agents:
            people[agent.home][agent.group] += 1
        self.goal = []
        for home, groups in enumerate(people):
            residents = max(sum(groups), 1)
            diversity = 1 - sum((count / residents) ** 2 for count in groups)
            self.goal.append(w.BASE - w.ON_DIVERSITY * diversity - w.ON_TURNOVER * self.left[home] / residents)
        self.moved = self.replaced = 0
        self.agents.shuffle_do("live")
        self.left, self.leaving = self.leaving, Counter()

    def state(self) -> dict[str, float]:
        """See `workload.Model`."""
        b = self.agents.get("belonging")
        mean = sum(b) / len(b)
        sd = (sum((x - mean) ** 2 for x in b) / len(b)) ** 0.5
        return {"mean": mean, "sd": sd, "moved": self.moved, "replaced": self.replaced}


if __name__ == "__main__":
    w.measure("Mesa", mesa.__version__, Population)
