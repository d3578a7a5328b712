"""Depression as a clinician rates it: MADRS and HAMD-17.

Montgomery SA, Åsberg M. Br J Psychiatry 1979;134:382-389. Hamilton M. J Neurol Neurosurg
Psychiatry 1960;23:56-62. Structure and scoring only, no wording.
"""

from dataclasses import replace

from app.science.instruments.model import (
    CutOff,
    Instrument,
    Licence,
    ReliefProfile,
    SafetyItem,
    bands,
    no_blanks,
    numbered,
)
from app.science.instruments.sources import (
    DEFAULT,
    found,
    partly_default,
    recalled,
    secondhand,
)

WEEK_HOURS = 7 * 24

MADRS = Instrument(
    code="MADRS",
    name="Montgomery-Åsberg Depression Rating Scale",
    version="past-7-days",
    scoring_version="madrs/1",
    administered_by="clinician",
    items=numbered(
        (
            "apparent sadness",
            "reported sadness",
            "inner tension",
            "reduced sleep",
            "reduced appetite",
            "concentration difficulties",
            "lassitude",
            "inability to feel",
            "pessimistic thoughts",
            "suicidal thoughts",
        ),
        6,
    ),
    structure=found("NCT3039192", "CLIOT"),
    minimum=0,
    maximum=60,
    direction="worse",
    recall_hours=WEEK_HOURS,
    recall_evidence=recalled(),
    bands=bands(
        found("CLIOT", "PSYB"), 60, ("none", 0), ("mild", 7), ("moderate", 20), ("severe", 35)
    ),
    cut_offs=(
        CutOff(
            "response",
            "at_least",
            50,
            "percent",
            "A fall of at least 50 % from baseline.",
            found("ALB18", "LII23"),
        ),
        CutOff(
            "remission", "at_most", 10, "points", "A total of 10 or less.", found("EKS22", "SAL20")
        ),
        CutOff(
            "remission_esketamine_programme",
            "at_most",
            12,
            "points",
            "A total of 12 or less, as the esketamine programme counted it.",
            found("SUS3T3", "LII23"),
        ),
        CutOff(
            "meaningful_change_trd_esketamine",
            "at_least",
            10,
            "points",
            "A fall of 10 points, anchored, in treatment-resistant depression on esketamine.",
            found("TUR21"),
        ),
    ),
    missing=no_blanks(DEFAULT),
    safety_items=(
        SafetyItem(
            item=10,
            crisis_at=1,
            alert_at=1,
            stop_at=4,
            emergency_at=None,
            evidence=partly_default("PSYB"),
        ),
    ),
    licence=Licence(
        status="permission",
        holder="S. Montgomery",
        notice=None,
        text_redistributable=False,
        evidence=secondhand("PSYB"),
    ),
    sources=("MON79", "JOH16"),
    relief=ReliefProfile(remission=10, same_day="last", confirm=1, sem=3.5),
)
"""Ten ratings from 0 to 6. Sleep and appetite cannot be rated over a day (JOH16)."""

_HAMD_NAMES = (
    "depressed mood",
    "guilt",
    "suicide",
    "early insomnia",
    "middle insomnia",
    "late insomnia",
    "work and activities",
    "retardation",
    "agitation",
    "psychic anxiety",
    "somatic anxiety",
    "gastrointestinal symptoms",
    "general somatic symptoms",
    "genital symptoms",
    "hypochondriasis",
    "loss of weight",
    "insight",
)

_HAMD_TO_TWO = (4, 5, 6, 12, 13, 14, 16, 17)
"""The eight items rated 0 to 2; the other nine run to 4."""

HAMD_17 = Instrument(
    code="HAMD-17",
    name="Hamilton Depression Rating Scale, 17 items",
    version="17-items",
    scoring_version="hamd-17/1",
    administered_by="clinician",
    items=tuple(
        replace(item, maximum=2) if item.number in _HAMD_TO_TWO else item
        for item in numbered(_HAMD_NAMES, 4)
    ),
    structure=recalled("HAM60", "CLIOT"),
    minimum=0,
    maximum=52,
    direction="worse",
    recall_hours=WEEK_HOURS,
    recall_evidence=recalled(),
    bands=bands(recalled(), 52, ("none", 0), ("mild", 8), ("moderate", 17), ("severe", 24)),
    cut_offs=(
        CutOff(
            "response",
            "at_least",
            50,
            "percent",
            "A fall of at least 50 % from baseline.",
            recalled(),
        ),
        CutOff("remission", "at_most", 7, "points", "A total of 7 or less.", recalled()),
        CutOff(
            "meaningful_change", "at_least", 3, "points", "A change of about 3 points.", recalled()
        ),
        CutOff(
            "suicide_item_trial_exclusion",
            "above",
            2,
            "points",
            "Item 3 above 2 kept people out of a trial of oral esketamine.",
            found("SA19"),
        ),
    ),
    missing=no_blanks(DEFAULT),
    safety_items=(
        SafetyItem(
            item=3, crisis_at=1, alert_at=1, stop_at=None, emergency_at=None, evidence=DEFAULT
        ),
    ),
    licence=Licence(
        status="unclear",
        holder=None,
        notice=None,
        text_redistributable=False,
        evidence=recalled("HAM60"),
    ),
    sources=("HAM60",),
    relief=ReliefProfile(remission=7, same_day="last", confirm=1, sem=2.2),
)
"""Nine ratings from 0 to 4 and eight from 0 to 2. The 6, 21, 24 and 28 item forms are others."""
