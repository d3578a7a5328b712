from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.science.forecast.calibration import calibrate
from app.science.forecast.history import History, Treatment
from app.science.forecast.parameters import shipped

AT = datetime(2026, 11, 1, tzinfo=UTC)

LOST = Treatment(1, 0.5, "PHQ-9", 18, 9, (3, 10, 17), (3, 5, 14), seen=(10.0, 17.0))
HELD = Treatment(1, 0.5, "PHQ-9", 18, 9, (3, 10, 17), (3, 3, 4), seen=(17.0, None))


def history(patient, *treatments):
    *past, current = treatments
    return History(patient, tuple(past), current, infused_at=AT)


def test_each_check_in_but_the_first_was_foretold_once():
    told = calibrate([history("ada", LOST, HELD), history("eve", HELD)], shipped())

    assert told.forecasts == 6
    assert sum(one.forecasts for one in told.deciles) == 6
    assert sum(one.forecasts * one.came for one in told.deciles) == 1
    assert 0 < told.brier < 1


def test_chances_rise_from_decile_to_decile():
    told = calibrate([history(str(n), LOST, HELD) for n in range(5)], shipped())

    expected = [one.expected for one in told.deciles]
    assert len(expected) == 10
    assert expected == sorted(expected)


def test_what_follows_a_check_in_is_not_looked_at():
    short = replace(LOST, days=(3, 10), severities=(3, 5))
    other = replace(LOST, severities=(3, 5, 0), seen=(17.0, None))

    (one,) = calibrate([history("ada", short)], shipped()).deciles[:1]
    two, three = (calibrate([history("ada", each)], shipped()) for each in (LOST, other))

    assert one.expected in {decile.expected for decile in two.deciles}
    assert [d.expected for d in two.deciles] == [d.expected for d in three.deciles]


@pytest.mark.parametrize(
    ("seen", "verdict"),
    [((170.0, None), "missed"), ((20.0, 20.1), "held"), ((17.0, None), "unclear")],
)
def test_an_interval_held_where_relief_was_seen_to_end_in_it(seen, verdict):
    told = calibrate([history("ada", replace(HELD, seen=seen))], shipped())

    widest = told.intervals[-1]
    counts = {name: getattr(widest, name) for name in ("held", "missed", "unclear")}
    if verdict == "missed":
        widest = told.intervals[0]
        counts = {name: getattr(widest, name) for name in counts}
    assert counts[verdict] == 2


def test_without_check_ins_there_is_nothing_to_say():
    told = calibrate([history("ada", replace(HELD, days=(), severities=()))], shipped())

    assert (told.forecasts, told.brier, told.deciles) == (0, None, ())
    assert [one.share for one in told.intervals] == [None, None, None]
