"""Pregnancy, contraindications and reasons for caution: what is known, and what was not asked.

Clinical reference, section 5. What was never asked is not "no": it is shown, and raises nothing.
"""

from collections.abc import Iterator
from datetime import date

from app.science.safety.facts import Chart, Screening
from app.science.safety.finding import found, listed
from app.science.safety.model import Finding, Level
from app.science.safety.thresholds import Numbers

ABSOLUTE = (
    "aneurysmal_vascular_disease",
    "arteriovenous_malformation",
    "intracerebral_haemorrhage",
    "ketamine_hypersensitivity",
)
"""Contraindications of the esketamine label; found, LBL20."""

CAUTION = (
    "psychosis",
    "recent_myocardial_infarction",
    "recent_stroke",
    "unstable_cardiac_disease",
)
"""Reasons for caution that were read in a source; found, MEDGUIDE and TKC."""

RECALLED = (
    "mania",
    "uncontrolled_hypertension",
    "raised_intracranial_pressure",
    "severe_hepatic_impairment",
    "substance_use_disorder",
    "pregnancy",
    "lactation",
    "dementia",
    "cystitis",
    "hyperthyroidism",
)
"""Reasons for caution that are only recalled: never more than a warning."""

IN_THE_PAST_TOO = frozenset({*ABSOLUTE, "psychosis", "cystitis"})
"""What counts though it is over."""


def newest(chart: Chart, kind: str) -> Screening | None:
    """The newest screening of a kind; the chart has one of each at most."""
    return next((one for one in chart.screenings if one.kind == kind), None)


Record = tuple[str, str]
"""The kind and id of a record."""


def known(chart: Chart) -> dict[str, list[Record]]:
    """The conditions that anything says are there, each with the records that say so."""
    there: dict[str, list[Record]] = {}
    for one in chart.conditions:
        over = one.resolved_on is not None and one.resolved_on <= chart.day
        if one.present and (not over or one.name in IN_THE_PAST_TOO):
            there.setdefault(one.name, []).append(("condition", one.id))
    for allergy in chart.allergies:
        if "ketamine" in allergy.substance.lower():
            there.setdefault("ketamine_hypersensitivity", []).append(("allergy", allergy.id))
    checklist = newest(chart, "contraindications")
    if checklist is not None:
        for name, answer in checklist.answers.items():
            if answer == "yes":
                there.setdefault(name, []).append(("screening", checklist.id))
    return there


def in_words(names: list[str]) -> str:
    """Conditions as they are spoken of."""
    return listed([name.replace("_", " ") for name in names])


def contraindications(chart: Chart, _numbers: Numbers) -> Iterator[Finding]:
    """CI-ABS and CI-REL."""
    there, checklist = known(chart), newest(chart, "contraindications")
    absolute = [name for name in ABSOLUTE if name in there]
    if absolute:
        sentence = f"Known: {in_words(absolute)}; contraindicated for esketamine."
        ids = [record_id for name in absolute for _, record_id in there[name]]
        yield found("CI-ABS", "stop", sentence, records=ids, conditions=absolute)
    else:
        yield from unanswered(checklist, chart.day)
    read = [name for name in CAUTION if name in there]
    named = read + [name for name in RECALLED if name in there]
    if named:
        level: Level = "stop" if read else "warn"
        trust = "found" if read else "recalled"
        held = [one for name in named for one in there[name]]
        yield found(
            "CI-REL",
            level,
            f"Known: {in_words(named)}: weigh risk against benefit.",
            records=[record_id for _, record_id in held],
            # A warning is about the record, and so is raised once; a stop at each session.
            about=None if read else held[0],
            conditions=named,
            condition_trust=trust,
        )


def unanswered(checklist: Screening | None, day: date) -> Iterator[Finding]:
    """CI-ABS where nothing is known: the checklist is missing, has expired, or has gaps."""
    if checklist is None:
        sentence = "No contraindication checklist is recorded."
        yield found("CI-ABS", "info", sentence, shown_only=True)
        return
    about = ("screening", checklist.id)
    if checklist.expired(day):
        sentence = f"The contraindication checklist expired on {checklist.expires_on}."
        yield found("CI-ABS", "warn", sentence, records=[checklist.id], about=about)
    elif gaps := [name for name in ABSOLUTE if checklist.answers.get(name) == "unknown"]:
        sentence = f"Not known: {in_words(gaps)}."
        yield found(
            "CI-ABS", "warn", sentence, records=[checklist.id], about=about, conditions=gaps
        )


def may_be_pregnant(chart: Chart, numbers: Numbers) -> bool:
    """Whether a test is to be asked for: female, and of an age for it or of unknown age."""
    if chart.person.sex != "female":
        return False
    born = chart.person.birth_date
    if born is None:
        return True
    age = years(born, chart.day)
    return bool(numbers["preg.from_age_years"] <= age <= numbers["preg.to_age_years"])


def years(born: date, day: date) -> int:
    """Age in whole years.

    >>> years(date(1984, 5, 2), date(2026, 5, 1))
    41
    """
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def pregnancy(chart: Chart, numbers: Numbers) -> Iterator[Finding]:
    """PREG. A test that was recorded speaks of anyone but a man; a missing one of whom it fits."""
    test, used = newest(chart, "pregnancy"), ("preg.from_age_years", "preg.to_age_years")
    fits = may_be_pregnant(chart, numbers)
    if test is None:
        if fits:
            sentence = "No pregnancy test is recorded."
            yield found("PREG", "info", sentence, numbers, *used, shown_only=True)
        return
    records = [test.id]
    if test.result == "positive" or (test.result == "unknown" and chart.person.sex != "male"):
        sentence = f"The last pregnancy test is {test.result}."
        yield found("PREG", "stop", sentence, records=records, result=test.result)
    elif fits and test.result == "negative" and test.expired(chart.day):
        sentence = f"The last pregnancy test expired on {test.expires_on}."
        about = ("screening", test.id)
        yield found("PREG", "warn", sentence, numbers, *used, records=records, about=about)
