from uuid import uuid4

import pytest

from app.web.charting.forms import FORMS
from app.web.charting.reading import KINDS
from tests.infusions.makers import given, made
from tests.makers import NOW, patient
from tests.web.chairs import proof
from tests.web.charts import FILLED, HOSTILE, added, at_work, filled, kept, opened


async def test_a_record_is_corrected_and_says_who_changed_what_and_why(http, make, browser):
    headers, ada = await at_work(http, make, browser)
    page = await added(browser, ada, "side-effect", **FILLED["side-effect"])
    url = page.url.path
    form = filled(await opened(browser, f"{url}/correct"))

    after = await browser.post(
        f"{url}/correct", data=form | {"severity": "6", "change_reason": "A slip"}
    )

    (one,) = await kept(http, headers, ada, FORMS["side-effect"].kind)
    assert (one["severity"], one["version"], one["effect"]) == (6, 2, "nausea")
    assert "Severity: 4, now 6" in after.text
    assert "A slip" in after.text


async def test_a_change_made_meanwhile_is_not_overwritten(http, make, browser):
    headers, ada = await at_work(http, make, browser)
    page = await added(browser, ada, "allergy", substance="ondansetron")
    form = filled(await opened(browser, f"{page.url.path}/correct"))
    path = "/v1" + page.url.path.removeprefix("/records").replace("/allergy/", "/allergies/")
    match = {"If-Match": '"1"'}
    await http.patch(path, json={"reaction": "rash"}, headers=headers | match)

    late = await browser.post(f"{page.url.path}/correct", data=form | {"severity": "mild"})
    again = await browser.post(f"{page.url.path}/correct", data=filled(late) | {"severity": "mild"})

    assert late.status_code == 412
    assert "Somebody changed this record in the meantime" in late.text
    assert "Severity: mild" in late.text
    assert again.status_code == 200
    (one,) = await kept(http, headers, ada, FORMS["allergy"].kind)
    assert (one["reaction"], one["severity"], one["version"]) == ("rash", "mild", 3)


async def test_an_answer_of_a_questionnaire_and_of_a_checklist_is_corrected(http, make, browser):
    headers, ada = await at_work(http, make, browser)
    told = {"instrument": "PHQ-9", "taken_at": NOW.isoformat(), "answers": [1] * 9}
    url = f"/v1/patients/{ada}/assessments/{uuid4()}"
    one = (await http.put(url, json=told, headers=headers)).json()
    asked = await added(browser, ada, "contraindications", **FILLED["contraindications"])
    pages = [f"/records/assessment/{one['id']}", asked.url.path]

    for page, changed in zip(pages, ({"item-2": "3"}, {"said-psychosis": "yes"}), strict=True):
        form = filled(await opened(browser, f"{page}/correct"))
        assert (await browser.post(f"{page}/correct", data=form | changed)).status_code == 200

    (scored,) = await kept(http, headers, ada, KINDS["assessment"])
    (screened,) = await kept(http, headers, ada, KINDS["screening"])
    assert (scored["answers"][:3], scored["total"]) == ([1, 3, 1], 11)
    assert screened["answers"] == {"psychosis": "yes"}


async def test_what_was_entered_in_error_leaves_the_chart_and_stays_readable(http, make, browser):
    _, ada = await at_work(http, make, browser)
    page = await added(browser, ada, "medication", **FILLED["medication"])
    before = await opened(browser, f"/patients/{ada}")

    silent = await browser.post(f"{page.url.path}/void", data={"proof": proof(page)})
    after = await browser.post(
        f"{page.url.path}/void", data={"proof": proof(page), "reason": "Of another patient"}
    )

    assert "lorazepam" in before.text
    assert 'id="reason-wrong"' in silent.text
    assert "Entered in error." in after.text
    assert f"{page.url.path}/correct" not in after.text
    assert "lorazepam" not in (await opened(browser, f"/patients/{ada}")).text
    assert "lorazepam" in (await opened(browser, f"/patients/{ada}/chart")).text


async def test_a_record_is_moved_to_the_patient_whose_name_was_shown(http, make, browser):
    headers, ada = await at_work(http, make, browser)
    bob = await patient(http, headers, given_name="Bob", family_name=HOSTILE)
    page = await added(browser, ada, "lab", **FILLED["lab"])
    url = f"{page.url.path}/move"
    token = {"proof": proof(page), "version": "1"}

    found = await browser.post(url, data=token | {"find": "bo"})
    sure = await browser.post(url, data=token | {"patient_id": bob})
    moved = await browser.post(
        url, data=token | {"patient_id": bob, "sure": "yes", "reason": "The wrong chart"}
    )

    assert f'value="{bob}"' in found.text
    assert "Move it to Bob" in sure.text
    assert HOSTILE not in found.text + sure.text + moved.text
    assert "Moved from" in moved.text
    assert await kept(http, headers, ada, FORMS["lab"].kind) == []
    assert len(await kept(http, headers, bob, FORMS["lab"].kind)) == 1


async def test_a_record_of_another_clinic_does_not_exist(http, make, browser):
    _, ada = await at_work(http, make, browser)
    page = await opened(browser, f"/patients/{ada}/add/allergy")
    south = await make.clinic()
    theirs = await south.staff()
    zoe = await patient(http, theirs)
    session = await made(http, theirs, zoe, given())
    record = f"/records/infusion/{session['id']}"
    told = {"proof": proof(page), "reason": "a", "version": "1", "sure": "yes", "patient_id": ada}

    for path in (record, f"{record}/correct", f"{record}/move", f"/patients/{zoe}/add/vitals"):
        assert (await browser.get(path)).status_code == 404
    for path in (f"{record}/correct", f"{record}/move", f"{record}/void"):
        assert (await browser.post(path, data=told)).status_code == 404
    wrong = await browser.post(f"/patients/{zoe}/add/allergy", data=told | {"substance": "a"})
    assert wrong.status_code == 404
    assert (await browser.get(f"/records/tokens/{session['id']}")).status_code == 404


@pytest.mark.parametrize("role", ["auditor", "nurse"])
async def test_who_may_not_write_gets_no_form_and_is_refused(http, make, browser, role):
    headers, ada = await at_work(http, make, browser, role="clinician")
    told = {"decision": "repeat", "decided_at": NOW.isoformat(), "reason": "It fades"}
    url = f"/v1/patients/{ada}/decisions/{uuid4()}"
    decision = (await http.put(url, json=told, headers=headers)).json()
    page = f"/records/decision/{decision['id']}"
    mine = proof(await opened(browser, f"{page}/correct"))
    assert "Relief then" in (await opened(browser, page)).text

    async def as_role(owner):
        await owner.rows("UPDATE tokens SET role = $1", role)

    await as_role(make.owner)
    form, looked = await browser.get(f"{page}/correct"), await browser.get(page)
    posted = await browser.post(f"{page}/void", data={"proof": mine, "reason": "a"})

    assert form.status_code == posted.status_code == 403
    assert looked.status_code == (200 if role == "nurse" else 403)
    assert f"{page}/void" not in looked.text
    assert (await http.get(f"/v1/decisions/{decision['id']}", headers=headers)).status_code == (
        200 if role == "nurse" else 403
    )


async def test_who_looked_at_a_record_is_in_its_patients_audit(http, make, browser, owner):
    _, ada = await at_work(http, make, browser)
    page = await added(browser, ada, "allergy", **FILLED["allergy"])

    await opened(browser, page.url.path)

    rows = await owner.rows(
        "SELECT patient_id::text, act FROM audit_arrivals WHERE route = $1",
        "/records/{noun}/{record_id}",
    )
    assert {tuple(row) for row in rows} == {(ada, "read")}


async def test_every_kind_of_record_has_its_page(http, make, browser):
    headers, ada = await at_work(http, make, browser, role="clinician")
    session = await made(http, headers, ada, given())
    under = f"/v1/infusions/{session['id']}"
    bodies = {
        "dose_event": (under, {"at": session["started_at"], "kind": "bolus", "dose_mg": 5}),
        "medication_given": (under, {"name": "ondansetron", "given_at": session["started_at"]}),
        "baseline": (
            f"/v1/patients/{ada}",
            {"instrument": "PHQ-9", "first_infusion_id": session["id"], "value": 19, "reason": "a"},
        ),
        "consent": (
            f"/v1/patients/{ada}",
            {"kind": "phone", "text_version": "1", "given_at": session["started_at"]},
        ),
    }
    found = {"infusion": session["id"]}
    for noun, (above, body) in bodies.items():
        url = f"{above}{KINDS[noun].path.removeprefix('/v1')}/{uuid4()}"
        answer = await http.put(url, json=body, headers=headers)
        assert answer.status_code == 201, answer.text
        found[noun] = answer.json()["id"]

    for noun, record_id in found.items():
        page = await opened(browser, f"/records/{noun}/{record_id}")
        form = filled(await opened(browser, f"/records/{noun}/{record_id}/correct"))
        same = await browser.post(f"/records/{noun}/{record_id}/correct", data=form)
        assert "Version 1" in page.text
        assert same.status_code == 200, same.text
        assert "Version 2" not in same.text
