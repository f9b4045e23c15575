"""Logistic regression with a ridge, and signs where a sign is known."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from risk.learning.calibration import probability
from risk.learning.metrics import Floats, Ints

_STEPS: Final = 2000


@dataclass(frozen=True, slots=True)
class Line:
    """Intercept and coefficients on the log-odds."""

    intercept: float
    coefficients: Floats

    def log_odds(self, basis: Floats) -> Floats:
        """Log-odds of rows."""
        return np.asarray(self.intercept + basis @ self.coefficients)


def fit(
    basis: Floats,
    outcome: Floats,
    ridge: float,
    *,
    sign: Ints | None = None,
    weight: Floats | None = None,
    start: Line | None = None,
) -> Line:
    """The coefficients of greatest penalised likelihood.

    Args:
        basis: rows by columns, centred.
        outcome: 0 or 1.
        ridge: weight of half the sum of squared coefficients; the intercept is free.
        sign: for each column 1 (only upwards), -1 (only downwards) or 0.
        weight: of the rows.
        start: where to begin, for instance the fit with another ridge.

    Returns:
        The fit. Convex, so the start makes no difference but to the time it takes.
    """
    from scipy.optimize import minimize  # noqa: PLC0415 - slow to load; predicting needs none

    rows = np.ones(len(outcome)) if weight is None else weight
    rate = float(np.clip(rows @ outcome / rows.sum(), 1e-9, 1 - 1e-9))

    def loss(point: Floats) -> tuple[float, Floats]:
        odds = point[0] + basis @ point[1:]
        error = rows * (probability(odds) - outcome)
        value = float(rows @ (np.logaddexp(0, odds) - outcome * odds) + ridge / 2 * point[1:] @ point[1:])
        return value, np.concatenate([[error.sum()], basis.T @ error + ridge * point[1:]])

    first = np.zeros(basis.shape[1] + 1)
    first[0] = np.log(rate / (1 - rate))
    if start is not None:
        first = np.concatenate([[start.intercept], start.coefficients])
    bounds = None
    if sign is not None and sign.any():
        limits = {1: (0.0, None), -1: (None, 0.0), 0: (None, None)}
        bounds = [(None, None), *(limits[int(each)] for each in sign)]
        first[1:] = np.where(sign * first[1:] < 0, 0.0, first[1:])
    found = minimize(
        loss,
        first,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": _STEPS, "ftol": 1e-10, "gtol": 1e-5},
    )
    return Line(float(found.x[0]), found.x[1:])
