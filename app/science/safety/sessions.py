"""The session itself: dose, weight, and the time since the last one and after the first device.

Clinical reference, section 5. Days are the clinic's, whatever the clocks do; hours are elapsed.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from app.science.safety.facts import Chart, Exposure, Session
from app.science.safety.finding import found
from app.science.safety.model import Finding, Level
from app.science.safety.thresholds import Numbers

BY_NEEDLE = frozenset({"iv", "im", "sc"})
"""Routes whose dose compares with the trials': an oral dose is several times as high."""

WEEK = timedelta(days=7)


def dose(chart: Chart, numbers: Numbers) -> Iterator[Finding]:
    """DOSE: of what was given, else of what is planned."""
    session = chart.session
    if session.drug == "esketamine":
        yield from devices(session, numbers)
        return
    per_kg = mg_per_kg(session)
    if per_kg is None:
        return
    most, first = numbers["dose.most_mg_per_kg"], numbers["dose.first_mg_per_kg"]
    records = [session.id]
    shown = f"{per_kg:g} mg/kg"
    if session.route == "iv" and per_kg > most:
        sentence = f"{shown} IV is above {most:g}."
        used = "dose.most_mg_per_kg"
        yield found("DOSE", "stop", sentence, numbers, used, records=records, mg_per_kg=per_kg)
    elif session.route in BY_NEEDLE and per_kg > first and not chart.exposed:
        sentence = f"{shown} is above {first:g} at the first exposure."
        used = "dose.first_mg_per_kg"
        yield found("DOSE", "warn", sentence, numbers, used, records=records, mg_per_kg=per_kg)


def mg_per_kg(session: Session) -> float | None:
    """The dose over the weight, to two decimals: a dose rounded to whole milligrams stays itself.

    A session that was stopped early has what was given.
    """
    mg = session.planned_dose_mg if session.dose_mg is None else session.dose_mg
    if mg is not None and session.weight_kg:
        return round(mg / session.weight_kg + 1e-9, 2)
    return session.planned_mg_per_kg if session.dose_mg is None else None


def devices(session: Session, numbers: Numbers) -> Iterator[Finding]:
    """DOSE of esketamine: it comes in devices. One that was stopped may have ended between two."""
    made = numbers["dose.esketamine_mg"]
    mg = session.planned_dose_mg if session.dose_mg is None else session.dose_mg
    if not mg or session.status == "stopped" or mg in made:
        return
    told = ", ".join(f"{one:g}" for one in made)
    sentence = f"{mg:g} mg of esketamine is none of {told} mg."
    yield found(
        "DOSE", "stop", sentence, numbers, "dose.esketamine_mg", records=[session.id], dose_mg=mg
    )


def weight(chart: Chart, numbers: Numbers) -> Iterator[Finding]:
    """WT: of ketamine, which is dosed by it."""
    session, used = chart.session, ("wt.days", "wt.percent")
    if session.weight_kg is None or session.drug != "ketamine":
        return
    days, percent = (numbers[name] for name in used)
    said, records = [], [session.id]
    measured, last = session.weight_measured_on, chart.last_weight
    age = (chart.day - measured).days if measured else 0
    if age > days:
        said.append(f"it is {age} days old, over {days:g}")
    if last is not None and session.weight_kind in (None, "actual"):
        change = 100 * (session.weight_kg - last.kg) / last.kg
        if abs(change) > percent + 1e-9:
            said.append(f"it is {change:+.0f} % from the last one ({last.kg:g} kg)")
            records.append(last.id)
    if said:
        sentence = f"The dose rests on {session.weight_kg:g} kg: {', and '.join(said)}."
        yield found("WT", "warn", sentence, numbers, *used, records=records, age_days=age)


def interval(chart: Chart, numbers: Numbers) -> Iterator[Finding]:
    """INT-MIN or INT-ESK, of a session at the clinic."""
    if chart.session.at_home:
        return
    before = [one for one in chart.exposures if one.at <= chart.session.at and not one.at_home]
    before = sorted(
        (one for one in before if one.id != chart.session.id), key=lambda one: (one.at, one.id)
    )
    judge = of_esketamine if chart.session.drug == "esketamine" else of_ketamine
    yield from judge(chart, before, numbers)


def of_ketamine(chart: Chart, before: list[Exposure], numbers: Numbers) -> Iterator[Finding]:
    """INT-MIN: hours since the last IV ketamine, and sessions on seven local days."""
    used = ("int_min.hours", "int_min.sessions_in_7_days")
    least, most = (numbers[name] for name in used)
    said, records = [], set[str]()
    iv = [one for one in before if (one.drug, one.route) == ("ketamine", "iv")]
    hours = hours_since(iv[-1], chart.session.at) if iv else None
    if hours is not None and hours < least:
        said.append(f"{hours:.1f} hours after the last IV ketamine started; at least {least:g}")
        records.add(iv[-1].id)
    week = within_week(chart, before)
    if len(week) + 1 > most:
        said.append(f"session {len(week) + 1} on seven days; at most {most:g}")
        records |= {one.id for one in week}
    if said:
        sentence = f"This is {' and '.join(said)} are usual."
        yield found(
            "INT-MIN",
            "stop",
            sentence,
            numbers,
            *used,
            records=[chart.session.id, *records],
            hours=hours,
            sessions=len(week) + 1,
        )


def of_esketamine(chart: Chart, before: list[Exposure], numbers: Numbers) -> Iterator[Finding]:
    """INT-ESK: sessions on seven local days, and days apart."""
    used = ("int_esk.sessions_in_7_days", "int_esk.days")
    most, least = (numbers[name] for name in used)
    own = [one for one in before if one.drug == "esketamine"]
    said, records = [], set[str]()
    apart = (chart.day - chart.person.day(own[-1].at)).days if own else None
    if apart is not None and apart < least:
        said.append(f"{apart} days after the last one; at least {least:g}")
        records.add(own[-1].id)
    week = within_week(chart, own)
    if len(week) + 1 > most:
        said.append(f"session {len(week) + 1} on seven days; at most {most:g}")
        records |= {one.id for one in week}
    if said:
        sentence = f"This esketamine is {' and '.join(said)} are meant."
        yield found(
            "INT-ESK",
            "stop",
            sentence,
            numbers,
            *used,
            records=[chart.session.id, *records],
            days=apart,
            sessions=len(week) + 1,
        )


def hours_since(last: Exposure, at: datetime) -> float:
    """Elapsed hours, whatever the clocks did in between."""
    return (at - last.at).total_seconds() / 3600


def within_week(chart: Chart, before: list[Exposure]) -> list[Exposure]:
    """Sessions on the clinic's dates in (today - 7, today]: dates, so that a Monday is no fourth.

    Mon 10:00, Wed, Fri and the next Mon 09:00 are four in 168 hours and three on seven dates.
    """
    since = chart.day - WEEK
    return [one for one in before if since < chart.person.day(one.at) <= chart.day]


def observation(session: Session, numbers: Numbers, now: datetime | None = None) -> list[Finding]:
    """OBS-120: from the first device to the end of monitoring, else to discharge, else to `now`."""
    first = session.first_device_at or session.started_at
    end = session.monitoring_ended_at or session.discharged_at or now
    if session.drug != "esketamine" or session.at_home or not session.begun:
        return []
    least = numbers["obs_120.minutes"]
    if first is None or end is None or end - first >= timedelta(minutes=least):
        return []
    minutes = max(0.0, (end - first).total_seconds() / 60)
    sentence = f"{minutes:.0f} minutes since the first device; observation lasts {least:g}."
    return [
        found(
            "OBS-120",
            "stop",
            sentence,
            numbers,
            "obs_120.minutes",
            records=[session.id],
            minutes=round(minutes, 1),
        )
    ]


def rems_form(session: Session, numbers: Numbers, now: datetime) -> list[Finding]:
    """REMS-7D: due from the end of an esketamine session on, louder from its fifth day."""
    over = session.status in ("completed", "stopped") and not session.at_home
    if session.drug != "esketamine" or not over or not numbers["rems_7d.applies"]:
        return []
    days, warn_day = numbers["rems_7d.days"], numbers["rems_7d.warn_day"]
    age = (now - session.at).total_seconds() / 86400
    level: Level = "warn" if age >= warn_day else "info"
    due = (session.at + timedelta(days=days)).date().isoformat()
    sentence = f"The REMS form of this session is due by {due}, {days:g} days after it."
    used = ("rems_7d.days", "rems_7d.warn_day")
    about = ("infusion", session.id)
    return [
        found(
            "REMS-7D",
            level,
            sentence,
            numbers,
            *used,
            records=[session.id],
            about=about,
            due_on=due,
        )
    ]
