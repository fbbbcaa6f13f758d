"""Withdrawal into one's own circle: who feels less at home goes out less, and so meets fewer people."""

from sim.machine.arithmetic import ONE, exponential, rule


@rule
def next_withdrawal(withdrawal, belonging, coefficients):
    """w <- w + kappa_w (w_max / (1 + e^((b - theta_b)/s_w)) - w)."""
    c = coefficients
    goal = c.withdrawal_highest / (ONE + exponential((belonging - c.withdrawal_threshold) / c.withdrawal_slope))
    return withdrawal + c.withdrawal_speed * (goal - withdrawal)
