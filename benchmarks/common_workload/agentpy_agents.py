"""The common workload in AgentPy: an object per agent, a list of them that is called as one."""

import agentpy as ap
import workload as w


class Resident(ap.Agent):
    """An agent with a home, a group and belonging."""

    def setup(self) -> None:
        """What an agent begins with."""
        random = self.model.random
        self.home = random.randrange(w.NEIGHBOURHOODS)
        self.group = random.choices(range(w.GROUPS), weights=self.model.shares)[0]
        self.belonging = w.START

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


class Population(ap.Model):
    """All residents, and what is counted of each neighbourhood."""

    def setup(self) -> None:
        """Make the residents."""
        self.shares = w.group_shares()
        self.left = [0] * w.NEIGHBOURHOODS
        self.residents = ap.AgentList(self, self.p.agents, Resident)
        self.moved = self.replaced = 0

    def step(self) -> None:
        """Count the neighbourhoods, then let everyone live."""
        people = [[0] * w.GROUPS for _ in range(w.NEIGHBOURHOODS)]
        for agent in self.residents:
            people[agent.home][agent.group] += 1
        self.goal, self.leaving = [], [0] * w.NEIGHBOURHOODS
        for home, groups in enumerate(people):
            count = max(sum(groups), 1)
            diversity = 1 - sum((n / count) ** 2 for n in groups)
            self.goal.append(w.BASE - w.ON_DIVERSITY * diversity - w.ON_TURNOVER * self.left[home] / count)
        self.moved = self.replaced = 0
        self.residents.live()
        self.left = self.leaving

    def state(self) -> dict[str, float]:
        """See `workload.Model`."""
        b = list(self.residents.belonging)
        mean = sum(b) / len(b)
        sd = (sum((x - mean) ** 2 for x in b) / len(b)) ** 0.5
        return {"mean": mean, "sd": sd, "moved": self.moved, "replaced": self.replaced}


def make(agents: int, threads: int, seed: int) -> Population:
    """A town that is set up."""
    population = Population({"agents": agents, "seed": seed, "steps": 10**6})
    population.sim_setup()
    return population


if __name__ == "__main__":
    w.measure("AgentPy", ap.__version__, make)
