"""Anxiety: the GAD-7.

Spitzer RL, Kroenke K, Williams JBW, Löwe B. A brief measure for assessing generalized anxiety
disorder. Arch Intern Med 2006;166(10):1092-1097.
"""

from dataclasses import replace

from app.science.instruments.model import CutOff, Instrument, MissingRule, bands, numbered
from app.science.instruments.phq import LABELS, PFIZER, STEM, TWO_WEEKS_HOURS
from app.science.instruments.sources import DEFAULT, found, recalled, secondhand

_NAMES = (
    "nervousness",
    "control of worry",
    "amount of worry",
    "relaxing",
    "restlessness",
    "irritability",
    "fear",
)

_WORDING = (
    "Feeling nervous, anxious, or on edge",
    "Not being able to stop or control worrying",
    "Worrying too much about different things",
    "Trouble relaxing",
    "Being so restless that it is hard to sit still",
    "Becoming easily annoyed or irritable",
    "Feeling afraid, as if something awful might happen",
)

_LOINC = ("69725-0", "68509-9", "69733-4", "69734-2", "69735-9", "69689-8", "69736-7")

GAD_7 = Instrument(
    code="GAD-7",
    name="Generalized Anxiety Disorder scale, 7 items",
    version="past-2-weeks",
    scoring_version="gad-7/1",
    administered_by="self",
    items=numbered(_NAMES, 3, loinc=_LOINC, wording=_WORDING),
    structure=found("PSYB", "CIRG"),
    stem=STEM,
    answer_labels=LABELS,
    minimum=0,
    maximum=21,
    direction="worse",
    recall_hours=TWO_WEEKS_HOURS,
    recall_evidence=found("PSYB", "CIRG"),
    bands=bands(
        found("PSYB", "CIRG"), 21, ("minimal", 0), ("mild", 5), ("moderate", 10), ("severe", 15)
    ),
    cut_offs=(
        CutOff(
            "positive_screen",
            "at_least",
            10,
            "points",
            "A total of 10 or more: generalized anxiety disorder is probable.",
            found("PSYB", "CIRG"),
        ),
        CutOff(
            "response",
            "at_least",
            50,
            "percent",
            "A fall of at least 50 % from baseline.",
            recalled(),
        ),
        CutOff("remission", "below", 5, "points", "A total below 5.", recalled()),
        CutOff(
            "meaningful_change", "at_least", 4, "points", "A change of 4 points.", found("TOU20")
        ),
        CutOff(
            "reliable_change",
            "at_least",
            6,
            "points",
            "A change of 6 points is more than error of measurement.",
            found("BIS20"),
        ),
        CutOff(
            "meaningful_change_relative",
            "at_least",
            26.8,
            "percent",
            "A fall of about 27 % (20.1 to 33.5) at moderate severity.",
            found("KOU22"),
        ),
    ),
    missing=MissingRule(
        1,
        None,
        "No official rule. One blank takes the mean of the answered items; with more there is no"
        " total.",
        DEFAULT,
    ),
    panel_loinc="69737-5",
    total_loinc="70274-6",
    licence=replace(PFIZER, evidence=secondhand("PSYB")),
    sources=("SPI06", "AIDBOX", "GROVE", "LOINCUSE"),
)
"""Seven answers from 0 to 3."""
