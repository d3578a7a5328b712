import pytest

from tests.assessments.makers import AT_RISK, WELL, add, alerts, chart, phq9
from tests.makers import at


@pytest.mark.parametrize(
    ("instrument", "answers", "level"),
    [
        ("PHQ-9", [0] * 8 + [1], "warn"),
        ("PHQ-9", [0] * 8 + [2], "stop"),
        ("QIDS-SR16", [0] * 11 + [1] + [0] * 4, "warn"),
        ("QIDS-SR16", [0] * 11 + [2] + [0] * 4, "stop"),
        ("MADRS", [0] * 9 + [1], "warn"),
        ("MADRS", [0] * 9 + [4], "stop"),
        ("BDI-II", [0] * 8 + [1] + [0] * 12, "warn"),
        ("HAMD-17", [0, 0, 1] + [0] * 14, "warn"),
        ("C-SSRS", [1, 0, None, None, None, 0, 0], "warn"),
        ("C-SSRS", [1, 1, 1, 0, 0, 0, 0], "stop"),
        ("C-SSRS", [1, 1, 1, 1, 0, 0, 0], "emergency"),
        ("C-SSRS", [None, 0, None, None, None, 0, 0], "warn"),
        ("PHQ-9", [3] * 8 + [0], None),
        ("C-SSRS", [0, 0, None, None, None, 0, 0], None),
    ],
)
async def test_an_answer_about_self_harm_raises_its_level(http, make, instrument, answers, level):
    ada, nurse = await chart(http, make)

    kept = await add(
        http, ada, nurse, {"instrument": instrument, "taken_at": at(), "answers": answers}
    )

    raised = await alerts(http, ada, nurse)
    assert [one["level"] for one in raised] == ([level] if level else [])
    assert [one["evidence"]["assessment_id"] for one in raised] == [kept["id"]] * len(raised)


async def test_what_an_integration_brings_late_is_flagged_instead(http, make):
    ada, ehr = await chart(http, make, who="ehr")

    fresh = await add(http, ada, ehr, phq9(AT_RISK, taken_at=at(hours=71)))
    old = await add(http, ada, ehr, phq9(AT_RISK, taken_at=at(days=4)))

    raised = await alerts(http, ada, ehr)
    assert [one["subject_id"] for one in raised] == [fresh["id"]]
    assert "self-harm-in-history" in old["flags"]


async def test_staff_who_chart_late_still_raise_the_alert_marked_late(http, make):
    ada, nurse = await chart(http, make)

    await add(http, ada, nurse, phq9(AT_RISK, taken_at=at(days=9)))

    assert [one["late"] for one in await alerts(http, ada, nurse)] == [True]


async def test_correcting_or_voiding_the_answer_does_not_close_the_alert(http, make):
    ada, nurse = await chart(http, make)
    kept = await add(http, ada, nurse, phq9(AT_RISK))
    url = f"/v1/assessments/{kept['id']}"

    patch = {"answers": WELL, "change_reason": "read the wrong line"}
    amended = await http.patch(url, json=patch, headers={**nurse, "If-Match": '"1"'})
    corrected = await alerts(http, ada, nurse)
    await http.post(f"{url}/void", json={"reason": "wrong patient"}, headers=nurse)
    voided = await alerts(http, ada, nurse)

    assert amended.json()["status"] == "amended"
    assert amended.json()["self_harm"] == "none"
    assert [(one["status"], one["evidence_status"]) for one in corrected] == [("open", "corrected")]
    assert [(one["status"], one["evidence_status"]) for one in voided] == [("open", "voided")]


async def test_an_answer_corrected_to_self_harm_raises_the_alert(http, make):
    ada, nurse = await chart(http, make)
    kept = await add(http, ada, nurse, phq9(WELL))

    await http.patch(
        f"/v1/assessments/{kept['id']}",
        json={"answers": AT_RISK},
        headers={**nurse, "If-Match": '"1"'},
    )

    assert [one["level"] for one in await alerts(http, ada, nurse)] == ["warn"]
