"""What the relief method must know of each instrument. Numbers: relief method, section 1.

This table is the only place in the package that knows an instrument.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple

SameDay = Literal["last", "mean"]

Trust = Literal["found", "recalled", "derived", "default", "clinic"]
"""Found: read in the source. Recalled: not yet checked. Derived: arithmetic on found numbers.
Default: this method's choice, no source sets it. Clinic: the clinic chose another value."""


class Provenance(NamedTuple):
    """Who sets a number, and how far to trust that."""

    source: str
    trust: Trust


@dataclass(frozen=True, slots=True)
class Scale:
    """An instrument as the relief method sees it.

    Severity counts points above the best possible score, so that 0 is well and more is worse on
    every instrument, whichever way its own points run.
    """

    code: str
    lowest: float
    highest: float
    remission: float
    """Severity at or under which the patient is in remission."""
    sem: float
    """Standard error of measurement of one score, in points; a prior, not an estimate."""
    higher_is_better: bool = False
    same_day: SameDay = "last"
    """Several scores on a day: the last corrects the others, or their mean is taken."""
    confirm: int = 1
    """Check-ins in a row that a loss of relief needs."""

    def severity(self, score: float) -> float:
        """Points above the best possible score.

        >>> SCALES["PHQ-9"].severity(18), SCALES["MOOD-10"].severity(8)
        (18, 2)
        """
        return self.highest - score if self.higher_is_better else score - self.lowest

    def score(self, severity: float) -> float:
        """The instrument's own points; undoes `severity`.

        >>> SCALES["MOOD-10"].score(2)
        8
        """
        return self.highest - severity if self.higher_is_better else severity + self.lowest


SCALES = {
    scale.code: scale
    for scale in (
        Scale("PHQ-9", 0, 27, remission=4, sem=2.2),
        Scale("MADRS", 0, 60, remission=10, sem=3.5),
        Scale("QIDS-SR16", 0, 27, remission=5, sem=2.2),
        Scale("HAMD-17", 0, 52, remission=7, sem=2.2),
        Scale("BDI-II", 0, 63, remission=12, sem=3.5),
        Scale("PHQ-8", 0, 24, remission=4, sem=2.1),
        Scale(
            "MOOD-10",
            0,
            10,
            remission=2,
            sem=1.3,
            higher_is_better=True,
            same_day="mean",
            confirm=2,
        ),
    )
}
"""By code, in the order in which a course prefers them."""

REMISSION_SOURCES = {
    "PHQ-9": Provenance("PHQ-9 under 5: McInnes 2022", "found"),
    "MADRS": Provenance(
        "MADRS 10 or less: Ekstrand 2022, Salloum 2020; trials also use 12 and 9", "found"
    ),
    "QIDS-SR16": Provenance("QIDS-SR16 5 or less: published severity bands", "found"),
    "HAMD-17": Provenance("HAM-D17 7 or less: the usual convention", "recalled"),
    "BDI-II": Provenance("BDI-II 12 or less; 13 and under 10 are also used", "recalled"),
    "PHQ-8": Provenance("as PHQ-9, whose ninth item it leaves out", "recalled"),
    "MOOD-10": Provenance("mood of 8 or better; no source sets this number", "default"),
}
"""Where each remission cut-off comes from, and how far to trust it."""
