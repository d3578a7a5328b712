"""The numbers that the made-up clinic is made of, each with its source.

"Default" marks a choice of this simulator that no source sets. Nothing here is evidence.
"""

from enum import StrEnum


class Archetype(StrEnum):
    """How long relief lasts for a made-up patient."""

    LONG_HOLDER = "long_holder"
    RESPONDER = "responder"
    EARLY_LOSER = "early_loser"
    NON_RESPONDER = "non_responder"


class Plan(StrEnum):
    """What brings a patient back after the induction."""

    PHONE = "phone"
    """A check-in by phone that shows the relief is lost."""
    SCHEDULE = "schedule"
    NONE = "none"


PATIENTS = {
    Archetype.LONG_HOLDER: 8,
    Archetype.RESPONDER: 13,
    Archetype.EARLY_LOSER: 7,
    Archetype.NON_RESPONDER: 12,
}
"""28 of 40 respond: 70.8% after six infusions in Murrough 2013."""

MEDIAN_DAYS = {
    Archetype.LONG_HOLDER: 40.0,
    Archetype.RESPONDER: 18.0,
    Archetype.EARLY_LOSER: 8.0,
}
"""Median 18 days, quartiles 11 and 27, in Murrough 2013; the spread over kinds is a default."""

WITHIN_SD = 0.35
"""Of the log of a patient's own durations. Default: no published data give it."""

DOSE_EFFECT = 0.3
"""On the log duration, for each log of the dose over 0.5 mg/kg. After Salloum 2020."""

STANDARD_MG_PER_KG = 0.5
"""Over 40 minutes: Murrough 2013 and most trials."""

RAISED_MG_PER_KG = 0.75
"""Upper end of clinic practice, for those whose relief is short. Default for when."""

PLANNED_MINUTES = 40

INDUCTION_SESSIONS = 6
"""On Mondays, Wednesdays and Fridays: Murrough 2013, Shiroma 2014, Albott 2018."""

SESSIONS_AT_MOST = 24
"""Default; 12 to 45 treatments were seen in long maintenance (Wilkinson 2018)."""

NO_MAINTENANCE = 0.3
"""Share of the responders who stop after the induction: of all patients about half go on, as in
Juby 2024 (48.5%)."""

DROP_OUT_AFTER = 4
DROP_OUT = 0.5
"""Share of the non-responders who stop after the fourth infusion. Default."""

SEM_POINTS = 2.2
"""Standard error of one PHQ-9: 2 of them are about 5 points (Löwe 2004)."""

SEM_MOOD_POINTS = 1.3
"""Of one 0 to 10 rating. The relief method's prior."""

MISSED = 0.2
MISSED_WHEN_ILL = 0.4
MISSED_BY_THE_ABSENT = 0.7
"""Shares of weekly check-ins not sent: 30% overall, more when ill. Relief method, section 11."""

ABSENT_PATIENTS = 0.1
MOOD_PATIENTS = 0.25
HYPERTENSIVE = 0.36
"""36% of the patients in Riva-Posse 2018; the other two shares are defaults."""

MINUTES = (-15, 0, 10, 20, 30, 40, 55, 70, 100, 120)
"""When vital signs are due, from the start. Default; trials read every 10 to 15 minutes."""

RISE_PROFILE = (0.0, 0.0, 0.4, 0.8, 1.0, 1.0, 0.6, 0.3, 0.05, 0.0)
"""Share of the peak rise at each of `MINUTES`: the peak is at 30 to 40 minutes, and the pressure
is back within 90 minutes (Riva-Posse 2018; Szarmach 2020)."""

PEAK_RISE_MMHG = {False: (2.0, 5.0), True: (5.6, 8.0)}
"""Mean and SD of the systolic peak rise, without and with hypertension: with 36% hypertensive the
mean is 3.3, as in 684 infusions (Riva-Posse 2018). The SDs are defaults."""

DIASTOLIC_SHARE = 0.97
"""Of the systolic rise: 3.17 to 3.28 mmHg, Riva-Posse 2018."""

RESTING_MMHG = {False: (118, 74), True: (132, 83)}
"""Systolic and diastolic at rest, without and with (treated) hypertension. Default."""

READING_SD_MMHG = 2.5
RESTING_SD_MMHG = 4.0

INCIDENCE = {
    "dissociation": 0.41,
    "dizziness": 0.29,
    "nausea": 0.28,
    "headache": 0.20,
    "sedation": 0.23,
    "anxiety": 0.13,
    "blurred_vision": 0.15,
}
"""Share of a first session with each effect: the esketamine label's table, recalled, and at least
20% for the first four on repeated IV ketamine (Singh 2016). Blurred vision is a default."""

ALWAYS_ASKED = ("dissociation", "dizziness", "nausea")
"""Recorded as absent when absent; the others are recorded only when present. Default."""

WEARS_OFF = {"dissociation": 0.85}
"""Factor on the incidence with each session: dissociation attenuates (Singh 2016), size default."""

STOPPED_AT_MINUTE = 14
STOP_REASON = "Distress: asked to stop"
"""1.95% of infusions were stopped (Wan 2015); of the reasons to discontinue, psychological distress
was the commonest (Feifel 2020)."""
