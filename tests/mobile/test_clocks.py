from datetime import datetime, timedelta

import pytest

from app.kit import clock
from tests.makers import NOW
from tests.mobile.makers import batch, phone, phq9, read


async def test_a_phone_offline_for_a_week_is_put_in_its_place_in_time(http, make):
    _, nurse, ada = await phone(http, make)
    week_ago = NOW - timedelta(days=7)
    item = phq9(taken_at=week_ago)

    await http.post("/v1/check-ins", json=batch(item, sent_at=clock.now()), headers=ada)

    kept = await read(http, nurse, item)
    assert datetime.fromisoformat(kept["effective_at"]) == week_ago
    assert kept["late_seconds"] == pytest.approx(7 * 86400, abs=1800)
    assert kept["entry_mode"] == "late"
    assert kept["clock_suspect"] is False


async def test_a_clock_three_days_fast_is_shifted_and_what_it_said_is_kept(http, make):
    _, nurse, ada = await phone(http, make)
    fast = clock.now() + timedelta(days=3)
    item = phq9(taken_at=fast - timedelta(hours=1))

    await http.post("/v1/check-ins", json=batch(item, sent_at=fast), headers=ada)

    kept = await read(http, nurse, item)
    taken = datetime.fromisoformat(kept["taken_at"])
    effective = datetime.fromisoformat(kept["effective_at"])
    assert taken == fast - timedelta(hours=1)
    assert effective == pytest.approx(clock.now() - timedelta(hours=1), abs=timedelta(minutes=1))
    assert kept["clock_skew_seconds"] == pytest.approx(-3 * 86400, abs=60)


async def test_a_skew_under_five_minutes_is_left_alone(http, make):
    _, nurse, ada = await phone(http, make)
    item = phq9(taken_at=NOW - timedelta(hours=1))

    sent_at = clock.now() + timedelta(minutes=4)
    await http.post("/v1/check-ins", json=batch(item, sent_at=sent_at), headers=ada)

    kept = await read(http, nurse, item)
    assert datetime.fromisoformat(kept["effective_at"]) == NOW - timedelta(hours=1)


async def test_nothing_happens_after_it_arrived(http, make):
    _, nurse, ada = await phone(http, make)
    item = phq9(taken_at=clock.now() + timedelta(days=2))

    answer = await http.post("/v1/check-ins", json=batch(item, sent_at=clock.now()), headers=ada)

    kept = await read(http, nurse, item)
    received = datetime.fromisoformat(answer.json()["received_at"])
    assert datetime.fromisoformat(kept["effective_at"]) == received
    assert kept["clock_suspect"] is True
