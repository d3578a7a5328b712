"""The courses that severity can take after an infusion: a library of curves.

Severity is a share of the baseline. After a loss of relief at day T, with u = t / T:

    u <= 1:  limit - depth (1 - u^shape)
    u >  1:  limit + room (1 - exp(-(u - 1) shape depth / room)),  room = 0.95 - limit

so that each curve crosses the limit exactly at T, and with one slope on both sides. `depth` is how
far relief goes, `shape` how late it turns. Where an infusion brought no relief, severity stays at
a level above the limit. Relief method, section 5.2.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from app.science.forecast.lognormal import Floats

Singles = npt.NDArray[np.float32]
"""Enough to compare a severity with a limit, in half the time."""

GRID = np.linspace(-4.2, 3.6, 53)
"""Where T is weighed: log T less what is expected of the interval, its eta."""

STEP = float(GRID[1] - GRID[0])

RELAPSED = 0.95
"""Share of the baseline at which severity settles in the end."""

USUAL_LIMIT = 0.5
"""The share of the baseline for which the library was made."""

LIMITS = (0.15, 0.85)
"""No limit is held to lie outside: there would be no room for relief, or none for its loss."""

TYPICAL_DEPTH = 0.25
"""The depth that others are relative to."""

SOONEST_DAYS = 1e-3
FURTHEST = 6.0
"""The log of the largest u that is told apart from the ones beyond."""


@dataclass(frozen=True, slots=True)
class Library:
    """Which curves there are: each depth with each shape, and levels where no relief came."""

    depths: tuple[float, ...] = (0.03, 0.08, 0.14, 0.21, 0.29, 0.38, 0.47)
    shapes: tuple[float, ...] = (1.3, 3.0, 12.0)
    levels: tuple[float, ...] = (0.52, 0.58, 0.66, 0.76, 0.88, 1.0, 1.12)
    """As they are at the usual limit."""

    @property
    def relative_depths(self) -> Floats:
        """The log of each depth over the typical one."""
        logs: Floats = np.log(np.array(self.depths) / TYPICAL_DEPTH)
        return logs

    def curves(self, days: Floats, eta: float, limit: float) -> Floats:
        """Every curve with every T of the grid: (days, depths, shapes, grid)."""
        log_u = np.log(np.maximum(days, SOONEST_DAYS))[:, None] - (eta + GRID)
        depths = np.array(self.depths)[:, None, None]
        shapes = np.array(self.shapes)[:, None]
        early = np.exp(shapes * np.minimum(log_u, 0.0)[:, None, :]) - 1.0
        late = shapes * np.expm1(np.clip(log_u, 0.0, FURTHEST))[:, None, :]
        room = RELAPSED - limit
        risen = -np.expm1(late[:, None] * (-depths / room))
        found: Floats = risen
        found *= room
        found += depths * early[:, None]
        found += limit
        return found

    def flat(self, limit: float) -> Floats:
        """The levels of an infusion that brought no relief, stretched to where the limit is."""
        room = (1.0 - limit) / (1.0 - USUAL_LIMIT)
        levels: Floats = limit + (np.array(self.levels) - USUAL_LIMIT) * room
        return levels


def paired(depths: Floats, shapes: Floats, log_t: Floats, days: Floats, limit: float) -> Singles:
    """One curve for each depth, shape and log T: (curves, days)."""
    depth, shape, log_end = (each.astype(np.float32)[:, None] for each in (depths, shapes, log_t))
    log_u = np.log(np.maximum(days, SOONEST_DAYS)).astype(np.float32) - log_end
    room = np.float32(RELAPSED - limit)
    risen: Singles = np.expm1(np.expm1(np.clip(log_u, 0.0, FURTHEST)) * (-shape * depth / room))
    risen *= -room
    risen += depth * np.expm1(shape * np.minimum(log_u, 0.0))
    risen += np.float32(limit)
    return risen
