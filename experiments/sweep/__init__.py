"""Sweeps: whole designs of regions, policies and parameters, on a laptop or a cluster, restartable and analysable."""
