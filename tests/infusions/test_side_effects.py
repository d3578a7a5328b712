from uuid import uuid4

from app.infusions.schemas import SideEffectOut
from tests.infusions.makers import given, made, patch, planned, pointers, post
from tests.makers import NOW, at, patient

SAME = NOW.isoformat().replace("+00:00", "Z")


async def noted(http, headers, patient_id, **fields):
    """A side effect's answer."""
    body = {"effect": "nausea"} | fields
    return await post(http, headers, f"/v1/patients/{patient_id}/side-effects", body)


async def test_a_side_effect_answers_the_whole_record(http, nurse, ada):
    against = [{"what": "ondansetron", "dose": "4 mg", "at": at()}, {"what": "rest"}]

    answer = await noted(
        http, nurse, ada, severity=4, grade="mild", interventions=against, reported_by="patient"
    )

    told = SideEffectOut.model_validate(answer.json())
    assert answer.headers["location"] == f"/v1/side-effects/{told.id}"
    assert answer.json()["interventions"] == [
        {"what": "ondansetron", "dose": "4 mg", "at": SAME},
        {"what": "rest", "dose": None, "at": None},
    ]
    assert told.present is True


async def test_asked_and_absent_is_a_fact_of_its_own(http, nurse, ada):
    answer = await noted(http, nurse, ada, effect="dissociation", present=False, severity=0)

    assert (answer.status_code, answer.json()["present"]) == (201, False)


async def test_it_was_observed_when_it_began_or_at_the_sessions_end_or_now(http, nurse, ada):
    session = await made(http, nurse, ada, given(days=2))
    mine = {"infusion_id": session["id"]}
    onset = at(days=2, hours=0.5)

    began = (await noted(http, nurse, ada, **mine, onset_at=onset)).json()
    ended = (await noted(http, nurse, ada, **mine)).json()
    now = (await noted(http, nurse, ada)).json()
    told = (await noted(http, nurse, ada, **mine, onset_at=onset, observed_at=at())).json()

    assert began["observed_at"] == began["effective_at"] == began["onset_at"]
    assert ended["observed_at"] == ended["effective_at"] == session["ended_at"]
    assert (ended["entry_mode"], now["entry_mode"]) == ("late", "live")
    assert now["observed_at"] == now["recorded_at"]
    assert told["observed_at"] == SAME


async def test_a_day_alone_stays_a_day_whatever_the_onset(http, nurse, ada):
    day = NOW.date().isoformat()

    answer = await noted(http, nurse, ada, observed_on=day, onset_at=at(days=1))

    told = answer.json()
    assert (told["precision"], told["observed_on"], told["observed_at"]) == ("day", day, None)


async def test_putting_one_without_a_time_twice_keeps_one(http, nurse, ada):
    url = f"/v1/patients/{ada}/side-effects/{uuid4()}"

    first = await http.put(url, json={"effect": "headache"}, headers=nurse)
    again = await http.put(url, json={"effect": "headache", "present": True}, headers=nurse)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()


async def test_taking_the_time_away_dates_it_to_the_sessions_end(http, nurse, ada):
    session = await made(http, nurse, ada, given(days=2))
    effect = (await noted(http, nurse, ada, infusion_id=session["id"], observed_at=at())).json()

    answer = await patch(http, nurse, effect, {"observed_at": None}, "side-effects")

    assert answer.json()["effective_at"] == session["ended_at"]


async def test_a_side_effect_makes_sense(http, nurse, ada):
    senseless = [
        {"effect": "other"},
        {"effect": "boredom"},
        {"present": False, "severity": 1},
        {"present": False, "grade": "mild"},
        {"severity": 10.5},
        {"severity": -1},
        {"onset_at": at(hours=1), "peak_at": at(hours=2)},
        {"onset_at": at(hours=1), "resolved_at": at(hours=2)},
        {"onset_at": at(hours=-25)},
        {"interventions": [{"what": "rest", "at": at(hours=-25)}]},
        {"observed_at": at(), "observed_on": NOW.date().isoformat()},
    ]

    answers = [await noted(http, nurse, ada, **fields) for fields in senseless]

    assert [one.status_code for one in answers] == [422] * len(senseless)
    assert pointers(answers[-2]) == ["/interventions/0/at"]


async def test_another_effect_says_which(http, nurse, ada):
    answer = await noted(http, nurse, ada, effect="other", other_text="hiccups")

    assert answer.json()["other_text"] == "hiccups"


async def test_a_side_effect_hangs_on_a_session_of_its_own_patient(http, nurse, ada):
    bob = await patient(http, nurse)
    strange = await made(http, nurse, bob, given())

    answer = await noted(http, nurse, ada, infusion_id=strange["id"])

    assert pointers(answer) == ["/infusion_id"]
    assert answer.json()["errors"][0]["detail"] == "is no session of this patient"


async def test_a_session_lists_its_side_effects_oldest_first(http, nurse, ada):
    session = await made(http, nurse, ada, planned())
    for hours in (1, 2):
        await noted(http, nurse, ada, infusion_id=session["id"], observed_at=at(hours=hours))
    await noted(http, nurse, ada)

    listed = await http.get(f"/v1/infusions/{session['id']}/side-effects", headers=nurse)

    times = [one["observed_at"] for one in listed.json()["items"]]
    assert len(times) == 2
    assert times == sorted(times)


async def test_a_phone_is_late_by_the_time_since_the_sessions_end(http, clinic, nurse, ada):
    session = await made(http, nurse, ada, given(days=2))
    effect = {"id": str(uuid4()), "kind": "side_effect", "effect": "nausea"}
    batch = {"sent_at": at(), "items": [effect | {"infusion_id": session["id"]}]}

    await post(http, await clinic.phone(ada), "/v1/check-ins", batch)

    told = (await http.get(f"/v1/side-effects/{effect['id']}", headers=nurse)).json()
    assert told["effective_at"] == session["ended_at"]
    assert told["late_seconds"] > 47 * 3600
