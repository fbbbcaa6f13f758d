"""The common workload in mesa-frames: a set of agents in a Polars data frame, changed column by column."""

from importlib import metadata

import numpy as np
import polars as pl
import workload as w
from mesa_frames import AgentSetPolars, ModelDF


class Residents(AgentSetPolars):
    """Everybody, a row each."""

    def __init__(self, model: "Population", agents: int) -> None:
        super().__init__(model)
        self.rng = model.draws
        self.left = pl.DataFrame({"home": [], "left": []}, schema={"home": pl.Int32, "left": pl.UInt32})
        self.moved = self.replaced = 0
        self.add(
            pl.DataFrame(
                {
                    "unique_id": np.arange(agents),
                    "home": self.rng.integers(0, w.NEIGHBOURHOODS, agents, np.int32),
                    "group": self.rng.choice(w.GROUPS, agents, p=w.group_shares()).astype(np.uint8),
                    "belonging": np.full(agents, w.START, np.float32),
                }
            )
        )

    def goals(self) -> pl.DataFrame:
        """What belonging moves towards in each neighbourhood."""
        people = self.agents.group_by("home", "group").len()
        share = pl.col("len") / pl.col("len").sum()
        areas = people.group_by("home").agg((1 - (share**2).sum()).alias("diversity"), pl.col("len").sum())
        turnover = pl.col("left").fill_null(0) / pl.col("len")
        goal = w.BASE - w.ON_DIVERSITY * pl.col("diversity") - w.ON_TURNOVER * turnover
        return areas.join(self.left, "home", "left").select("home", goal.cast(pl.Float32).alias("goal"))

    def step(self) -> None:
        """Pass one step."""
        count = len(self.agents)
        new_home = self.rng.integers(0, w.NEIGHBOURHOODS, count, np.int32)
        drawn = {
            "noise": self.rng.standard_normal(count, np.float32),
            "event": self.rng.random(count, np.float32),
            "new_home": new_home,
            "new_group": self.rng.integers(0, w.GROUPS, count, np.uint8),
        }
        replaced = pl.col("event") < w.REPLACED
        leaves = pl.col("event") < w.REPLACED + w.MOVED
        belonging = pl.col("belonging") + w.PULL * (pl.col("goal") - pl.col("belonging")) + w.NOISE * pl.col("noise")
        frame = self.agents.join(self.goals(), "home", "left", maintain_order="left").with_columns(
            **{name: pl.Series(values) for name, values in drawn.items()}
        )
        self.left = frame.filter(leaves).group_by("home").agg(pl.len().alias("left"))
        told = frame.select(replaced.sum().alias("replaced"), (leaves & ~replaced).sum().alias("moved"))
        self.moved, self.replaced = told["moved"][0], told["replaced"][0]
        self._agents = frame.select(
            "unique_id",
            pl.when(leaves & ~replaced).then("new_home").otherwise("home").alias("home"),
            pl.when(replaced).then("new_group").otherwise("group").alias("group"),
            pl.when(replaced).then(w.START).otherwise(belonging.clip(0, 1)).cast(pl.Float32).alias("belonging"),
        )


class Population(ModelDF):
    """A model with one set of agents."""

    def __init__(self, agents: int, threads: int, seed: int) -> None:
        super().__init__(seed)
        self.draws = np.random.default_rng(seed)
        self.residents = Residents(self, agents)
        self.agents += self.residents

    def step(self) -> None:
        """Pass one step."""
        self.agents.do("step")

    def state(self) -> dict[str, float]:
        """See `workload.Model`."""
        (residents,) = self.agents._agentsets
        b = residents.agents["belonging"].cast(pl.Float64)
        return {
            "mean": float(b.mean()),
            "sd": float(b.std(ddof=0)),
            "moved": residents.moved,
            "replaced": residents.replaced,
        }


if __name__ == "__main__":
    w.measure("mesa-frames", metadata.version("mesa-frames"), Population)
