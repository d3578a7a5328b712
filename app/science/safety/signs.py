"""Pulse, saturation, breathing and sedation. Clinical reference, section 5."""

from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from itertools import groupby

from app.science.safety.facts import Chart, Reading
from app.science.safety.finding import as_evidence, found, in_order
from app.science.safety.model import Finding, Level
from app.science.safety.thresholds import Numbers


def of_session(chart: Chart, numbers: Numbers) -> Iterator[Finding]:
    """What a session's readings say, beside their pressures."""
    yield from of_readings(chart.readings, numbers)
    yield from sedation(chart, numbers)


def of_readings(readings: tuple[Reading, ...], numbers: Numbers) -> Iterator[Finding]:
    """What readings say whether or not they belong to a session."""
    yield from pulse(readings, numbers)
    yield from saturation(readings, numbers)
    yield from breathing(readings, numbers)


def lasting(
    readings: list[Reading], is_bad: Callable[[Reading], bool], minutes: float
) -> list[Reading]:
    """Bad readings in a row, the first and last of which are so far apart; of the last such row.

    A good one between two bad ones ends the row.
    """
    rows = [list(row) for bad, row in groupby(readings, is_bad) if bad]
    apart = timedelta(minutes=minutes)
    long = [row for row in rows if len(row) > 1 and row[-1].at - row[0].at >= apart]
    return long[-1] if long else []


def pulse(readings: Iterable[Reading], numbers: Numbers) -> Iterator[Finding]:
    """HR: slow or fast, and not for a moment."""
    low, high, apart = numbers["hr.low_bpm"], numbers["hr.high_bpm"], numbers["hr.apart_minutes"]
    timed = [one for one in in_order(readings, "pulse") if one.timed]
    for words, limit, used, worst_of, is_bad in (
        ("above", high, "hr.high_bpm", max, lambda one: one.pulse > high),
        ("below", low, "hr.low_bpm", min, lambda one: one.pulse < low),
    ):
        row = lasting(timed, is_bad, apart)
        if row:
            worst = worst_of(row, key=lambda one: one.pulse or 0)
            told = f"Pulse {worst.pulse:g}/min, {words} {limit:g} in {len(row)} readings in a row."
            yield found(
                "HR",
                "warn",
                told,
                numbers,
                used,
                "hr.apart_minutes",
                records=[one.id for one in row],
                readings=[as_evidence(one, "pulse") for one in row],
                worst=as_evidence(worst, "pulse"),
            )
            return


def saturation(readings: Iterable[Reading], numbers: Numbers) -> Iterator[Finding]:
    """SPO2: low twice, or very low once."""
    used = ("spo2.warn_percent", "spo2.emergency_percent", "spo2.apart_minutes")
    low, lowest, apart = (numbers[name] for name in used)
    known = in_order(readings, "saturation")
    deep = [one for one in known if (one.saturation or 0) < lowest]
    timed = [one for one in known if one.timed]
    row = lasting(timed, lambda one: (one.saturation or 0) < low, apart)
    bad = {one.id: one for one in [*row, *deep]}
    if not bad:
        return
    worst = min(bad.values(), key=lambda one: one.saturation or 0)
    told = f"below {lowest:g}" if deep else f"below {low:g} in {len(row)} readings in a row"
    yield found(
        "SPO2",
        "emergency" if deep else "warn",
        f"SpO2 {worst.saturation:g} % is {told}.",
        numbers,
        *used,
        records=bad,
        readings=[as_evidence(one, "saturation") for one in bad.values()],
        worst=as_evidence(worst, "saturation"),
    )


def breathing(readings: Iterable[Reading], numbers: Numbers) -> Iterator[Finding]:
    """RR: slow, or very slow."""
    used = ("rr.warn_per_minute", "rr.emergency_per_minute")
    low, lowest = (numbers[name] for name in used)
    bad = [one for one in in_order(readings, "breaths") if (one.breaths or 0) < low]
    if not bad:
        return
    worst = min(bad, key=lambda one: one.breaths or 0)
    deep = (worst.breaths or 0) < lowest
    yield found(
        "RR",
        "emergency" if deep else "warn",
        f"{worst.breaths:g} breaths a minute are below {lowest if deep else low:g}.",
        numbers,
        *used,
        records=[one.id for one in bad],
        readings=[as_evidence(one, "breaths") for one in bad],
        worst=as_evidence(worst, "breaths"),
    )


def sedation(chart: Chart, numbers: Numbers) -> Iterator[Finding]:
    """SED: deep at any time, or deeper than before the dose. Lower is deeper."""
    used = ("sed.warn_moaas", "sed.emergency_moaas", "sed.fall_moaas")
    warn, emergency, fall = (numbers[name] for name in used)
    known, start = in_order(chart.readings, "moaas"), chart.session.started_at
    before = [one for one in known if one.timed and start is not None and one.at < start]
    usual = before[-1].moaas if before and chart.session.begun else None
    fallen = -1 if usual is None else usual - fall
    after = [one for one in known if one not in before and depth_of(one) <= fallen]
    bad = [one for one in known if depth_of(one) <= warn or one in after]
    if not bad:
        return
    worst = min(bad, key=depth_of)
    depth = depth_of(worst)
    level: Level = "emergency" if depth <= emergency else "warn" if depth <= warn else "info"
    limits = {"emergency": f"at or below {emergency:g}", "warn": f"at or below {warn:g}"}
    told = limits.get(level, f"down from {usual} before the dose")
    yield found(
        "SED",
        level,
        f"MOAA/S {depth} is {told}: chart sedation as a side effect.",
        numbers,
        *used,
        records=[*(one.id for one in before[-1:]), *(one.id for one in bad)],
        readings=[as_evidence(one, "moaas") for one in bad],
        worst=as_evidence(worst, "moaas"),
        # Every other session has it: it is to be charted, and waits for nobody.
        shown_only=level == "info",
    )


def depth_of(reading: Reading) -> int:
    """The MOAA/S of a reading that has one."""
    assert reading.moaas is not None, "only readings with a MOAA/S are looked at"
    return reading.moaas
