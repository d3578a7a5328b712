from datetime import timedelta

from tests.infusions.makers import running
from tests.makers import NOW, patient
from tests.safety.makers import refused

TODAY = NOW.date().isoformat()


def checklist(**answers):
    return {
        "kind": "contraindications",
        "form_version": "1",
        "answered_by": "a nurse",
        "answered_on": TODAY,
        "answers": answers,
    }


def lasting(days):
    return {"expires_on": (NOW.date() + timedelta(days=days)).isoformat()}


async def test_contraindications_and_pregnancy_hold_the_start(ada):
    await ada.add("screenings", **checklist(arteriovenous_malformation="yes", psychosis="yes"))
    await ada.add("screenings", kind="pregnancy", result="unknown", answered_on=TODAY)
    session = await ada.session()

    answer = await ada.start(session)
    started = await ada.start(session, "CI-ABS", "CI-REL", "PREG")

    assert refused(answer) == ["CI-ABS", "CI-REL", "PREG"]
    assert started.status_code == 200
    assert await ada.levels() == dict.fromkeys(("CI-ABS", "CI-REL", "PREG"), "stop")


async def test_a_checklist_of_the_day_counts_for_a_session_of_that_morning(ada):
    morning = (NOW - timedelta(days=1)).replace(hour=8)
    session = await ada.session(running(started_at=morning.isoformat()))
    answers = checklist(psychosis="yes") | {"answered_on": morning.date().isoformat()}
    await ada.add("screenings", **answers)

    shown = {one["rule"]: one["level"] for one in (await ada.safety(session))["findings"]}

    assert shown["CI-REL"] == "stop"


async def test_what_was_never_asked_is_shown_and_raises_nothing(http, ada):
    woman = {"sex": "female", "birth_date": "1984-05-02"}
    eve = type(ada)(http, ada.me, await patient(http, ada.me, **woman))
    session = await eve.session(running())

    shown = {one["rule"]: one["level"] for one in (await eve.safety(session))["findings"]}

    assert shown == {"CI-ABS": "info", "PREG": "info"}
    assert await eve.alerts() == {}


async def test_what_is_taken_beside_is_told_once_and_not_at_each_session(ada):
    taken = {"drug_class": "benzodiazepine", "diazepam_equivalent_mg": 20}
    drug = await ada.add("medications", name="lorazepam", **taken)
    await ada.add("medications", name="Phenelzine")
    await ada.add("conditions", condition="dementia")
    await ada.add("allergies", substance="latex")

    for days in (3, 0.1):
        await ada.was_given(days=days)

    alerts = await ada.alerts()
    assert {rule: one["level"] for rule, one in alerts.items()} == {
        "DDI-BZD": "warn",
        "DDI-MAOI": "warn",
        "CI-REL": "warn",
    }
    assert alerts["DDI-BZD"]["subject_id"] == drug["id"]
    assert alerts["DDI-BZD"]["evidence"]["diazepam_equivalent_mg"] == 20


async def test_a_medication_that_is_voided_marks_what_rests_on_it(ada):
    drug = await ada.add("medications", name="phenelzine")
    await ada.was_given(days=1)

    await ada.post(f"/v1/medications/{drug['id']}/void", reason="another patient's")

    alert = (await ada.alerts())["DDI-MAOI"]
    assert (alert["evidence_status"], alert["status"]) == ("voided", "open")


async def test_a_bladder_symptom_holds_the_next_dose_until_reviewed(ada):
    session = await ada.was_given(days=3)
    for effect in ("dysuria", "haematuria"):
        await ada.add("side-effects", effect=effect, infusion_id=session["id"], severity=3)
    await ada.add("side-effects", effect="suprapubic_pain", present=False)
    own = await ada.holds(session)
    later = await ada.session()

    answer = await ada.start(later)
    alert = (await ada.alerts())["BLAD"]
    await ada.post(f"/v1/alerts/{alert['id']}/close", note="urine is clear")
    reviewed = await ada.start(later)

    assert own == {}
    assert (refused(answer), reviewed.status_code) == (["BLAD"], 200)
    assert (alert["level"], len(alert["evidence"]["effects"])) == ("warn", 2)
    assert alert["subject_id"] == session["id"]


async def test_a_bladder_symptom_that_is_voided_holds_nothing(ada):
    effect = await ada.add("side-effects", effect="haematuria")
    await ada.post(f"/v1/side-effects/{effect['id']}/void", reason="another patient's")

    assert (await ada.alerts())["BLAD"]["evidence_status"] == "voided"
    assert (await ada.start(await ada.session())).status_code == 200


async def test_a_bladder_score_that_rises_holds_the_next_dose(ada):
    for days, answers in ((40, [1, 0, 1, 0]), (1, [2, 2, 1, 1])):
        when = (NOW - timedelta(days=days)).isoformat()
        await ada.add("assessments", instrument="ICSI", taken_at=when, answers=answers)

    assert refused(await ada.start(await ada.session())) == ["BLAD"]
    assert (
        "ICSI 6 is 4 over the 2 before it" in (await ada.alerts())["BLAD"]["evidence"]["sentence"]
    )


async def test_self_harm_speaks_under_its_instruments_rule(ada):
    thoughts = {"taken_at": NOW.isoformat(), "answers": [0] * 8 + [2]}
    await ada.add("assessments", instrument="PHQ-9", **thoughts)
    screener = {"taken_at": NOW.isoformat(), "answers": [1, None, None, None, None, 0, None]}
    await ada.add("assessments", instrument="C-SSRS", **screener)

    alerts = await ada.alerts()

    assert {rule: one["level"] for rule, one in alerts.items()} == {
        "SI-PHQ9": "stop",
        "SI-CSSRS": "warn",
    }
    assert alerts["SI-CSSRS"]["evidence"]["sentence"] == "C-SSRS incomplete: yes to 1."
