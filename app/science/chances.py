"""How a chance is said."""

NEARLY = 0.99
"""Over this, and under its rest, nothing is told apart: nothing is certain."""


def percent(chance: float) -> str:
    """A chance as it is read; what is nearly certain is not called certain.

    >>> percent(0.46), percent(0.997), percent(0.001)
    ('46%', 'over 99%', 'under 1%')
    """
    if chance > NEARLY:
        return f"over {NEARLY:.0%}"
    return f"under {1 - NEARLY:.0%}" if chance < 1 - NEARLY else f"{chance:.0%}"
