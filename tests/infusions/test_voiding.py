from tests.infusions.makers import fetch, given, made, patch, post, problem
from tests.makers import at


async def test_a_void_of_a_session_takes_its_children_along_when_told(http, nurse, ada, owner):
    session = await made(http, nurse, ada, given())
    mine = {"infusion_id": session["id"]}
    base, url = f"/v1/patients/{ada}", f"/v1/infusions/{session['id']}"
    reading = {"measured_at": at(), "heart_rate_bpm": 80}
    await post(http, nurse, f"{base}/vitals", mine | reading)
    await post(http, nurse, f"{base}/side-effects", mine | {"effect": "nausea"})
    bolus = {"at": session["started_at"], "kind": "bolus", "dose_mg": 40}
    await post(http, nurse, f"{url}/dose-events", bolus)
    asked = {"instrument": "MOOD-10", "taken_at": at(), "answers": [4]}
    await post(http, nurse, f"{base}/assessments", mine | asked)

    refused = await post(http, nurse, f"{url}/void", {"reason": "other patient"})
    whole = {"reason": "other patient", "with_children": True}
    voided = await post(http, nurse, f"{url}/void", whole)

    assert problem(refused) == (409, "has-children")
    assert (voided.json()["status"], voided.json()["course_id"]) == ("entered_in_error", None)
    for name in ("vitals", "side_effects", "dose_events", "assessments"):
        rows = await owner.rows(f"SELECT status, version, change_reason FROM {name}")
        assert [tuple(row) for row in rows] == [("entered_in_error", 2, "other patient")]
    assert await owner.value("SELECT count(*) FROM history WHERE kind = 'vitals'") == 1


async def test_each_kind_of_child_alone_stands_in_the_way_of_a_void(http, nurse, ada):
    refusals = []
    for place, (path, body) in enumerate(
        [
            ("vitals", {"measured_at": at(), "heart_rate_bpm": 80}),
            ("side-effects", {"effect": "nausea"}),
            ("assessments", {"instrument": "MOOD-10", "taken_at": at(), "answers": [4]}),
        ]
    ):
        session = await made(http, nurse, ada, given(days=place))
        url = f"/v1/infusions/{session['id']}"
        child = await post(
            http, nurse, f"/v1/patients/{ada}/{path}", body | {"infusion_id": session["id"]}
        )
        refusals.append(problem(await post(http, nurse, f"{url}/void", {"reason": "slip"})))
        await post(http, nurse, f"/v1/{path}/{child.json()['id']}/void", {"reason": "slip"})
        done = await post(http, nurse, f"{url}/void", {"reason": "slip"})
        assert done.status_code == 200

    assert refusals == [(409, "has-children")] * 3


async def test_a_voided_session_can_be_read_and_not_changed(http, nurse, ada):
    session = await made(http, nurse, ada, given())
    url = f"/v1/infusions/{session['id']}"
    voided = (await post(http, nurse, f"{url}/void", {"reason": "slip"})).json()

    changed = await patch(http, nurse, voided, {"note": "x"})
    stopped = await post(http, nurse, f"{url}/stop")
    dosed = await post(
        http, nurse, f"{url}/dose-events", {"at": at(), "kind": "bolus", "dose_mg": 1}
    )

    assert (await fetch(http, nurse, session["id"]))["status"] == "entered_in_error"
    assert {problem(one) for one in (changed, stopped, dosed)} == {(409, "voided")}


async def test_voided_sessions_are_listed_when_asked_for(http, nurse, ada):
    session = await made(http, nurse, ada, given())
    await post(http, nurse, f"/v1/infusions/{session['id']}/void", {"reason": "slip"})
    url = f"/v1/patients/{ada}/infusions"

    without = await http.get(url, headers=nurse)
    along = await http.get(f"{url}?include_voided=true", headers=nurse)
    alone = await http.get("/v1/infusions?status=entered_in_error", headers=nurse)

    assert without.json()["items"] == []
    assert [one["id"] for one in along.json()["items"]] == [session["id"]]
    assert alone.json()["items"] == along.json()["items"]


async def test_the_alert_of_a_voided_child_says_so_and_stays_open(http, nurse, ada):
    session = await made(http, nurse, ada, given())
    asked = {"instrument": "PHQ-9", "taken_at": at(), "answers": [1, 1, 1, 1, 1, 1, 1, 1, 2]}
    mine = {"infusion_id": session["id"]}
    await post(http, nurse, f"/v1/patients/{ada}/assessments", asked | mine)

    whole = {"reason": "other patient", "with_children": True}
    await post(http, nurse, f"/v1/infusions/{session['id']}/void", whole)

    alerts = await http.get(f"/v1/patients/{ada}/alerts", headers=nurse)
    assert {(one["status"], one["evidence_status"]) for one in alerts.json()["items"]} == {
        ("open", "voided")
    }
