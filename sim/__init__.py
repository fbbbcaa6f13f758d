"""The engine: one month in the lives of residents, compiled. No Mesa, no Hydra, no files beyond checkpoints."""

from sim.machine.cache_choice import choose_cache

choose_cache()
