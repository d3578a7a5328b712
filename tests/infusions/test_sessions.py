import asyncio
from datetime import timedelta
from uuid import uuid4

from app.infusions.schemas import InfusionOut
from tests.infusions.makers import (
    KETAMINE,
    fetch,
    given,
    made,
    patch,
    planned,
    pointers,
    post,
    running,
)
from tests.makers import NOW, at, patient


async def test_a_session_recorded_whole_answers_the_whole_record(http, nurse, ada):
    sent = given(weight_kg=80, supplies=[{"product": "Ketalar", "drawn_mg": 50, "wasted_mg": 10}])

    session = await made(http, nurse, ada, sent)

    InfusionOut.model_validate(session)
    assert session["status"] == "completed"
    assert session["effective_at"] == session["started_at"]
    assert session["dose_mg_per_kg"] == 0.5
    assert (session["number_in_course"], session["setting"]) == (1, "clinic")
    assert session["supplies"][0]["witnessed_by"] is None


async def test_a_session_is_planned_unless_it_says_otherwise(http, nurse, ada):
    session = await made(http, nurse, ada, planned())

    assert session["status"] == "planned"
    assert session["effective_at"] == session["scheduled_at"]
    assert (session["course_id"], session["number_in_course"]) == (None, None)


async def test_two_hundred_parallel_puts_make_one_session(http, nurse, ada, owner):
    url = f"/v1/patients/{ada}/infusions/{uuid4()}"

    answers = await asyncio.gather(
        *(http.put(url, json=given(), headers=nurse) for _ in range(200))
    )

    assert sorted(answer.status_code for answer in answers) == [200] * 199 + [201]
    assert len({answer.text for answer in answers}) == 1
    assert await owner.value("SELECT count(*) FROM infusions") == 1


async def test_a_history_from_an_ehr_may_lack_the_dose_and_the_hour(http, clinic, ada):
    ehr = await clinic.ehr()
    sent = KETAMINE | {
        "status": "completed",
        "started_on": (NOW - timedelta(days=900)).date().isoformat(),
        "entry_mode": "import",
    }

    session = await made(http, ehr, ada, sent)

    assert (session["precision"], session["entry_mode"]) == ("day", "import")
    assert session["effective_at"].endswith("T12:00:00Z")
    assert session["dose_mg_per_kg"] is None
    assert session["number_in_course"] == 1


async def test_esketamine_has_no_dose_per_kilogram(http, nurse, ada):
    session = await made(
        http, nurse, ada, given(drug="esketamine", route="intranasal", dose_mg=84, weight_kg=80)
    )

    assert session["dose_mg_per_kg"] is None


BOUNDS = [
    ("dose_mg", 2001, "2000"),
    ("weight_kg", 19.9, "20"),
    ("weight_kg", 351, "350"),
    ("planned_mg_per_kg", 101, "100"),
    ("planned_dose_mg", -7, "0"),
]


async def test_what_cannot_have_happened_is_refused_with_its_bound(http, nurse, ada):
    url = f"/v1/patients/{ada}/infusions"

    for field, value, bound in BOUNDS:
        answer = await post(http, nurse, url, given() | {field: value})

        assert pointers(answer) == [f"/{field}"]
        assert bound in answer.json()["errors"][0]["detail"]
        assert str(value) not in answer.json()["errors"][0]["detail"]


CONTRADICTIONS = [
    ({"ended_at": at(hours=2)}, "/ended_at"),
    ({"discharged_at": at(hours=2)}, "/discharged_at"),
    ({"monitoring_ended_at": at(hours=2)}, "/monitoring_ended_at"),
    ({"started_at": None}, "/started_at"),
    ({"status": "planned", "ended_at": None, "dose_mg": None}, "/started_at"),
    ({"status": "in_progress"}, "/ended_at"),
    ({"status": "cancelled"}, "/dose_mg"),
    ({"started_at": at(hours=-25), "ended_at": None}, "/started_at"),
    ({"started_on": NOW.date().isoformat()}, ""),
    ({"supplies": [{"product": "K", "drawn_mg": 5, "wasted_mg": 6}]}, "/supplies/0/wasted_mg"),
    ({"status": "entered_in_error"}, "/status"),
    ({"course_id": str(uuid4())}, "/course_id"),
]


async def test_a_session_that_contradicts_itself_is_refused(http, nurse, ada):
    url = f"/v1/patients/{ada}/infusions"

    answers = [await post(http, nurse, url, given() | fields) for fields, _ in CONTRADICTIONS]

    assert [pointers(one)[0] for one in answers] == [pointer for _, pointer in CONTRADICTIONS]


async def test_a_plan_may_lie_far_ahead(http, nurse, ada):
    session = await made(http, nurse, ada, planned(scheduled_at=at(days=-30)))

    assert session["status"] == "planned"


async def test_a_witness_is_not_who_records(http, clinic, ada):
    me = uuid4()
    nurse = await clinic.staff(staff_id=me)
    supply = {"product": "Ketalar", "wasted_mg": 10, "witnessed_by": str(me).upper()}

    own = await post(http, nurse, f"/v1/patients/{ada}/infusions", given(supplies=[supply]))
    theirs = await post(
        http,
        nurse,
        f"/v1/patients/{ada}/infusions",
        given(supplies=[supply | {"witnessed_by": "B"}]),
    )

    assert pointers(own) == ["/supplies/0/witnessed_by"]
    assert theirs.status_code == 201


async def test_the_witness_may_correct_another_field_later(http, clinic, ada):
    witness = uuid4()
    supply = {"product": "Ketalar", "wasted_mg": 10, "witnessed_by": str(witness)}
    session = await made(http, await clinic.staff(), ada, given(supplies=[supply]))

    answer = await patch(http, await clinic.staff(staff_id=witness), session, {"note": "slept"})

    assert answer.status_code == 200


async def test_null_in_a_patch_takes_a_value_away_and_nothing_else(http, nurse, ada):
    session = await made(http, nurse, ada, given(chair="2", note="calm", weight_kg=80))

    answer = await patch(http, nurse, session, {"chair": None, "change_reason": "no chair"})

    assert answer.status_code == 200
    same = {"version", "chair"}
    assert {k: v for k, v in answer.json().items() if k not in same} == {
        k: v for k, v in session.items() if k not in same
    }
    assert (answer.json()["chair"], answer.json()["version"]) == (None, 2)


async def test_times_after_the_infusion_are_added_by_patch(http, nurse, ada):
    session = await made(http, nurse, ada, given(hours=3))
    reason = {"rule": "BP-REST", "reason": "as before"}

    first = await patch(http, nurse, session, {"monitoring_ended_at": at(hours=1)})
    second = await patch(
        http, nurse, first.json(), {"discharged_at": at(hours=0.5), "reasons": [reason]}
    )

    assert second.json()["monitoring_ended_at"] == first.json()["monitoring_ended_at"]
    assert (second.json()["status"], second.json()["reasons"]) == ("completed", [reason])


async def test_reasons_are_never_lost(http, nurse, ada):
    session = await made(http, nurse, ada, planned())
    one, two = ({"rule": name, "reason": "seen"} for name in ("BP-PRE", "BP-REST"))
    url = f"/v1/infusions/{session['id']}/start"
    started = await post(http, nurse, url, {"reasons": [one]})

    changed = await patch(http, nurse, started.json(), {"reasons": [two]})

    assert changed.json()["reasons"] == [one, two]


async def test_the_clinic_lists_its_sessions(http, clinic, nurse, ada):
    bob = await patient(http, nurse)
    now = await made(http, nurse, ada, running(chair="2"))
    past = await made(http, nurse, bob, given(days=2, chair="2"))
    plan = await made(http, nurse, bob, planned(scheduled_at=at(days=-2)))

    async def ids(query: str) -> list[str]:
        items = (await http.get(f"/v1/infusions{query}", headers=nurse)).json()["items"]
        return [one["id"] for one in items]

    assert await ids("") == [plan["id"], now["id"], past["id"]]
    assert await ids("?status=in_progress") == [now["id"]]
    assert await ids("?chair=2") == [now["id"], past["id"]]
    assert await ids(f"?from={now['started_at']}&to={plan['scheduled_at']}") == [now["id"]]


async def test_a_computed_place_in_a_course_is_no_new_version(http, nurse, ada):
    later = await made(http, nurse, ada, given(days=1))
    await made(http, nurse, ada, given(days=5))

    now = await fetch(http, nurse, later["id"])

    assert (now["number_in_course"], now["version"]) == (2, 1)


async def test_neither_a_phone_nor_another_clinic_reaches_a_session(http, make, clinic, ada):
    session = await made(http, await clinic.staff(), ada, given())
    stranger = await (await make.clinic()).staff()
    phone = await clinic.phone(ada)
    url = f"/v1/infusions/{session['id']}"
    paths = ("/vitals", "/side-effects", "/dose-events")

    strange = [await http.get(url + path, headers=stranger) for path in ("", *paths)]
    moved = await post(http, stranger, f"{url}/stop")

    assert {one.status_code for one in [*strange, moved]} == {404}
    assert (await http.get(url, headers=phone)).status_code == 403
