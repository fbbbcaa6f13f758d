"""The model as Mesa agents: a live view of the same world the engine computes."""
