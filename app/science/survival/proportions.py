"""Proportions of patients: an interval for them, and how they are written.

Wilson EB. Probable inference, the law of succession, and statistical inference. J Am Stat Assoc
1927;22(158):209-212.
"""

from decimal import ROUND_HALF_UP, Decimal
from statistics import NormalDist

LEVEL = 0.95
FEWEST = 5
"""No percentage is told of fewer: it would say more of a patient than of a clinic."""


def z_of(level: float = LEVEL) -> float:
    """The normal deviate of a two-sided interval.

    >>> round(z_of(0.95), 4)
    1.96
    """
    return NormalDist().inv_cdf(0.5 + level / 2)


def wilson(k: int, n: int, level: float = LEVEL) -> tuple[float, float]:
    """The interval of Wilson for k of n, as shares; n at least 1.

    >>> [round(limit, 4) for limit in wilson(17, 24)]
    [0.5083, 0.8509]
    """
    z = z_of(level)
    share, spread = k / n, z * z / n
    middle = share + spread / 2
    half = z * (share * (1 - share) / n + spread / (4 * n)) ** 0.5
    low, high = (middle - half) / (1 + spread), (middle + half) / (1 + spread)
    return (0.0 if k == 0 else low), (1.0 if k == n else high)


def percent(k: int, n: int, places: int = 1) -> float:
    """K of n in percent, halves rounded up as printed tables do; n at least 1.

    >>> percent(10, 32)
    31.3
    """
    exact = Decimal(100 * k) / Decimal(n)
    return float(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))
