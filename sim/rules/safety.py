"""Feeling unsafe at times."""

import numpy as np

from sim.machine.arithmetic import ONE, ZERO, exponential, rule

MEAN_BELONGING = 0.64  # national mean that the parameter `unsafe_level` refers to


@rule
def feels_unsafe(belonging, coefficients):
    """1 / (1 + e^-(level - k (b - 0.64))): chance to feel unsafe at times; less for who feels at home."""
    c = coefficients
    return ONE / (ONE + exponential(-(c.unsafe_level - c.unsafe_belonging * (belonging - np.float32(MEAN_BELONGING)))))


@rule
def withdraw_unsafe(withdrawal, unsafe, coefficients):
    """w + kappa_w omega unsafe (w_max - w): those who feel unsafe withdraw further, to w_max at most."""
    c = coefficients
    room = max(c.withdrawal_highest - withdrawal, ZERO)
    return withdrawal + c.withdrawal_speed * c.withdrawal_unsafe * unsafe * room
