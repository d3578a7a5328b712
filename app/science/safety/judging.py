"""All that speaks for a session, or for a reading without one."""

from collections.abc import Iterator
from datetime import datetime

from app.science.safety import checklists, pressure, sessions, signs
from app.science.safety.facts import Chart, Reading
from app.science.safety.finding import found
from app.science.safety.interactions import interactions
from app.science.safety.model import Finding, Hold, loudness
from app.science.safety.rules import RULES
from app.science.safety.thresholds import Numbers


def of_session(chart: Chart, numbers: Numbers, now: datetime | None = None) -> list[Finding]:
    """What speaks for a session, the loudest first.

    What is wanted before discharge is judged where the session says that it ended, or, for whoever
    asks at the chair, as if it ended `now`.
    """
    session = chart.session
    over = session.monitoring_ended_at or session.discharged_at or now
    told = [
        *of_readings(chart, numbers),
        *sessions.dose(chart, numbers),
        *sessions.weight(chart, numbers),
        *sessions.interval(chart, numbers),
        *sessions.observation(session, numbers, now),
        *checklists.pregnancy(chart, numbers),
        *checklists.contraindications(chart, numbers),
        *interactions(chart, numbers),
        *unreviewed(chart),
    ]
    if over is None:
        told = [one for one in told if one.rule != "BP-REST"]
    return sorted(told, key=lambda one: (-loudness(one.level), one.rule))


def of_readings(chart: Chart, numbers: Numbers) -> list[Finding]:
    """What the readings of a session say. BP-REST is for whoever thinks of discharge."""
    return [*pressure.of_session(chart, numbers), *signs.of_session(chart, numbers)]


def of_home(reading: Reading, numbers: Numbers) -> list[Finding]:
    """What a reading says that belongs to no session."""
    one = (reading,)
    return [*pressure.absolute(one, numbers), *signs.of_readings(one, numbers)]


def unreviewed(chart: Chart) -> Iterator[Finding]:
    """Holds on the next dose: alerts of other sessions and days that nobody has dealt with."""
    for one in chart.unreviewed:
        if one.subject_id != chart.session.id:
            told = f"Not reviewed yet: {one.sentence}"
            yield found(
                one.rule,
                RULES[one.rule].levels[-1],
                told,
                records=[one.alert_id],
                about=("alert", one.alert_id),
                shown_only=True,
            )


def stands_in_way(finding: Finding) -> tuple[Hold, ...]:
    """What a finding stands in the way of, until somebody gives a reason.

    A hold on the next dose is one on its start, whatever the level; any other is of level stop.
    """
    holds = RULES[finding.rule].holds
    if finding.about is not None and finding.about[0] == "alert" and "next_dose" in holds:
        return ("start",)
    return tuple(
        hold for hold in holds if hold == "next_dose" or loudness(finding.level) >= loudness("stop")
    )
