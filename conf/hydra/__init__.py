"""Choices of Hydra itself: how several runs are launched."""
