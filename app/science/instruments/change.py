"""Whether a score has halved, decided in exact arithmetic on severities.

Both rules are in use: at least half (McInnes 2022, Albott 2018, Lii 2023) and more than half.
Doubling the score instead of halving the baseline keeps an odd baseline exact. Severity is points
from the best total: `Instrument.severity`.
"""


def at_least_halved(baseline: float, score: float) -> bool | None:
    """Whether the fall from baseline is 50 % or more; None where there is nothing to fall from.

    >>> at_least_halved(20, 10), at_least_halved(19, 10), at_least_halved(0, 0)
    (True, False, None)
    """
    return None if baseline <= 0 else 2 * score <= baseline


def more_than_halved(baseline: float, score: float) -> bool | None:
    """Whether the fall from baseline is over 50 %; None where there is nothing to fall from.

    >>> more_than_halved(20, 10), more_than_halved(19, 9)
    (False, True)
    """
    return None if baseline <= 0 else 2 * score < baseline
