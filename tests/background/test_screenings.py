from datetime import timedelta

import pytest

from app.access.policy import Role
from tests.background.makers import chart_of
from tests.makers import NOW

TODAY = NOW.date()
ASKED = {"answers": {"psychosis": "no", "pregnancy": "unknown"}, "answered_by": "patient"}
CHECKLIST = {"kind": "contraindications", "form_version": "2026-1"} | ASKED


def day(ahead):
    return (TODAY + timedelta(days=ahead)).isoformat()


@pytest.mark.parametrize(
    ("sent", "until"),
    [
        (CHECKLIST, 88),
        ({"kind": "pregnancy", "result": "negative"}, 28),
        ({"kind": "prescription_monitoring", "result": "clear"}, 88),
        ({"kind": "drug_screen", "result": "negative"}, None),
        ({"kind": "pregnancy", "result": "negative", "expires_on": day(5)}, 5),
    ],
)
async def test_it_expires_by_its_kind_unless_the_day_is_said(chart, sent, until):
    kept = await chart.add("screenings", answered_on=day(-2), **sent)

    assert kept["expires_on"] == (until and day(until))
    assert kept["expires_by_default"] is ("expires_on" not in sent)


async def test_it_expires_by_the_clinics_own_number_from_when_that_is_chosen(http, make):
    clinic = await make.clinic()
    chart, url = await chart_of(http, clinic), "/v1/settings/background.pregnancy_expire_days"
    before = await chart.add("screenings", kind="pregnancy", result="negative", answered_on=day(0))
    chosen = {"value": 7, "reason": "as our insurer wants it"}
    admin = await clinic.staff(Role.ADMIN) | {"If-Match": '"0"'}
    assert (await http.put(url, json=chosen, headers=admin)).status_code < 300

    after = await chart.add("screenings", kind="pregnancy", result="negative", answered_on=day(0))
    noted = await chart.change("screenings", before, note="urine")

    assert (before["expires_on"], after["expires_on"]) == (day(30), day(7))
    assert noted["expires_on"] == day(30)


async def test_an_expiry_that_was_worked_out_moves_with_a_corrected_day(chart):
    kept = await chart.add("screenings", answered_on=day(0), **CHECKLIST)

    corrected = await chart.change("screenings", kept, answered_on=day(-10))
    said = await chart.change("screenings", corrected, expires_on=day(3))
    stays = await chart.change("screenings", said, answered_on=day(-20))

    assert corrected["expires_on"] == day(80)
    assert (stays["expires_on"], stays["expires_by_default"]) == (day(3), False)


async def test_an_answer_is_changed_without_the_others(chart):
    kept = await chart.add("screenings", answered_on=day(0), **CHECKLIST)

    changed = await chart.change("screenings", kept, answers={"pregnancy": "no"})

    assert changed["answers"] == {"psychosis": "no", "pregnancy": "no"}


async def test_it_expires_on_no_day_before_it_was_answered(chart):
    told = {"kind": "pregnancy", "result": "negative", "answered_on": day(-2)}

    assert "before" in await chart.refused("screenings", **told, expires_on=day(-3))
