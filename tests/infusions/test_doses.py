from datetime import UTC, datetime, timedelta

import pytest

from app.infusions import doses

START = datetime(2026, 3, 2, 9, tzinfo=UTC)


def event(minute, kind, dose_mg=None, rate=None):
    return {
        "at": START + timedelta(minutes=minute),
        "kind": kind,
        "dose_mg": dose_mg,
        "rate_mg_per_minute": rate,
    }


@pytest.mark.parametrize(
    ("events", "until", "total"),
    [
        ([], 40, 0),
        ([event(0, "bolus", 10), event(5, "device", 28)], None, 38),
        ([event(0, "rate", rate=1)], 40, 40),
        ([event(0, "rate", rate=1)], None, 0),
        ([event(0, "rate", rate=1), event(10, "rate", rate=2)], 20, 30),
        ([event(0, "rate", rate=1), event(10, "pause"), event(20, "resume")], 40, 30),
        ([event(0, "rate", rate=1), event(10, "pause"), event(20, "resume", rate=2)], 40, 50),
        ([event(0, "rate", rate=1), event(10, "stop"), event(20, "resume")], 40, 10),
        ([event(0, "rate", rate=1), event(20, "bolus", 5)], 40, 45),
        ([event(0, "rate", rate=1), event(60, "stop")], 40, 40),
        ([event(0, "rate", rate=1), event(60, "stop")], None, 60),
        ([event(50, "rate", rate=1)], 40, 0),
    ],
)
def test_events_add_up(events, until, total):
    end = None if until is None else START + timedelta(minutes=until)

    assert doses.total_mg(events, end) == pytest.approx(total)


@pytest.mark.parametrize(
    ("dose_mg", "total", "differs"),
    [(5, 5.1, False), (5, 5.11, True), (40, 39.6, False), (40, 39.59, True), (0, 0.2, True)],
)
def test_a_tenth_of_a_milligram_or_one_percent_is_no_difference(dose_mg, total, differs):
    assert doses.differs(total, dose_mg) is differs
