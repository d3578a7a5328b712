"""An induction of six, response, fading, a warning, a decision and the booster, told over HTTP."""

from app.access.policy import Role
from app.science.forecast import intended_use
from tests.stories.test_a_course_of_treatment import Clinic, when
from tests.worklist.makers import one

INDUCTION = (0, 2, 4, 7, 9, 11)
"""Monday, Wednesday and Friday for two weeks."""

FELT = {-2: 20, 3: 15, 6: 11, 10: 8, 14: 5, 21: 6, 28: 8, 35: 9}
"""PHQ-9 by day: response, and then its slow end."""


async def accepted(http, clinic):
    """The clinic's admin has read what forecasts are for."""
    admin = await clinic.staff(Role.ADMIN)
    told = {"version": intended_use.VERSION}
    answer = await http.post("/v1/settings/intended-use/accept", json=told, headers=admin)
    assert answer.status_code == 200, answer.text


async def registered(doctor):
    """Ada, and the checklist before her first infusion."""
    ada = await doctor.says(-7, "POST", "/v1/patients", given_name="Ada", birth_date="1984-05-02")
    doctor.chart = f"/v1/patients/{ada['id']}"
    asked = dict.fromkeys(
        ("aneurysmal_vascular_disease", "arteriovenous_malformation", "intracerebral_haemorrhage"),
        "no",
    )
    checklist = {"kind": "contraindications", "form_version": "1", "answers": asked}
    at = when(-7).isoformat()
    await doctor.says(
        -7, "POST", f"{doctor.chart}/screenings", **checklist, answered_at=at, answered_by="nurse"
    )
    return ada["id"]


async def induced(doctor):
    """Six infusions, and what she answered until today; the id of the last infusion."""
    days = sorted({*INDUCTION, *FELT})
    for day in days:
        if day in FELT:
            await doctor.scores(day, FELT[day])
        if day in INDUCTION:
            infusion = await doctor.plans(day)
            await doctor.gives(day, infusion)
    return infusion


async def test_relief_fades_is_seen_is_talked_about_and_treated_again(http, make):
    clinic = await make.clinic()
    await accepted(http, clinic)
    doctor = Clinic(http, await clinic.staff())
    ada = await registered(doctor)
    last = await induced(doctor)
    await doctor.scores(42, 13)

    # The list says it before anybody looks.
    listed = await one(http, doctor.headers, ada)
    assert listed["reasons"][0]["reason"] in {"relief_lost", "fading"}
    assert "PHQ-9 13" in listed["reasons"][0]["sentence"]

    # What it rests on: her own six, and the last answers.
    relief = await doctor.asks("relief")
    episode = relief["episodes"][-1]
    assert episode["infusion_id"] == last
    assert (episode["status"], episode["lower_days"] < 30 < episode["upper_days"]) == ("lost", True)
    forecast = relief["forecast"]
    assert forecast["probability_already_lost"] > 0.5
    assert forecast["probability_lost_by_day"] == sorted(forecast["probability_lost_by_day"])
    assert relief["window"]["check_in_first"] is True
    assert relief["window"]["held_by"] == []

    # She tells of blood in her urine: that stands in the way, and says so.
    await doctor.says(
        43,
        "POST",
        f"{doctor.chart}/side-effects",
        effect="haematuria",
        present=True,
        observed_at=when(43).isoformat(),
    )
    held = (await doctor.asks("relief"))["window"]["held_by"]
    assert [one["rule"] for one in held] == ["BLAD"]

    # It is reviewed and closed, and the doctor decides with all of it before them.
    alert = held[0]["alert_id"]
    await doctor.says(44, "POST", f"/v1/alerts/{alert}/close", note="Culture negative, no blood")
    decided = await doctor.says(
        44,
        "POST",
        f"{doctor.chart}/decisions",
        decision="repeat",
        decided_at=when(44).isoformat(),
        planned_on=when(46).date().isoformat(),
        planned_dose_mg_per_kg=0.5,
        reason="Relief was lost in the fifth week",
    )
    shown = decided["snapshot"]
    assert shown["forecast"]["parameters_version"] == forecast["parameters_version"]
    assert shown["current"]["score"] == 13

    # The booster, and later how it turned out; what was shown stays what it was.
    booster = await doctor.plans(46)
    await doctor.gives(46, booster)
    await doctor.scores(53, 6)
    await one(http, doctor.headers, ada)
    kept = await doctor.http.get(f"/v1/decisions/{decided['id']}", headers=doctor.headers)
    outcome = kept.json()["outcome"]
    assert (outcome["next_infusion_id"], outcome["as_planned"]) == (booster, True)
    assert outcome["relief_lost_before"] is True
    assert kept.json()["snapshot"] == shown
    assert (await doctor.asks("relief"))["current"]["state"] == "holding"
