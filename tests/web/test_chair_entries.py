"""What is kept at a chair beside readings, and how an entry is corrected."""

import re
from uuid import uuid4

from tests.infusions.makers import fetch, made, post, running
from tests.makers import NOW, patient
from tests.web.chairs import READING, seated, send, vitals_of

ONDANSETRON = {"name": "ondansetron", "dose": "4", "unit": "mg", "route": "iv", "why": "nausea"}
DRAWN = {"product": "ketamine", "drawn_mg": "50", "wasted_mg": "9"}


async def items(http, headers, session, kind):
    answer = await http.get(f"/v1/infusions/{session['id']}/{kind}", headers=headers)
    return answer.json()["items"]


async def hire(owner, clinic_id, staff_id, name):
    await owner.insert(
        "staff",
        clinic_id=clinic_id,
        id=staff_id,
        email=f"{staff_id}@north.example",
        name=name,
        role="nurse",
        active=True,
        created_at=NOW,
    )


async def test_a_medication_is_given_once_listed_and_taken_back(http, browser, make):
    headers, session, page = await seated(http, make, browser)
    told = ONDANSETRON | {"id": str(uuid4()), "performed_by": "Dr Weiss"}

    for _ in range(2):
        after = await send(browser, page, session, "medications", **told)
    (kept,) = await items(http, headers, session, "medications-given")
    void = {"kind": "medication_given", "id": kept["id"]}
    left = await send(browser, page, session, "void", **void)

    assert (kept["dose"], kept["unit"], kept["performed_by"]) == (4, "mg", "Dr Weiss")
    assert "<strong>ondansetron</strong> 4" in after.text
    assert "<strong>ondansetron</strong>" not in left.text
    assert await items(http, headers, session, "medications-given") == []


async def test_a_medication_that_is_refused_stands_in_its_form(http, browser, make):
    _, session, page = await seated(http, make, browser)

    refused = await send(browser, page, session, "medications", name="<b>", dose="x", unit="mg")

    assert refused.status_code == 422
    assert 'id="medication-box" open' in refused.text
    assert 'name="dose" inputmode="decimal" autocomplete="off" value="x" aria-inv' in refused.text
    assert "<b>" not in refused.text


async def test_what_was_drawn_is_accounted_for(http, browser, make):
    headers, session, page = await seated(http, make, browser)
    known = DRAWN | {"known": "0", "witnessed_by": "Dr Weiss"}

    for _ in range(2):
        await send(browser, page, session, "supplies", **known)
    after = await send(browser, page, session, "stop", stop_reason="distress", dose_mg="41")

    (supply,) = (await fetch(http, headers, session["id"]))["supplies"]
    assert (supply["drawn_mg"], supply["wasted_mg"]) == (50, 9)
    assert "witnessed by Dr Weiss" in after.text
    assert "50 mg drawn - 41 mg given - 9 mg wasted = 0 mg left" in after.text


async def test_nobody_witnesses_what_they_record_by_name_either(http, browser, make, owner):
    headers, session, page = await seated(http, make, browser)
    (nurse,) = await owner.rows("SELECT clinic_id, subject_id FROM tokens")
    await hire(owner, nurse["clinic_id"], nurse["subject_id"], "Nora Quist")

    refused = await send(browser, page, session, "supplies", **DRAWN, witnessed_by="nora quist")

    assert refused.status_code == 422
    assert "Witnessed by must be another than who records it" in refused.text
    assert (await fetch(http, headers, session["id"]))["supplies"] == []


async def test_a_colleague_is_kept_as_the_witness_they_are(http, browser, make, owner):
    headers, session, page = await seated(http, make, browser)
    (nurse,) = await owner.rows("SELECT clinic_id FROM tokens")
    other = uuid4()
    await hire(owner, nurse["clinic_id"], other, "Ida Weiss")

    after = await send(browser, page, session, "supplies", **DRAWN, witnessed_by="ida weiss")

    (supply,) = (await fetch(http, headers, session["id"]))["supplies"]
    assert supply["witnessed_by"] == str(other)
    assert "witnessed by Ida Weiss" in after.text


async def test_of_two_equal_supplies_one_is_taken_out_once(http, browser, make):
    headers, session, page = await seated(http, make, browser)
    await send(browser, page, session, "supplies", **DRAWN, known="0")
    shown = await send(browser, page, session, "supplies", **DRAWN, known="1")
    fields = dict(re.findall(r'name="(was|then)" value="(\w+)"', shown.text))

    for _ in range(2):
        await send(browser, page, session, "supply-void", place="0", **fields)
    stale = {"was": fields["was"], "then": "other"}
    refused = await send(browser, page, session, "supply-void", place="0", **stale)

    assert len((await fetch(http, headers, session["id"]))["supplies"]) == 1
    assert refused.status_code == 412


async def test_a_dose_event_is_corrected_and_says_why(http, browser, make):
    headers, session, page = await seated(http, make, browser)
    event = {"at": session["started_at"], "kind": "rate", "rate_mg_per_minute": 1}
    url = f"/v1/infusions/{session['id']}/dose-events"
    kept = (await post(http, headers, url, event)).json()
    told = {"kind": "dose_event", "id": kept["id"], "version": "1"}
    told |= {"rate_mg_per_minute": "1,5", "why_corrected": "misread the pump"}

    for _ in range(2):
        after = await send(browser, page, session, "correct", **told)
    late = told | {"rate_mg_per_minute": "2"}
    stale = await send(browser, page, session, "correct", **late)

    (now_kept,) = await items(http, headers, session, "dose-events")
    history = await http.get(f"/v1/dose-events/{kept['id']}/history", headers=headers)
    assert (now_kept["rate_mg_per_minute"], now_kept["version"]) == (1.5, 2)
    assert history.json()["items"][1]["reason"] == "misread the pump"
    assert "corrected</span>" in after.text
    assert stale.status_code == 412
    assert 'value="2"' in stale.text


async def test_a_readings_time_and_values_are_corrected(http, browser, make):
    headers, session, page = await seated(http, make, browser)
    await send(browser, page, session, "vitals", **READING)
    (kept,) = await vitals_of(http, headers, session)
    told = {"kind": "vitals", "id": kept["id"], "version": "1", "clock": "00:01"}

    await send(browser, page, session, "correct", **told, systolic_mmhg="124", heart_rate_bpm="")
    wrong = await send(browser, page, session, "correct", **told | {"clock": "noon"})

    (mended,) = await vitals_of(http, headers, session)
    assert (mended["systolic_mmhg"], mended["diastolic_mmhg"]) == (124, 88)
    assert mended["heart_rate_bpm"] is None
    assert mended["measured_at"][14:19] == "01:00"
    assert wrong.status_code == 422
    assert f'id="mend-{kept["id"]}" open' in wrong.text


async def test_an_entry_is_corrected_at_its_own_chair_alone(http, browser, make):
    headers, session, page = await seated(http, make, browser)
    await send(browser, page, session, "vitals", **READING)
    (kept,) = await vitals_of(http, headers, session)
    elsewhere = await made(http, headers, await patient(http, headers), running())
    told = {"kind": "vitals", "id": kept["id"], "version": "1", "systolic_mmhg": "99"}

    assert (await send(browser, page, elsewhere, "correct", **told)).status_code == 404
    assert (
        await send(browser, page, session, "correct", **told | {"kind": "?"})
    ).status_code == 404
