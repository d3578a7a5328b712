"""Post-traumatic stress: the PCL-5, monthly form.

Weathers FW et al. The PTSD Checklist for DSM-5 (PCL-5). National Center for PTSD, 2013. In the
public domain. The past-week form is another version and not this one.
"""

from app.science.instruments.model import (
    AnswerLabel,
    Band,
    Criteria,
    CutOff,
    Group,
    Instrument,
    Licence,
    MissingRule,
    numbered,
)
from app.science.instruments.sources import DEFAULT, derived, found, recalled

MONTH_HOURS = 30 * 24
"""A month of recall, taken as 30 days."""

_NAMES = (
    "intrusive memories",
    "disturbing dreams",
    "reliving",
    "upset by reminders",
    "bodily reactions to reminders",
    "avoiding memories",
    "avoiding reminders",
    "gaps in memory",
    "negative beliefs",
    "blame",
    "negative feelings",
    "loss of interest",
    "distance from others",
    "trouble feeling positive",
    "irritability or aggression",
    "risk-taking",
    "watchfulness",
    "startle",
    "concentration",
    "sleep",
)

_WORDING = (
    "Repeated, disturbing, and unwanted memories of the stressful experience?",
    "Repeated, disturbing dreams of the stressful experience?",
    (
        "Suddenly feeling or acting as if the stressful experience were actually happening"
        " again (as if you were actually back there reliving it)?"
    ),
    "Feeling very upset when something reminded you of the stressful experience?",
    (
        "Having strong physical reactions when something reminded you of the stressful"
        " experience (for example, heart pounding, trouble breathing, sweating)?"
    ),
    "Avoiding memories, thoughts, or feelings related to the stressful experience?",
    (
        "Avoiding external reminders of the stressful experience (for example, people,"
        " places, conversations, activities, objects, or situations)?"
    ),
    "Trouble remembering important parts of the stressful experience?",
    (
        "Having strong negative beliefs about yourself, other people, or the world (for"
        " example, having thoughts such as: I am bad, there is something seriously wrong"
        " with me, no one can be trusted, the world is completely dangerous)?"
    ),
    "Blaming yourself or someone else for the stressful experience or what happened after it?",
    "Having strong negative feelings such as fear, horror, anger, guilt, or shame?",
    "Loss of interest in activities that you used to enjoy?",
    "Feeling distant or cut off from other people?",
    (
        "Trouble experiencing positive feelings (for example, being unable to feel happiness"
        " or have loving feelings for people close to you)?"
    ),
    "Irritable behavior, angry outbursts, or acting aggressively?",
    "Taking too many risks or doing things that could cause you harm?",
    'Being "superalert" or watchful or on guard?',
    "Feeling jumpy or easily startled?",
    "Having difficulty concentrating?",
    "Trouble falling or staying asleep?",
)

_CLUSTERS = found("BWH", "MEDAFILE")

PCL_5 = Instrument(
    code="PCL-5",
    name="PTSD Checklist for DSM-5",
    version="past-month",
    scoring_version="pcl-5/1",
    administered_by="self",
    items=numbered(_NAMES, 4, wording=_WORDING),
    structure=_CLUSTERS,
    stem="In the past month, how much were you bothered by:",
    answer_labels=tuple(
        AnswerLabel(value, label)
        for value, label in enumerate(
            ("Not at all", "A little bit", "Moderately", "Quite a bit", "Extremely")
        )
    ),
    minimum=0,
    maximum=80,
    direction="worse",
    recall_hours=MONTH_HOURS,
    recall_evidence=recalled("WEA13"),
    subscales=(
        Group("cluster_b", tuple(range(1, 6)), _CLUSTERS),
        Group("cluster_c", (6, 7), _CLUSTERS),
        Group("cluster_d", tuple(range(8, 15)), _CLUSTERS),
        Group("cluster_e", tuple(range(15, 21)), _CLUSTERS),
    ),
    criteria=Criteria(
        "provisional_ptsd",
        2,
        (("cluster_b", 1), ("cluster_c", 1), ("cluster_d", 2), ("cluster_e", 2)),
        "Provisional PTSD: at 2 or more, at least one item of cluster B, one of C, two of D and two"
        " of E.",
        found("BWH"),
    ),
    bands=(
        Band("below_cut", 0, 30, derived("QXMD")),
        Band("at_cut", 31, 33, derived("QXMD")),
        Band("above_cut", 34, 80, derived("QXMD")),
    ),
    cut_offs=(
        CutOff(
            "positive_screen",
            "at_least",
            31,
            "points",
            "Published cuts run from 31 to 33; this is the lowest.",
            found("QXMD"),
        ),
        CutOff(
            "positive_screen_strict",
            "at_least",
            33,
            "points",
            "Published cuts run from 31 to 33; this is the highest.",
            found("QXMD"),
        ),
        CutOff(
            "positive_screen_earlier",
            "at_least",
            38,
            "points",
            "An earlier page of the National Center for PTSD proposed 38.",
            found("MEDAFILE"),
        ),
        CutOff(
            "reliable_change",
            "at_least",
            5,
            "points",
            "A change of 5 points, taken over from the checklist for DSM-IV.",
            found("QXMD", "THA"),
        ),
        CutOff(
            "meaningful_change",
            "at_least",
            10,
            "points",
            "A change of 10 points, taken over from the checklist for DSM-IV.",
            found("QXMD", "THA"),
        ),
        CutOff(
            "meaningful_change_newer",
            "at_least",
            15,
            "points",
            "Newer guidance asks for 15 to 18 points.",
            recalled(),
        ),
    ),
    missing=MissingRule(
        2,
        1,
        "No official rule. With at most two blanks, and one a cluster, a blank takes the mean of"
        " its cluster; with more there is no total.",
        DEFAULT,
    ),
    licence=Licence(
        status="public_domain",
        holder="National Center for PTSD, US Department of Veterans Affairs",
        notice="The PCL-5 was developed by staff at the National Center for PTSD and is in the"
        " public domain.",
        text_redistributable=True,
        evidence=found("MHS", "QXMD"),
    ),
    sources=("WEA13",),
)
"""Twenty answers from 0 to 4 in four clusters."""
