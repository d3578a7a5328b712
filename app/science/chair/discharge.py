"""What should be true before somebody goes home, and what says so. It decides nothing.

Clinical reference, section 2.4. A criterion that nobody has measured or answered is unknown, and
unknown is not met.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from app.science.thresholds import Trust


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of a session when somebody asks to go home. Pressures in mmHg."""

    drug: str
    now: datetime
    started_at: datetime | None
    ended_at: datetime | None
    before: Mapping[str, Any] | None
    """The last reading before the dose: systolic_mmhg, diastolic_mmhg, sedation_moaas, id."""
    pressures: tuple[Mapping[str, Any], ...]
    """Readings with a pressure since the start, in the order of time."""
    sedation: Mapping[str, Any] | None
    """The last reading with a sedation_moaas since the start."""
    effects: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    """By effect the last that was told: id, present, severity, resolved."""
    checks: Mapping[str, Any] = field(default_factory=dict)
    """What the person at the chair answered."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that should be true, whether it is, and what that rests on."""

    criterion: str
    rule: str | None
    """The safety rule that says the same, where there is one."""
    met: bool | None
    """None: nobody knows."""
    sentence: str
    rests_on: list[str]
    """Ids of records."""
    source: str
    trust: Trust


Finding = tuple[bool | None, str, list[str]]
Judge = Callable[[Evidence, Mapping[str, Any]], Finding]


def observed(known: Evidence, numbers: Mapping[str, Any]) -> Finding:
    """Long enough under observation."""
    esketamine = known.drug == "esketamine"
    since = known.started_at if esketamine else known.ended_at
    what = "the first device" if esketamine else "the end"
    name = "after_device" if esketamine else "after_end"
    least = numbers[f"chair.discharge.minutes_{name}"]
    if since is None:
        return None, f"The session has no time of {what} yet; {least:g} minutes are asked.", []
    minutes = (known.now - since).total_seconds() / 60
    told = f"{minutes:.0f} minutes since {what}; at least {least:g} are asked."
    return minutes >= least, told, []


def awake(known: Evidence, numbers: Mapping[str, Any]) -> Finding:
    """As awake as before the dose."""
    if known.sedation is None:
        return None, "Sedation was not rated since the start.", []
    level = known.sedation["sedation_moaas"]
    wanted = numbers["chair.discharge.sedation_moaas"]
    before = known.before and known.before.get("sedation_moaas")
    least = wanted if before is None else min(wanted, before)
    told = f"MOAA/S {level}; {least:g} or more is asked."
    return level >= least, told, [known.sedation["id"]]


def pressure(known: Evidence, numbers: Mapping[str, Any]) -> Finding:
    """The last pressure is near the one before the dose and not high."""
    if not known.pressures:
        return None, "No blood pressure was measured since the start.", []
    last = known.pressures[-1]
    systolic, diastolic = last["systolic_mmhg"], last["diastolic_mmhg"]
    top = numbers["chair.discharge.systolic_below_mmhg"]
    bottom = numbers["chair.discharge.diastolic_below_mmhg"]
    low = systolic < top and (diastolic is None or diastolic < bottom)
    told = f"{shown(last)} mmHg; under {top:g}/{bottom:g} is asked"
    if known.before is None or known.before.get("systolic_mmhg") is None:
        return None if low else False, f"{told}, and no reading before the dose.", [last["id"]]
    usual = known.before["systolic_mmhg"]
    share = usual * numbers["chair.discharge.pressure_percent"] / 100
    room = max(numbers["chair.discharge.pressure_mmhg"], share)
    told += f", within {room:.0f} of the {usual} before the dose."
    return low and abs(systolic - usual) <= room, told, [last["id"], known.before["id"]]


def falling(known: Evidence, _numbers: Mapping[str, Any]) -> Finding:
    """The last two pressures don't rise, or the last is no higher than before the dose."""
    if len(known.pressures) < 2:  # noqa: PLR2004  # two are compared
        return None, "Fewer than two blood pressures were measured since the start.", []
    one, two = known.pressures[-2:]
    ids = [one["id"], two["id"]]
    usual = known.before and known.before.get("systolic_mmhg")
    told = f"{shown(one)}, then {shown(two)} mmHg."
    if usual is not None and two["systolic_mmhg"] <= usual:
        return True, f"{told} No higher than the {usual} before the dose.", ids
    return two["systolic_mmhg"] < one["systolic_mmhg"], told, ids


def dissociation(known: Evidence, _numbers: Mapping[str, Any]) -> Finding:
    """Asked about and gone."""
    return gone(known, "dissociation", "dissociation_resolved")


def nausea(known: Evidence, numbers: Mapping[str, Any]) -> Finding:
    """Absent, gone, or mild."""
    most = numbers["chair.discharge.nausea"]
    met, told, ids = gone(known, "nausea", "nausea_controlled")
    last = known.effects.get("nausea")
    severity = last and last["severity"]
    if met is False and ids and severity is not None:
        return severity <= most, f"Nausea {severity:g} of 10; at most {most:g} is asked.", ids
    return met, told, ids


def gone(known: Evidence, effect: str, check: str) -> Finding:
    """Whether an effect is gone: as the person at the chair says, else as it was last told."""
    answer = known.checks.get(check)
    name = effect.capitalize()
    if answer is not None:
        return answer, f"{name} {'is' if answer else 'is not'} settled, as checked.", []
    last = known.effects.get(effect)
    if last is None:
        return None, f"{name} was not asked about.", []
    there = last["present"] and not last["resolved"]
    told = "is still there" if there else "is gone" if last["present"] else "was asked and absent"
    return not there, f"{name} {told}.", [last["id"]]


def recovered(known: Evidence, numbers: Mapping[str, Any]) -> Finding:
    """The modified Aldrete score."""
    least, score = numbers["chair.discharge.aldrete"], known.checks.get("aldrete")
    if score is None:
        return None, f"The Aldrete score was not given; {least:g} of 10 is asked.", []
    return score >= least, f"Aldrete {score} of 10; at least {least:g} is asked.", []


def checked(check: str, yes: str, no: str) -> Judge:
    """What only the person at the chair can say."""

    def judge(known: Evidence, _numbers: Mapping[str, Any]) -> Finding:
        answer = known.checks.get(check)
        if answer is None:
            return None, f"Not answered: {yes[0].lower()}{yes[1:]}", []
        return answer, yes if answer else no, []

    return judge


def shown(reading: Mapping[str, Any]) -> str:
    """A pressure as it is written: 142/88, or 142 where it was felt."""
    systolic, diastolic = reading["systolic_mmhg"], reading["diastolic_mmhg"]
    return f"{systolic}" if diastolic is None else f"{systolic}/{diastolic}"


@dataclass(frozen=True, slots=True)
class Asked:
    """A criterion before it is judged."""

    criterion: str
    judge: Judge
    source: str
    trust: Trust
    rule: str | None = None
    drug: str | None = None
    """The only drug that it is asked after; None: after each."""


LABEL = "esketamine patient guide: escort, and no driving until the next day"
REFERENCE = "clinical reference 2.4"

CRITERIA = (
    Asked(
        "observation_time", observed, "product information; REMS", "found", "OBS-120", "esketamine"
    ),
    Asked("observation_time", observed, "local practice", "recalled", drug="ketamine"),
    Asked("sedation", awake, REFERENCE, "recalled"),
    Asked("blood_pressure", pressure, REFERENCE, "default"),
    Asked("blood_pressure_falling", falling, REFERENCE, "found-2nd", "BP-REST"),
    Asked("dissociation", dissociation, REFERENCE, "recalled"),
    Asked("nausea", nausea, REFERENCE, "recalled"),
    Asked("aldrete", recovered, REFERENCE, "recalled"),
    Asked(
        "gait",
        checked("gait_steady", "Walks steadily.", "Does not walk steadily."),
        REFERENCE,
        "recalled",
    ),
    Asked(
        "escort",
        checked("escort_present", "Somebody takes them home.", "Nobody takes them home."),
        LABEL,
        "found",
    ),
    Asked(
        "instructions",
        checked("instructions_given", "Has written instructions.", "Has no written instructions."),
        REFERENCE,
        "recalled",
    ),
    Asked(
        "no_driving",
        checked(
            "told_not_to_drive",
            "Knows not to drive before tomorrow.",
            "Was not told not to drive before tomorrow.",
        ),
        LABEL,
        "found",
    ),
)
"""In the order in which they are shown."""


def criteria(known: Evidence, numbers: Mapping[str, Any]) -> list[Criterion]:
    """Each criterion judged. `numbers` are the thresholds of the chair in force, by key."""
    found = []
    for asked in CRITERIA:
        if asked.drug in (None, known.drug):
            told = asked.judge(known, numbers)
            found.append(Criterion(asked.criterion, asked.rule, *told, asked.source, asked.trust))
    return found
