import re

import pytest

from app.access.policy import Role
from tests.infusions.makers import given, made
from tests.makers import at, patient
from tests.web.conftest import hired, sign_in

ADA = {"given_name": "Ada", "family_name": "Moreau", "birth_date": "1984-05-02"}


def field(page, name):
    return re.search(rf'name="{name}" value="([^"]+)"', page.text).group(1)


async def at_work(http, browser, clinic, role=Role.CLINICIAN, **fields):
    """A patient, and somebody signed in who looks at their record."""
    await hired(clinic, role)
    ada = await patient(http, await clinic.staff(), **ADA | fields)
    page = await sign_in(browser, clinic, f"/patients/{ada}/record")
    return ada, page, {"proof": field(page, "proof")}


async def known(http, clinic, what):
    answer = await http.get(f"/v1/patients/{what}", headers=await clinic.staff())
    return answer.json()


async def test_who_somebody_is_is_changed_and_nothing_else(http, browser, make):
    clinic = await make.clinic()
    ada, page, sent = await at_work(http, browser, clinic, phones=["555 0100"])
    sent |= {"version": field(page, "version"), "given_name": "Adela", "time_zone": ""}

    shown = await browser.post(f"/patients/{ada}/record", data=sent)

    kept = await known(http, clinic, ada)
    assert "Saved." in shown.text
    assert (kept["given_name"], kept["family_name"]) == ("Adela", "Moreau")
    assert kept["phones"] == ["555 0100"]
    assert kept["version"] == 2


async def test_the_history_of_a_record_tells_whom_to_call_by_name_and_phone(http, browser, make):
    clinic = await make.clinic()
    ada, _, _ = await at_work(http, browser, clinic)
    call = {"emergency_contacts": [{"name": "Eva Lund", "phone": "555 0100"}]}
    headers = await clinic.staff() | {"If-Match": "1"}
    await http.patch(f"/v1/patients/{ada}", json=call, headers=headers)

    page = await browser.get(f"/patients/{ada}/record")

    assert page.status_code == 200
    assert "Eva Lund 555 0100" in page.text


async def test_what_was_changed_meanwhile_is_not_overwritten(http, browser, make):
    clinic = await make.clinic()
    ada, page, sent = await at_work(http, browser, clinic)
    sent |= {"version": field(page, "version"), "given_name": "Ada", "family_name": "Lovelace"}
    headers = await clinic.staff() | {"If-Match": "1"}
    await http.patch(f"/v1/patients/{ada}", json={"given_name": "Eva"}, headers=headers)

    refused = await browser.post(f"/patients/{ada}/record", data=sent)

    kept = await known(http, clinic, ada)
    assert refused.status_code == 412
    assert "The record says by now: Eva" in refused.text
    assert 'value="Lovelace"' in refused.text
    assert (kept["given_name"], kept["family_name"]) == ("Eva", "Moreau")


async def test_a_consent_is_given_once_and_withdrawn(http, browser, make):
    clinic = await make.clinic()
    ada, _, sent = await at_work(http, browser, clinic)
    here = f"/patients/{ada}/record/consents"
    form = sent | {"id": field(await browser.get(here), "id"), "kind": "phone"}

    wrong = await browser.post(here, data=form)
    for _ in range(2):
        shown = await browser.post(here, data=form | {"text_version": "2026-03"})
    (held,) = (await known(http, clinic, f"{ada}/consents"))["items"]
    gone = sent | {"version": field(shown, "version"), "reason": "No longer wanted"}
    shown = await browser.post(f"{here}/{held['id']}/withdraw", data=gone)

    (kept,) = (await known(http, clinic, f"{ada}/consents"))["items"]
    assert 'id="text_version-wrong"' in wrong.text
    assert kept["withdrawn_at"] is not None
    assert "No longer wanted" in shown.text


async def test_a_legal_hold_is_set_with_a_reason_and_lifted(http, browser, make):
    clinic = await make.clinic()
    ada, _, sent = await at_work(http, browser, clinic, Role.ADMIN)
    here = f"/patients/{ada}/record/hold"

    unsaid = await browser.post(here, data=sent | {"held": "yes"})
    await browser.post(here, data=sent | {"held": "yes", "reason": "A claim"})
    held = await known(http, clinic, ada)
    await browser.post(here, data=sent | {"held": "no", "reason": "It was settled"})

    assert unsaid.status_code == 422
    assert 'id="hold-reason-wrong"' in unsaid.text
    assert held["legal_hold"]
    assert not (await known(http, clinic, ada))["legal_hold"]


async def test_somebody_registered_by_mistake_is_marked_unless_they_were_treated(
    http, browser, make
):
    clinic = await make.clinic()
    ada, _, sent = await at_work(http, browser, clinic)
    eva = await patient(http, await clinic.staff())
    await made(http, await clinic.staff(), eva, given(days=20))
    sent |= {"reason": "Registered by mistake"}

    refused = await browser.post(f"/patients/{eva}/record/void", data=sent)
    shown = await browser.post(f"/patients/{ada}/record/void", data=sent)

    assert refused.status_code == 409
    assert "Entered in error" in shown.text
    assert (await known(http, clinic, ada))["status"] == "entered_in_error"


async def test_a_course_is_described_and_measured_against_what_a_clinician_says(
    http, browser, make
):
    clinic = await make.clinic()
    ada, _, sent = await at_work(http, browser, clinic)
    await made(http, await clinic.staff(), ada, given(days=20))
    here = f"/patients/{ada}/record"
    page = await browser.get(f"{here}/courses")
    (course,) = (await known(http, clinic, f"{ada}/courses"))["items"]
    first = re.search(r'<option value="([0-9a-f-]{36})">Course 1', page.text).group(1)
    said = sent | {"version": str(course["version"]), "indication": "trd"}
    score = sent | {"id": field(page, "id"), "first_infusion_id": first, "instrument": "PHQ-9"}
    score |= {"reason": "A poor night before"}

    await browser.post(f"{here}/courses/{course['id']}", data=said)
    neither = await browser.post(f"{here}/baselines", data=score)
    await browser.post(f"{here}/baselines", data=score | {"value": "19"})
    shown = await browser.post(f"{here}/baselines", data=score | {"value": "19"})

    (kept,) = (await known(http, clinic, f"{ada}/baselines"))["items"]
    assert (kept["value"], kept["first_infusion_id"]) == (19, first)
    assert neither.status_code == 422
    assert "treatment-resistant depression" in shown.text
    assert "set by a clinician" in shown.text


async def test_a_plan_is_added_to_thinned_and_given_up_for_the_default(http, browser, make):
    clinic = await make.clinic()
    ada, _, sent = await at_work(http, browser, clinic)
    here = f"/patients/{ada}/record/follow-up"
    series = {"instrument": "GAD-7", "first": at(days=-1)[:10], "every": "7", "times": "2"}
    series |= {"open_days": "2", "instead": "yes"}

    await browser.post(f"{here}/add", data=sent | series)
    first, second = await known(http, clinic, f"{ada}/schedule")
    out = sent | {f"out/{first['slot_id']}": "yes"}
    await browser.post(f"{here}/leave-out", data=out)
    left = await known(http, clinic, f"{ada}/schedule")
    wrong = await browser.post(f"{here}/add", data=sent | series | {"times": "often"})
    await browser.post(f"{here}/default", data=sent)

    assert left == [second]
    assert 'id="times-wrong"' in wrong.text
    assert len(await known(http, clinic, f"{ada}/schedule")) > 2


async def test_two_records_become_one_and_are_parted_again(http, browser, make):
    clinic = await make.clinic()
    ada, _, sent = await at_work(http, browser, clinic)
    twin = await patient(http, await clinic.staff(), **ADA)
    await made(http, await clinic.staff(), twin, given(days=20))
    merge = f"/patients/{ada}/record/merge"

    found = await browser.post(merge, data=sent | {"name": "mor"})
    both = await browser.get(f"{merge}/{twin}")
    undecided = await browser.post(f"{merge}/{twin}", data=sent | {"reason": "Registered twice"})
    joined = sent | {"reason": "Registered twice", "keep": ada}
    shown = await browser.post(f"{merge}/{twin}", data=joined)
    old = await browser.get(f"/patients/{twin}")
    parted = await browser.post(
        f"/patients/{twin}/record/unmerge", data=sent | {"reason": "Two after all"}
    )

    assert f"{merge}/{twin}" in found.text
    assert re.search(r"Infusions</th><td>0</td><td>1</td>", both.text)
    assert 'id="keep-wrong"' in undecided.text
    assert f"/patients/{twin}" in shown.text
    assert f'href="/patients/{ada}"' in old.text
    assert "apart again" in parted.text
    assert (await known(http, clinic, twin))["merged_into_id"] is None


async def test_sessions_at_the_same_time_stop_a_merge_until_somebody_says_they_are_two(
    http, browser, make
):
    clinic = await make.clinic()
    ada, _, sent = await at_work(http, browser, clinic)
    twin = await patient(http, await clinic.staff())
    for one in (ada, twin):
        await made(http, await clinic.staff(), one, given(days=20))
    sent |= {"keep": ada, "reason": "Registered twice"}

    refused = await browser.post(f"/patients/{ada}/record/merge/{twin}", data=sent)
    sent |= {"separate": field(refused, "separate")}
    await browser.post(f"/patients/{ada}/record/merge/{twin}", data=sent)

    assert refused.status_code == 409
    assert (await known(http, clinic, twin))["merged_into_id"] == ada


PAGES = ("", "/consents", "/courses", "/follow-up", "/merge")


@pytest.mark.parametrize("under", PAGES)
async def test_somebody_of_another_clinic_does_not_exist_here(http, browser, make, under):
    clinic, elsewhere = await make.clinic(), await make.clinic()
    await at_work(http, browser, clinic)
    other = await patient(http, await elsewhere.staff(), **ADA)

    page = await browser.get(f"/patients/{other}/record{under}")

    assert page.status_code == 404
    assert "Moreau" not in page.text


async def test_the_other_record_is_looked_for_in_this_clinic_alone(http, browser, make):
    clinic, elsewhere = await make.clinic(), await make.clinic()
    ada, _, sent = await at_work(http, browser, clinic)
    told = {"identifiers": [{"system": "ehr", "value": "48213"}]}
    other = await patient(http, await elsewhere.staff(), **ADA | told)

    for asked in ({"name": "Moreau"}, {"value": "48213"}):
        found = await browser.post(f"/patients/{ada}/record/merge", data=sent | asked)
        assert other not in found.text
    keep = sent | {"keep": ada, "reason": "Registered twice"}
    refused = await browser.post(f"/patients/{ada}/record/merge/{other}", data=keep)

    assert refused.status_code == 404


async def test_a_nurse_sees_neither_the_form_for_a_baseline_nor_that_for_a_hold(
    http, browser, make
):
    clinic = await make.clinic()
    ada, page, sent = await at_work(http, browser, clinic, Role.NURSE)
    await made(http, await clinic.staff(), ada, given(days=20))

    courses = await browser.get(f"/patients/{ada}/record/courses")
    refused = [
        await browser.post(f"/patients/{ada}/record/{one}", data=sent | {"reason": "A reason"})
        for one in ("hold", "baselines")
    ]

    assert 'action="/patients/' in page.text
    assert "record/hold" not in page.text
    assert "record/baselines" not in courses.text
    assert [one.status_code for one in refused] == [403, 403]
