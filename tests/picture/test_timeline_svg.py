from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

from tests.infusions.makers import given, made, post
from tests.makers import NOW, at, patient


async def answered(http, headers, patient_id, days, total):
    sent = {"instrument": "PHQ-9", "taken_at": at(days=days), "total": total}
    assert (
        await post(http, headers, f"/v1/patients/{patient_id}/assessments", sent)
    ).status_code == 201


async def treated(http, headers):
    """A patient who was helped, lost it, was treated again and holds."""
    ada = await patient(http, headers)
    for days, total in ((41, 20), (33, 6), (26, 8), (19, 15), (11, 5), (4, 6)):
        await answered(http, headers, ada, days, total)
    for days in (40, 15):
        await made(http, headers, ada, given(days=days, weight_kg=80, weight_confirmed=True))
    return ada


async def picture(http, headers, patient_id, **asked):
    answer = await http.get(
        f"/v1/patients/{patient_id}/timeline.svg", params=asked, headers=headers
    )
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "image/svg+xml"
    return ET.fromstring(answer.text)


def marks(root, name):
    return [one for one in root.iter() if name in one.get("class", "").split()]


def instant(root, x):
    left, right = float(root.get("data-left")), float(root.get("data-right"))
    since, until = (datetime.fromisoformat(root.get(f"data-{end}")) for end in ("from", "to"))
    return since + (until - since) * ((float(x) - left) / (right - left))


async def test_the_picture_says_what_the_relief_of_the_same_patient_says(http, make):
    nurse = await (await make.clinic()).staff()
    ada = await treated(http, nurse)

    root = await picture(http, nurse, ada)

    episodes = (await http.get(f"/v1/patients/{ada}/relief", headers=nurse)).json()["episodes"]
    assert [one["status"] for one in episodes] == ["lost", "held"]
    wells = marks(root, "well")
    near = timedelta(hours=6)
    for one, episode, start in zip(wells, episodes, (40, 15), strict=True):
        began = NOW - timedelta(days=start, hours=1)
        end = instant(root, float(one.get("x")) + float(one.get("width")))
        assert abs(instant(root, one.get("x")) - began) < near
        assert abs(end - began - timedelta(days=episode["lower_days"])) < near
    assert len(marks(root, "arrow")) == 1
    assert len(marks(root, "score")) == 6
    assert len(marks(root, "infusion")) == 2


async def test_a_range_may_be_chosen_and_must_have_a_length(http, make):
    nurse = await (await make.clinic()).staff()
    ada = await treated(http, nurse)

    root = await picture(http, nurse, ada, **{"from": at(days=12), "to": at(days=1)})
    url = f"/v1/patients/{ada}/timeline.svg"
    none = await http.get(url, params={"from": at(days=1), "to": at(days=20)}, headers=nurse)

    assert len(marks(root, "score")) == 2
    assert none.status_code == 422


async def test_a_patient_without_anything_has_a_picture_too(http, make):
    nurse = await (await make.clinic()).staff()

    root = await picture(http, nurse, await patient(http, nurse), theme="dark", width=600)

    assert root.get("width") == "600"
