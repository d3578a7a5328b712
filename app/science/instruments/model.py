"""What an instrument is: data, each number with its evidence.

No threshold stands in code. What scores, bands or alarms is a field of one of these classes, so
that a clinician can see it, doubt it and read where it comes from.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from app.science.instruments.sources import DEFAULT, Evidence

Direction = Literal["worse", "better"]
"""What a higher total means."""

AdministeredBy = Literal["self", "clinician", "observer"]
"""Who gives the answers or ratings."""

Level = Literal["warn", "stop", "emergency"]
"""How loud the alert about a self-harm answer is, quietest first."""


@dataclass(frozen=True, slots=True)
class AnswerLabel:
    """One possible answer in words, with its LOINC answer code where that was verified."""

    value: int
    label: str
    loinc: str | None = None


@dataclass(frozen=True, slots=True)
class Skip:
    """When an item may be left blank by the form's own logic.

    It may where item `item` was answered, with `answer` if that is given, else with anything.
    """

    item: int
    answer: int | None
    rule: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Item:
    """One question. `name` is a short neutral name, never licensed wording.

    `number` counts from 1, in the published order. An item that is not `scored` enters neither the
    total nor the tier, and may be left out at the end. `recall_hours`, `labels` and `wording` are
    given where the item differs from its instrument, or where the licence lets us ship its text.
    """

    number: int
    name: str
    minimum: int
    maximum: int
    scored: bool = True
    skip: Skip | None = None
    loinc: str | None = None
    wording: str | None = None
    recall_hours: int | None = None
    labels: tuple[AnswerLabel, ...] | None = None

    @property
    def skippable(self) -> bool:
        """Whether the form's logic may leave this item blank."""
        return self.skip is not None


@dataclass(frozen=True, slots=True)
class Band:
    """A named range of totals, both ends inclusive.

    A prorated total between two bands belongs to the lower one: a band starts at its own `low`.
    An instrument that gives a tier instead of a total has bands without numbers.
    """

    name: str
    low: int | None
    high: int | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class CutOff:
    """A number that decides something about a total or its change; `rule` says it in words."""

    name: str
    comparison: Literal["at_least", "at_most", "above", "below"]
    value: float
    unit: Literal["points", "percent"]
    rule: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class MissingRule:
    """How many scored answers may be blank for a total to be prorated.

    With `most_per_subscale`, proration is by subscale, each with at most that many blanks.
    """

    most: int
    most_per_subscale: int | None
    rule: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class SafetyItem:
    """An item about self-harm, and the answers at which something must happen.

    From `crisis_at` the patient is shown the crisis text at once, from `alert_at` an alert opens,
    from `stop_at` and `emergency_at` it does so at that level. Never imputed when blank.
    """

    item: int
    crisis_at: int
    alert_at: int
    stop_at: int | None
    emergency_at: int | None
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Group:
    """Items that belong together: a subscale that is summed, or a domain whose worst item counts.

    `items` are numbers of items.
    """

    name: str
    items: tuple[int, ...]
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Criteria:
    """A provisional diagnosis by counting: enough items of each subscale at `endorsed_at` or more.

    `needed` pairs a subscale with how many of its items must be endorsed; `flag` is what a score
    that meets all of them carries.
    """

    flag: str
    endorsed_at: int
    needed: tuple[tuple[str, int], ...]
    rule: str
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class Licence:
    """Who owns the wording, and whether we may hand it on. The notice goes with the wording."""

    status: Literal["free", "public_domain", "non_commercial", "permission", "unclear", "own"]
    holder: str | None
    notice: str | None
    text_redistributable: bool
    evidence: Evidence


@dataclass(frozen=True, slots=True)
class ReliefProfile:
    """What measuring relief needs to know of an instrument.

    `remission` is the highest severity in remission (severity: points from the best total).
    `same_day` says which of several totals of a day counts, `confirm` how many consecutive lost
    check-ins make a loss, `sem` is one standard error of measurement in points: a prior.
    """

    remission: float
    same_day: Literal["last", "mean"]
    confirm: int
    sem: float
    evidence: Evidence = DEFAULT


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """A questionnaire or rating, in one version of its form and one of its scoring.

    `minimum` and `maximum` bound the total; both are null where there is a tier instead.
    `recall_hours` is how far back the questions look; 0 is now. With `domains` the total is the
    sum of each domain's worst item, else the sum of the scored items, times `multiplier`.
    """

    code: str
    name: str
    version: str
    scoring_version: str
    administered_by: AdministeredBy
    items: tuple[Item, ...]
    structure: Evidence
    minimum: int | None
    maximum: int | None
    direction: Direction
    recall_hours: int
    recall_evidence: Evidence
    missing: MissingRule
    licence: Licence
    sources: tuple[str, ...]
    multiplier: int = 1
    stem: str | None = None
    answer_labels: tuple[AnswerLabel, ...] | None = None
    bands: tuple[Band, ...] = ()
    cut_offs: tuple[CutOff, ...] = ()
    safety_items: tuple[SafetyItem, ...] = ()
    domains: tuple[Group, ...] = ()
    subscales: tuple[Group, ...] = ()
    criteria: Criteria | None = None
    panel_loinc: str | None = None
    total_loinc: str | None = None
    language: str = "en"
    relief: ReliefProfile | None = None

    @property
    def has_total(self) -> bool:
        """Whether it gives a total; the C-SSRS screener gives a tier instead."""
        return self.maximum is not None

    @property
    def scored_items(self) -> tuple[Item, ...]:
        """The items that make the total or the tier."""
        return tuple(item for item in self.items if item.scored)

    def severity(self, total: float) -> float:
        """Points from the best total, whatever the direction: 0 is as well as it can get.

        Raises ValueError where there is no total.
        """
        if self.minimum is None or self.maximum is None:
            raise ValueError(f"{self.code} has no total")
        return total - self.minimum if self.direction == "worse" else self.maximum - total


def numbered(
    names: Sequence[str],
    maximum: int,
    *,
    loinc: Sequence[str] = (),
    wording: Sequence[str] = (),
) -> tuple[Item, ...]:
    """Items in their published order, each from 0 to `maximum`.

    >>> [item.number for item in numbered(["energy", "sleep"], 3)]
    [1, 2]
    """
    return tuple(
        Item(
            number,
            name,
            0,
            maximum,
            loinc=loinc[number - 1] if loinc else None,
            wording=wording[number - 1] if wording else None,
        )
        for number, name in enumerate(names, start=1)
    )


def bands(evidence: Evidence, highest: int, *starts: tuple[str, int]) -> tuple[Band, ...]:
    """Bands that meet: each runs from its start to just below the next, the last to `highest`.

    >>> [(b.name, b.low, b.high) for b in bands(DEFAULT, 6, ("negative", 0), ("positive", 3))]
    [('negative', 0, 2), ('positive', 3, 6)]
    """
    ends = [low - 1 for _, low in starts[1:]] + [highest]
    return tuple(
        Band(name, low, high, evidence) for (name, low), high in zip(starts, ends, strict=True)
    )


def no_blanks(evidence: Evidence) -> MissingRule:
    """The rule of an instrument whose total needs every answer."""
    return MissingRule(
        0, None, "Every answer is needed; with one blank there is no total.", evidence
    )
