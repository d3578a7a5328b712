"""Risk of suicide: the Columbia screener, which gives a tier and no total.

Posner K et al. The Columbia-Suicide Severity Rating Scale. Am J Psychiatry 2011;168(12):1266-1277.
The wording is fixed and needs permission: names and logic only. The form since the last contact is
another version and not this one.
"""

from dataclasses import replace

from app.science.instruments.model import (
    AnswerLabel,
    Band,
    Instrument,
    Licence,
    MissingRule,
    SafetyItem,
    Skip,
    numbered,
)
from app.science.instruments.sources import found, secondhand

MONTH_HOURS = 30 * 24
"""Questions 1 to 5 ask about the past month, taken as 30 days."""

THREE_MONTHS_HOURS = 90 * 24

_NAMES = (
    "passive thoughts of death",
    "active thoughts of suicide",
    "thoughts of a method",
    "some intent",
    "plan and intent",
    "suicidal behaviour, ever",
    "suicidal behaviour, past three months",
)

_LOINC = ("93246-7", "93247-5", "93248-3", "93249-1", "93250-9", "93267-3", "93269-9")

_LOGIC = secondhand("PSYB", "CLIOT")

_AFTER_NO = {
    number: Skip(2, 0, "Asked only where item 2 was answered yes.", _LOGIC) for number in (3, 4, 5)
} | {7: Skip(6, 0, "Asked only where item 6 was answered yes.", _LOGIC)}


def _yes_means(item: int, *, stop: bool = False, emergency: bool = False) -> SafetyItem:
    """How loud a yes to this question is; the loudest yes decides the tier."""
    return SafetyItem(
        item=item,
        crisis_at=1,
        alert_at=1,
        stop_at=1 if stop else None,
        emergency_at=1 if emergency else None,
        evidence=_LOGIC,
    )


C_SSRS = Instrument(
    code="C-SSRS",
    name="Columbia-Suicide Severity Rating Scale, screener",
    version="screener-recent",
    scoring_version="c-ssrs/1",
    administered_by="clinician",
    items=tuple(
        replace(
            item,
            skip=_AFTER_NO.get(item.number),
            recall_hours=THREE_MONTHS_HOURS if item.number == len(_NAMES) else None,
        )
        for item in numbered(_NAMES, 1, loinc=_LOINC)
    ),
    structure=_LOGIC,
    answer_labels=(AnswerLabel(0, "no", "LA32-8"), AnswerLabel(1, "yes")),
    minimum=None,
    maximum=None,
    direction="worse",
    recall_hours=MONTH_HOURS,
    recall_evidence=secondhand("PSYB"),
    bands=tuple(
        Band(tier, None, None, _LOGIC) for tier in ("none", "low", "moderate", "high", "incomplete")
    ),
    missing=MissingRule(
        0,
        None,
        "Questions 3 to 5 may be blank where question 2 is no, and the seventh where question 6 is"
        " no. With any other blank the tier is incomplete, never low; a yes that makes it high does"
        " so whatever is blank.",
        _LOGIC,
    ),
    safety_items=(
        _yes_means(1),
        _yes_means(2),
        _yes_means(3, stop=True),
        _yes_means(4, emergency=True),
        _yes_means(5, emergency=True),
        _yes_means(6, stop=True),
        _yes_means(7, emergency=True),
    ),
    panel_loinc="93373-9",
    total_loinc="93374-7",
    licence=Licence(
        status="permission",
        holder="Research Foundation for Mental Hygiene",
        notice=None,
        text_redistributable=False,
        evidence=found("SPIER"),
    ),
    sources=("POS11", "USBH", "SPIER"),
)
"""Six yes-or-no questions, and whether the sixth was within three months."""
