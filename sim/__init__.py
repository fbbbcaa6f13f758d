"""The engine: one month in the lives of residents, compiled. No Mesa, no Hydra, no files beyond checkpoints."""
