"""Blood pressure: before, at any time, over its own start, and on the way home.

Clinical reference, section 5 and pitfalls 24 and 25: both the height and the rise, and the rise
over the reading before the dose of this very session.
"""

from collections.abc import Iterable, Iterator

from app.science.safety.facts import Chart, Reading, Session
from app.science.safety.finding import as_evidence, found, in_order, pressure
from app.science.safety.model import Finding
from app.science.safety.thresholds import Numbers

BOTH = ("systolic", "diastolic")


def reaches(reading: Reading, systolic: float, diastolic: float) -> bool:
    """Whether either pressure is at or above its threshold."""
    low, high = reading.diastolic, reading.systolic
    return (high is not None and high >= systolic) or (low is not None and low >= diastolic)


def is_above(reading: Reading, systolic: float, diastolic: float) -> bool:
    """Whether either pressure is above its threshold."""
    low, high = reading.diastolic, reading.systolic
    return (high is not None and high > systolic) or (low is not None and low > diastolic)


def split(chart: Chart) -> tuple[list[Reading], list[Reading]]:
    """Pressures before this session's start and since, in the order of time.

    Before it starts, all lie before; where only the day of the start is known, none lies anywhere.
    """
    session, timed = chart.session, in_order(chart.readings, "systolic")
    timed = [one for one in timed if one.timed]
    if not session.begun:
        return timed, []
    start = session.started_at
    if start is None:
        return [], []
    return [one for one in timed if one.at < start], [one for one in timed if one.at >= start]


def of_session(chart: Chart, numbers: Numbers) -> Iterator[Finding]:
    """What the pressures of a session say."""
    before, since = split(chart)
    if before:
        yield from before_the_dose(before[-1], numbers)
    yield from absolute(chart.readings, numbers)
    if before and since:
        yield from rise(before[-1], since, numbers)
    yield from not_falling(chart.session, before, since)


def before_the_dose(last: Reading, numbers: Numbers) -> Iterator[Finding]:
    """BP-PRE-HI, else BP-PRE: the last reading counts, so a recheck takes the place of a first."""
    shown = [as_evidence(last, *BOTH)]
    for rule, prefix, passed, words in (
        ("BP-PRE-HI", "bp_pre_hi.", reaches, "at or above"),
        ("BP-PRE", "bp_pre.", is_above, "above"),
    ):
        used = (f"{prefix}systolic_mmhg", f"{prefix}diastolic_mmhg")
        top, bottom = (numbers[name] for name in used)
        if passed(last, top, bottom):
            more = ": a second clinician should look." if rule == "BP-PRE-HI" else "."
            limits = f"{words} {top:g}/{bottom:g} before the dose{more}"
            sentence = f"{pressure(last)} mmHg is {limits}"
            yield found(rule, "stop", sentence, numbers, *used, records=[last.id], readings=shown)
            return


def absolute(readings: Iterable[Reading], numbers: Numbers) -> Iterator[Finding]:
    """BP-ABS: any reading, before, during, after, or at home."""
    used = ("bp_abs.systolic_mmhg", "bp_abs.diastolic_mmhg")
    top, bottom = (numbers[name] for name in used)
    high = [one for one in in_order(readings, "systolic") if reaches(one, top, bottom)]
    if not high:
        return
    worst = max(high, key=lambda one: (one.systolic or 0, one.diastolic or 0))
    sentence = f"{pressure(worst)} mmHg is at or above {top:g}/{bottom:g}, {symptoms(high)}."
    names = (*BOTH, "symptomatic")
    yield found(
        "BP-ABS",
        "emergency",
        sentence,
        numbers,
        *used,
        records=[one.id for one in high],
        readings=[as_evidence(one, *names) for one in high],
        worst=as_evidence(worst, *names),
    )


def symptoms(high: list[Reading]) -> str:
    """Whether there were symptoms: one yes is a yes, and silence is not a no."""
    told = [one.symptomatic for one in high]
    if True in told:
        return "with symptoms"
    return "without symptoms" if all(one is False for one in told) else "symptoms not recorded"


def rise(usual: Reading, since: list[Reading], numbers: Numbers) -> Iterator[Finding]:
    """BP-RISE, over the last reading before the dose of this session."""
    used = ("bp_rise.systolic_mmhg", "bp_rise.diastolic_mmhg")
    top, bottom = (numbers[name] for name in used)
    risen = [one for one in since if has_risen(usual, one, top, bottom)]
    if not risen:
        return
    worst = max(risen, key=lambda one: max(gains(usual, one)))
    up, down = gains(usual, worst)
    parts = f"systolic {up:+g}" + ("" if worst.diastolic is None else f", diastolic {down:+g}")
    sentence = (
        f"{pressure(worst)} mmHg after {pressure(usual)} before the dose ({parts}): a rise of"
        f" {top:g} or {bottom:g} or more."
    )
    yield found(
        "BP-RISE",
        "warn",
        sentence,
        numbers,
        *used,
        records=[usual.id, *(one.id for one in risen)],
        before=as_evidence(usual, *BOTH),
        readings=[as_evidence(one, *BOTH) for one in risen],
        worst=as_evidence(worst, *BOTH),
    )


def gains(usual: Reading, now: Reading) -> tuple[float, float]:
    """How far each pressure has risen; none where one of the two is unknown."""
    up = (now.systolic or 0) - (usual.systolic or 0)
    if now.diastolic is None or usual.diastolic is None:
        return up, 0
    return up, now.diastolic - usual.diastolic


def has_risen(usual: Reading, now: Reading, systolic: float, diastolic: float) -> bool:
    """Whether either pressure has risen by its threshold or more.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 1, 5, tzinfo=UTC)
    >>> has_risen(Reading("a", at, 130, 80), Reading("b", at, 150, 106), 40, 25)
    True
    """
    up, down = gains(usual, now)
    return up >= systolic or down >= diastolic


def not_falling(session: Session, before: list[Reading], since: list[Reading]) -> Iterator[Finding]:
    """BP-REST: of the last two since the start the later is not lower, nor back where it was."""
    if not session.begun or len(since) < 2:  # noqa: PLR2004  # two are compared
        return
    one, two = since[-2:]
    falls = (two.systolic or 0) < (one.systolic or 0)
    back = bool(before) and (two.systolic or 0) <= (before[-1].systolic or 0)
    if falls or back:
        return
    usual = f", {pressure(before[-1])} before the dose" if before else ""
    sentence = f"{pressure(one)} mmHg, then {pressure(two)}{usual}: not falling."
    seen = [*before[-1:], one, two]
    yield found(
        "BP-REST",
        "stop",
        sentence,
        records=[reading.id for reading in seen],
        readings=[as_evidence(reading, *BOTH) for reading in (one, two)],
    )
