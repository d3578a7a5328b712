from uuid import UUID

from app.access.policy import Role
from app.clinics import queries
from app.clinics.choices import CHOICES, judged
from app.science.forecast import intended_use
from tests.makers import patient

LOSS = "/v1/settings/relief.loss_fraction"
USE = "/v1/settings/intended-use"


def chosen(value, reason="agreed in May"):
    return {"value": value, "reason": reason}


async def test_every_threshold_is_listed_with_its_source_and_its_bounds(http, make):
    nurse = await (await make.clinic()).staff(Role.NURSE)

    items = (await http.get("/v1/settings", headers=nurse)).json()["items"]

    loss = next(one for one in items if one["key"] == "relief.loss_fraction")
    assert [one["key"] for one in items] == sorted(CHOICES)
    assert (loss["value"], loss["default"], loss["chosen"], loss["version"]) == (0.5, 0.5, False, 0)
    assert (loss["least"], loss["most"], loss["trust"]) == (0.1, 1, "default")


def test_every_default_is_what_a_clinic_could_choose():
    for choice in CHOICES.values():
        if choice.value is not None:
            judged(choice, list(choice.value) if choice.listed else choice.value)
        assert choice.made_of


async def test_only_an_admin_chooses(http, make):
    clinic = await make.clinic()

    for caller in (await clinic.staff(Role.CLINICIAN), await clinic.ehr()):
        answer = await http.put(LOSS, json=chosen(0.6), headers=caller)
        assert answer.status_code == 403


async def test_a_choice_keeps_who_when_why_and_the_value_before(http, make):
    clinic = await make.clinic()
    admin = await clinic.staff(Role.ADMIN)
    first = await http.put(LOSS, json=chosen(0.6), headers=admin)
    match = admin | {"If-Match": first.headers["ETag"]}

    second = await http.put(LOSS, json=chosen(0.7, "too many false alarms"), headers=match)

    told = second.json()
    assert (told["value"], told["previous_value"], told["version"]) == (0.7, 0.6, 2)
    items = (await http.get(f"{LOSS}/history", headers=admin)).json()["items"]
    assert [(one["before"], one["after"], one["reason"]) for one in items] == [
        (None, 0.6, "agreed in May"),
        (0.6, 0.7, "too many false alarms"),
    ]
    assert {one["by"] for one in items} == {told["changed_by"]}
    assert items[1]["at"] == told["changed_at"]


async def test_a_first_choice_needs_no_version_and_a_later_one_does(http, make):
    admin = await (await make.clinic()).staff(Role.ADMIN)
    early = await http.put(LOSS, json=chosen(0.6), headers=admin | {"If-Match": '"3"'})
    await http.put(LOSS, json=chosen(0.6), headers=admin | {"If-Match": '"0"'})

    bare = await http.put(LOSS, json=chosen(0.7), headers=admin)
    stale = await http.put(LOSS, json=chosen(0.7), headers=admin | {"If-Match": '"0"'})

    assert (early.status_code, bare.status_code, stale.status_code) == (412, 428, 412)
    assert stale.json()["current_version"] == 1


async def test_null_returns_to_the_default(http, make):
    clinic = await make.clinic()
    admin = await clinic.staff(Role.ADMIN)
    await http.put(LOSS, json=chosen(0.6), headers=admin)

    back = await http.put(LOSS, json=chosen(None), headers=admin | {"If-Match": '"1"'})

    assert (back.json()["value"], back.json()["chosen"]) == (0.5, False)
    assert back.json()["previous_value"] == 0.6
    async with http.state["pool"].confined(clinic.id) as db:
        assert await queries.chosen(db) == {}


async def test_a_value_out_of_bounds_or_of_another_type_is_told_the_bound(http, make):
    admin = await (await make.clinic()).staff(Role.ADMIN)
    wrong = {
        "relief.loss_fraction": (7, "must be between 0.1 and 1"),
        "relief.confirm": (1.5, "must be a whole number"),
        "relief.carry_baseline": (1, "must be true or false"),
        "relief.unconfirmed": ("never", "must be one of censor, event_if_infusion, event"),
        "relief.stale_days": ("30", "must be a number"),
        "clinic.open_weekdays": ([0, 1], "each must be between 1 and 7"),
        "clinic.closed_on": (["24/12"], "each must be a date, like 2026-11-23"),
    }

    for key, (value, says) in wrong.items():
        answer = await http.put(f"/v1/settings/{key}", json=chosen(value), headers=admin)
        assert answer.status_code == 422, key
        assert answer.json()["errors"] == [{"pointer": "/value", "detail": says}]
    unknown = await http.put("/v1/settings/relief.mood", json=chosen(1), headers=admin)
    assert unknown.status_code == 404


async def test_a_choice_is_of_one_clinic_and_a_phone_reads_it_and_writes_none(http, make):
    north, south = await make.clinic(), await make.clinic()
    ada = await patient(http, await north.staff())
    days = chosen([1, 2, 3])
    kept = await http.put(
        "/v1/settings/clinic.open_weekdays", json=days, headers=await north.staff(Role.ADMIN)
    )
    pool = http.state["pool"]

    async with pool.confined(north.id, patient_id=UUID(ada)) as db:
        read = await queries.chosen(db)
    async with pool.confined(south.id) as db:
        elsewhere = await queries.chosen(db)

    assert kept.status_code == 200
    assert (read, elsewhere) == ({"clinic.open_weekdays": [1, 2, 3]}, {})


async def test_the_forecast_is_off_until_an_admin_accepts_the_text_as_it_is(http, make):
    clinic = await make.clinic()
    admin, clinician = await clinic.staff(Role.ADMIN), await clinic.staff()
    shown = (await http.get(USE, headers=clinician)).json()
    old = await http.post(f"{USE}/accept", json={"version": "2020-01"}, headers=admin)
    told = {"version": shown["version"]}

    other = await http.post(f"{USE}/accept", json=told, headers=clinician)
    accepted = await http.post(f"{USE}/accept", json=told, headers=admin)
    again = await http.post(f"{USE}/accept", json=told, headers=admin)

    assert (old.status_code, other.status_code) == (409, 403)
    assert shown["accepted_version"] is None
    assert "simulated" in shown["text"]
    assert accepted.json()["accepted_version"] == intended_use.VERSION
    assert again.json() == accepted.json()


async def test_an_acceptance_can_be_taken_back_and_its_history_stays(http, make):
    clinic = await make.clinic()
    admin = await clinic.staff(Role.ADMIN)
    pool = http.state["pool"]
    await http.post(f"{USE}/accept", json={"version": intended_use.VERSION}, headers=admin)
    async with pool.confined(clinic.id) as db:
        on = await queries.forecast_accepted(db)

    await http.post(f"{USE}/withdraw", json={"reason": "too few check-ins"}, headers=admin)

    async with pool.confined(clinic.id) as db:
        off = await queries.forecast_accepted(db)
    items = (await http.get(f"{USE}/history", headers=admin)).json()["items"]
    assert (on, off) == (intended_use.VERSION, None)
    assert [one["reason"] for one in items] == ["accepted", "too few check-ins"]
