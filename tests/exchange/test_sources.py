"""What a batch knows by where it was taken from, and not by an id."""

from uuid import uuid4

from tests.exchange.makers import (
    READINGS,
    assessment_item,
    patient_item,
    problem_of,
    send,
    session_item,
    statuses,
    vitals_item,
)
from tests.makers import at


async def test_an_item_without_an_id_is_known_by_its_source(http, ehr, ada):
    session = session_item(ada, source={"system": "ehr", "record_id": "1"}, vitals=READINGS)
    session.pop("id")

    first = (await send(http, ehr, session))[0]
    again = (await send(http, ehr, session))[0]
    other = (await send(http, ehr, session | {"note": "changed"}))[0]

    assert statuses([first, *first["children"]]) == ["created"] * 3
    assert statuses([again, *again["children"]]) == ["duplicate"] * 3
    assert again["id"] == first["id"]
    assert (other["status"], problem_of(other)) == ("conflict", "source-taken")
    assert other["problem"]["existing_id"] == first["id"]


FROM_1 = {"infusion": {"system": "ehr", "record_id": "1"}}


def without_id(item, **more):
    return {name: item[name] for name in item if name != "id"} | more


async def test_a_child_names_its_session_by_the_source_of_that(http, ehr, ada, owner):
    session = without_id(session_item(ada), source={"system": "ehr", "record_id": "1"})
    bolus = {"kind": "bolus", "dose_mg": 10, "at": at(days=30, hours=0.8)}
    dose = {"kind": "dose_event", "data": bolus | {"source": {"system": "ehr", "record_id": "d"}}}
    children = [
        {"kind": "vitals", "id": str(uuid4()), **READINGS[0], **FROM_1},
        {"kind": "vitals", "id": str(uuid4()), **READINGS[1], **FROM_1},
        dose | FROM_1,
        assessment_item(ada, **FROM_1),
    ]

    alone = await send(http, ehr, *children)
    first = await send(http, ehr, session, *children)
    again = await send(http, ehr, *children)

    assert [problem_of(one) for one in alone] == ["parent-not-found"] * 4
    assert statuses(first) == ["created"] * 5, first
    assert statuses(again) == ["duplicate"] * 4, again
    of = "SELECT infusion_id::text FROM"
    hanging = f"{of} vitals UNION {of} assessments UNION {of} dose_events"
    assert [one["infusion_id"] for one in await owner.rows(hanging)] == [first[0]["id"]]


async def test_a_session_named_by_its_source_is_of_the_same_patient_and_readable(http, ehr, ada):
    session = without_id(session_item(ada), source={"system": "ehr", "record_id": "1"})
    eve = patient_item()
    strange = assessment_item(eve["id"], **FROM_1)
    unreadable = vitals_item(ada, infusion={"system": "ehr"})

    results = await send(http, ehr, session, eve, strange, unreadable)

    assert statuses(results) == ["created", "created", "invalid", "invalid"]
    assert results[3]["problem"]["errors"][0]["pointer"] == "/infusion"
