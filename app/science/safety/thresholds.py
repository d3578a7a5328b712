"""Every number of the safety rules, with who says so. Clinical reference, section 5.

A clinic may choose others, within bounds that keep a rule a rule. What self-harm answers raise is
not here: that is promised, and no clinic may make it quieter.
"""

from collections.abc import Mapping
from typing import Any

from app.science.thresholds import Threshold, Trust, in_force

PREFIX = "safety."

LABEL = "esketamine product information"
AFTER_LABEL = "esketamine product information, as cited in secondary notes"
NOBODY = "no source sets it"

Row = tuple[str, Any, str, str, Trust, str | None, float | None, float | None]

ROWS: tuple[Row, ...] = (
    ("bp_pre.systolic_mmhg", 140, "A systolic pressure above this before the dose wants a reason.",
     AFTER_LABEL, "found-2nd", "mmHg", 100, 200),
    ("bp_pre.diastolic_mmhg", 90, "A diastolic pressure above this before the dose does too.",
     AFTER_LABEL, "found-2nd", "mmHg", 60, 120),
    ("bp_pre_hi.systolic_mmhg", 160, "From this systolic on, a second clinician should look.",
     NOBODY, "default", "mmHg", 120, 220),
    ("bp_pre_hi.diastolic_mmhg", 100, "From this diastolic on, a second clinician should look.",
     NOBODY, "default", "mmHg", 70, 130),
    ("bp_abs.systolic_mmhg", 180, "From this systolic on it is an emergency at any time.",
     "two-tier flags of a chairside tool", "found-2nd", "mmHg", 140, 240),
    ("bp_abs.diastolic_mmhg", 110, "From this diastolic on it is an emergency at any time.",
     "two-tier flags of a chairside tool", "found-2nd", "mmHg", 80, 150),
    ("bp_rise.systolic_mmhg", 40, "A rise of so much over the session's own pre-dose reading.",
     f"{LABEL}, 2020", "found", "mmHg", 10, 100),
    ("bp_rise.diastolic_mmhg", 25, "A rise of so much over the session's own pre-dose reading.",
     f"{LABEL}, 2020", "found", "mmHg", 10, 80),
    ("hr.low_bpm", 50, "A pulse below this that lasts.", NOBODY, "default", "/min", 20, 80),
    ("hr.high_bpm", 120, "A pulse above this that lasts.", NOBODY, "default", "/min", 80, 220),
    ("hr.apart_minutes", 1, "How far apart two readings in a row must be, for a pulse to last.",
     NOBODY, "default", "minutes", 0, 60),
    ("spo2.warn_percent", 92, "A saturation below this, in two readings.",
     f"{LABEL} asks for oximetry at each session; {NOBODY}", "default", "%", 80, 100),
    ("spo2.emergency_percent", 90, "A saturation below this, once.",
     f"{LABEL} asks for oximetry at each session; {NOBODY}", "default", "%", 70, 100),
    ("spo2.apart_minutes", 1, "How far apart the two readings must be.",
     NOBODY, "default", "minutes", 0, 60),
    ("rr.warn_per_minute", 10, "Fewer breaths a minute than this.",
     f"respiratory depression is in the REMS form; {NOBODY}", "default", "/min", 4, 20),
    ("rr.emergency_per_minute", 8, "Fewer breaths a minute than this.",
     f"respiratory depression is in the REMS form; {NOBODY}", "default", "/min", 2, 16),
    ("sed.warn_moaas", 3, "A MOAA/S at or below this.",
     f"the scale is the esketamine programme's; {NOBODY}", "default", "MOAA/S", 0, 4),
    ("sed.emergency_moaas", 1, "A MOAA/S at or below this.",
     f"the scale is the esketamine programme's; {NOBODY}", "default", "MOAA/S", 0, 4),
    ("sed.fall_moaas", 1, "A fall of so much from before the dose is sedation.",
     "esketamine programme, as cited in secondary notes", "found-2nd", "MOAA/S", 1, 5),
    ("obs_120.minutes", 120, "Esketamine: how long after the first device observation lasts.",
     f"{LABEL}; REMS monitoring form", "found", "minutes", 30, 480),
    ("rems_7d.applies", True, "Whether the clinic must send the REMS form; it is of the US alone.",
     "REMS monitoring form, 2021", "found", None, None, None),
    ("rems_7d.days", 7, "How long after an esketamine session its form may be sent.",
     "REMS monitoring form, 2021", "found", "days", 1, 30),
    ("rems_7d.warn_day", 5, "From which day on a form that is not sent is a warning.",
     NOBODY, "default", "days", 0, 30),
    ("worse.rise_points", 5, "A PHQ-9 this much over the baseline or the one before.",
     "two standard errors of the PHQ-9: Löwe 2004", "found", "points", 2, 15),
    ("int_min.hours", 40, "IV ketamine sooner than this after the last one started.",
     f"Mon-Wed-Fri is the densest schedule studied (Shiroma 2014, Albott 2018); {NOBODY}",
     "default", "hours", 1, 336),
    ("int_min.sessions_in_7_days", 3, "More sessions than this on seven local days.",
     f"Mon-Wed-Fri is the densest schedule studied (Shiroma 2014, Albott 2018); {NOBODY}",
     "default", "sessions", 1, 14),
    ("int_esk.sessions_in_7_days", 2, "Esketamine: more sessions than this on seven local days.",
     f"{LABEL}: twice weekly", "found", "sessions", 1, 7),
    ("int_esk.days", 2, "Esketamine: fewer calendar days apart than this.",
     f"trial days 1, 4, 8, 11 (NCT03039192); {NOBODY}", "default", "days", 1, 28),
    ("dose.first_mg_per_kg", 0.5, "Ketamine by needle, first exposure: more than this.",
     f"the standard dose: Murrough 2013, Fava 2018; tier: {NOBODY}", "default", "mg/kg", 0.05, 2),
    ("dose.most_mg_per_kg", 1.0, "IV ketamine: more than this.",
     f"the highest dose studied: Fava 2018; tier: {NOBODY}", "default", "mg/kg", 0.1, 5),
    ("dose.esketamine_mg", [28, 56, 84], "The doses that devices of 28 mg make.",
     LABEL, "found", "mg", 1, 200),
    ("wt.days", 30, "A dosing weight older than this.", NOBODY, "default", "days", 1, 365),
    ("wt.percent", 10, "A dosing weight further than this from the last one known.",
     NOBODY, "default", "%", 1, 50),
    ("exp.sessions", [12, 24, 50], "At these numbers of sessions, look back, at bladder and mind.",
     f"only 12 to 45 sessions were followed (Wilkinson 2018); {NOBODY}",
     "default", "sessions", 1, 1000),
    ("nonresp.infusions", 4, "After so many infusions of a course, ask whether it helps.",
     f"{NOBODY}; early non-improvers may still improve by the sixth (TP24)",
     "default", "infusions", 1, 20),
    ("nonresp.improvement_percent", 25, "Improvement below this counts as none.",
     NOBODY, "default", "%", 1, 90),
    ("blad.icsi_rise_points", 4, "An ICSI this much over the lowest one before.",
     NOBODY, "default", "points", 1, 20),
    ("preg.from_age_years", 12, "Whoever is younger is not asked for a pregnancy test.",
     NOBODY, "default", "years", 8, 18),
    ("preg.to_age_years", 55, "Whoever is older is not asked for a pregnancy test.",
     NOBODY, "default", "years", 40, 70),
    ("ddi_bzd.diazepam_equivalent_mg", 8, "Benzodiazepines of more than this a day.",
     "Andrade 2020: non-responders, n = 47; contested (RAPID, ELEKT-D)", "found", "mg", 0, 200),
)  # fmt: skip


def _made(row: Row) -> Threshold:
    name, value, about, source, trust, unit, least, most = row
    return Threshold(PREFIX + name, value, about, source, trust, unit, least, most)


THRESHOLDS: dict[str, Threshold] = {one.key: one for one in map(_made, ROWS)}
"""By key."""


class Numbers:
    """The thresholds in force in a clinic: what it chose, else the defaults."""

    def __init__(self, chosen: Mapping[str, Any] | None = None) -> None:
        given = {key: value for key, value in (chosen or {}).items() if value is not None}
        self._chosen = given.keys() & THRESHOLDS.keys()
        self._values = in_force(THRESHOLDS, given)

    def __getitem__(self, name: str) -> Any:
        """A value, by its key without the prefix."""
        return self._values[PREFIX + name]

    def told(self, *names: str) -> list[dict[str, Any]]:
        """Thresholds as evidence: what each is, and how far it can be trusted."""
        return [self.described(PREFIX + name) for name in names]

    def described(self, key: str) -> dict[str, Any]:
        """One threshold as it is in force."""
        usual, own = THRESHOLDS[key], key in self._chosen
        return {
            "key": key,
            "value": self._values[key],
            "unit": usual.unit,
            "source": "this clinic" if own else usual.source,
            "trust": "clinic" if own else usual.trust,
            "default": usual.value,
        }
