"""Limit cases: small models with known answers, against which Thuis and its approximations are checked.

- `neal_neal`: sorting on a lattice, then ties by homophily and proximity; diversity against network clustering
  (Neal & Neal 2014). The trade-off needs both mechanisms.
- `schelling`: residential sorting with four movement rules (Schelling 1971; Mauhe, Izquierdo & Izquierdo 2022).
- `mover_stayer`: how many of a cohort of arrivals are still there after so many years.
- `pairwise_familiarity`: who knows whom by sight, pair by pair, against the mean-field closure that Thuis uses.

``thuis limits`` shows what each of them gives beside what is known.
"""
