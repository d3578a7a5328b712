"""How good forecasts of a cohort are, against the day on which relief was truly lost.

The cohort is simulated, and so is every figure: a percentage here is one "on simulated clinics".
"""

import csv
import gzip
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np

LAST_DAY = 120
"""Errors are added up to this day."""


def rows(file: Path) -> Iterable[Mapping[str, str]]:
    """The lines of a compressed table."""
    with gzip.open(file, "rt", newline="") as lines:
        yield from csv.DictReader(lines)


def scored(folder: Path, forecasts: list[tuple[str, ...]]) -> dict[str, float]:
    """How far forecasts were from what came, and what intervals held.

    `forecasts` are rows as `afterglow forecast evaluate` writes them, the first with their names.
    """
    truth = {row["patient_id"]: row for row in rows(folder / "truth.csv.gz")}
    others = {row["patient_id"]: row for row in rows(folder / "reference_scores.csv.gz")}
    header, *found = forecasts
    last = header.index("d240") + 1
    lost = np.array([one[1:last] for one in found], float)
    above = np.array([one[last:] for one in found], float)
    of = [truth[one[0]] for one in found]
    day = np.array([float(row["T"]) for row in of])
    now = np.array([float(row["now"]) for row in of])
    bad = np.array([[float(row[f"bad{days}"]) for days in (7, 14, 21)] for row in of])
    error = np.array([crps(*pair) for pair in zip(lost, day, strict=True)])
    usual, best = (
        np.array([float(others[one[0]][name]) for one in found])
        for name in ("crps_km", "crps_oracle")
    )
    held = day > now
    by_now = np.array(
        [np.interp(at, range(len(one)), one) for at, one in zip(now, lost, strict=True)]
    )
    return {
        "forecasts": len(found),
        "error, days": error.mean(),
        "better than Kaplan-Meier, %": 100 * (1 - error.mean() / usual.mean()),
        "the same where relief still holds, %": 100 * (1 - error[held].mean() / usual[held].mean()),
        "worse than the best there could be, %": 100 * (error.mean() / best.mean() - 1),
        **{
            f"the {percent}% interval held, %": covered(lost, day, percent)
            for percent in (50, 80, 95)
        },
        "already lost, foretold %": 100 * by_now.mean(),
        "already lost, came %": 100 * (1 - held.mean()),
        "Brier score of the next score": ((above - bad) ** 2).mean(),
    }


def crps(lost: np.ndarray, day: float) -> float:
    """The squared distance of a forecast from what came, summed over days; straight in between."""
    before, after = lost[:LAST_DAY], lost[1 : LAST_DAY + 1]
    share = np.clip(day - np.arange(LAST_DAY), 0.0, 1.0)
    at = before + share * (after - before)
    held = share * _mean_square(before, at)
    gone = (1.0 - share) * _mean_square(1.0 - at, 1.0 - after)
    return float((held + gone).sum())


def _mean_square(low: np.ndarray, high: np.ndarray) -> np.ndarray:
    return (low * low + low * high + high * high) / 3


def covered(lost: np.ndarray, day: np.ndarray, percent: float) -> float:
    """The share of the central intervals that held what came, in percent.

    A loss on day 0 counts by the part of the chance of day 0 that the interval holds.
    """
    days = np.arange(lost.shape[1])
    upper = np.array(
        [np.interp(*pair) for pair in ((at, days, one) for at, one in zip(day, lost, strict=True))]
    )
    lower = np.where(day <= 0, 0.0, upper)
    beyond = ~np.isfinite(day)
    lower[beyond], upper[beyond] = lost[beyond, -1], 1.0
    outer = 0.5 - percent / 200
    inside = np.clip(np.minimum(upper, 1 - outer) - np.maximum(lower, outer), 0, None)
    width = upper - lower
    sharp = (upper >= outer) & (upper <= 1 - outer)
    return 100 * float(np.where(width > 0, inside / np.where(width > 0, width, 1), sharp).mean())
