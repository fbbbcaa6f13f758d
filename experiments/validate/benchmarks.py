"""What the simulator has to beat: predictions from the data alone, each place predicted from the others."""

import numpy as np

from scenarios.areas import AreaTable

PENALTIES = np.geomspace(1e-3, 1e3, 25)
INPUTS = (
    "diversity", "log density", "socio-economic score", "one-person households", "moving rate",
    "households with children", "aged 15 to 24", "aged 65 and over", "arrivals from abroad", "facilities",
)  # fmt: skip


def diversity_of(origin: np.ndarray) -> np.ndarray:
    """1 - sum of squared shares: the chance that two residents differ in origin; origin is [N, G]."""
    return 1 - (origin**2).sum(axis=-1)


def inputs_of(table: AreaTable) -> tuple[list[str], np.ndarray]:
    """What the model itself is given, per area and then per municipality.

    Returns
    -------
    list of str, float64 [J + K, 10]
        Codes, and columns as in `INPUTS`; means of a municipality are weighted by residents, its diversity is that of
        all its residents together. Unknown values take the mean of those known.
    """
    municipalities = len(table.municipality_code)
    member = np.zeros((municipalities, len(table)))
    member[table.municipality, np.arange(len(table))] = table.residents
    member /= member.sum(axis=1, keepdims=True)
    both = np.concatenate([np.eye(len(table)), member])
    columns = [
        diversity_of(both @ table.origin),
        both @ np.log1p(filled(table.density)),
        both @ filled(table.socio_economic),
        both @ table.one_person,
        both @ filled(table.moving_rate),
        both @ table.with_children,
        both @ table.age[:, 1],
        both @ table.age[:, 4],
        both @ table.arrival_rate.sum(axis=1)[table.municipality],
        both @ filled(table.facilities).mean(axis=1),
    ]
    return [*table.code, *table.municipality_code], np.column_stack(columns)


def filled(values: np.ndarray) -> np.ndarray:
    """Unknown values replaced by the mean of the known ones (0 where none is known)."""
    known = ~np.isnan(values)
    return np.where(known, values, values[known].mean() if known.any() else 0.0)


def constant(y: np.ndarray) -> np.ndarray:
    """Each place predicted by the mean of the others, float64 [N]."""
    return (y.sum() - y) / (len(y) - 1)


def one_column(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Each place predicted by least squares on one column over the others; their mean where it does not vary."""
    return np.array([_line(np.delete(x, i), np.delete(y, i), x[i]) for i in range(len(y))])


def _line(x: np.ndarray, y: np.ndarray, at: float) -> float:
    apart = x - x.mean()
    spread = (apart**2).sum()
    return float(y.mean() + (at - x.mean()) * (apart @ y) / spread) if spread > 1e-12 else float(y.mean())


def many_columns(columns: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Each place predicted by ridge regression on all columns over the others.

    Columns are standardised, and the penalty chosen by leave-one-out, within the others: the place itself has no say.

    Parameters
    ----------
    columns : float64 [N, C]
    y : float64 [N]
    """
    return np.array([_ridge(np.delete(columns, i, 0), np.delete(y, i), columns[i]) for i in range(len(y))])


def _ridge(columns: np.ndarray, y: np.ndarray, at: np.ndarray) -> float:
    mean, spread = columns.mean(axis=0), columns.std(axis=0)
    varies = spread > 1e-9
    if not varies.any():
        return float(y.mean())
    x = (columns[:, varies] - mean[varies]) / spread[varies]
    left, size, right = np.linalg.svd(x, full_matrices=False)
    projected = left.T @ (y - y.mean())
    best, lowest = np.zeros(x.shape[1]), np.inf
    for penalty in PENALTIES * len(y):
        shrink = size**2 / (size**2 + penalty)
        leverage = (left**2 * shrink).sum(axis=1) + 1 / len(y)
        residual = (y - y.mean() - left @ (shrink * projected)) / np.maximum(1 - leverage, 1e-9)
        if (residual**2).sum() < lowest:
            lowest = (residual**2).sum()
            best = right.T @ (size / (size**2 + penalty) * projected)
    return float(y.mean() + (at[varies] - mean[varies]) / spread[varies] @ best)
