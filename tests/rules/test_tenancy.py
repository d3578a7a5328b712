"""The attacker's side of the wall.

Two clinics that are the same are attacked with: in one, the attacker uses the ids of a third
clinic, in the other, ids that exist nowhere. Whoever can tell the answers apart has learned
something.
"""

from uuid import uuid4

import pytest

from app.access.policy import Role
from app.kit.ids import new_id
from app.tables import metadata
from tests.makers import patient
from tests.rules.attack import OURS, attempts, plain
from tests.rules.everything import enrolled, grow

CALLERS = {
    **{role.value: lambda grown, role=role: grown.clinic.staff(role) for role in Role},
    "ehr that reads": lambda grown: grown.clinic.ehr("read"),
    "ehr that writes": lambda grown: grown.clinic.ehr("write"),
    "ehr that does both": lambda grown: grown.clinic.ehr("read write"),
    "phone": lambda grown: grown.clinic.phone(grown.ids["patient_id"]),
}


async def rows_of(owner, clinic_id):
    """Every row of a clinic, in every table."""
    found = {}
    for table in metadata.sorted_tables:
        if "clinic_id" in table.c:
            sql = f"SELECT to_jsonb(t)::text AS row FROM {table.name} t WHERE clinic_id = $1"
            found[table.name] = sorted(row["row"] for row in await owner.rows(sql, clinic_id))
    return found


def known_by(grown, name):
    """What a clinic has that others could ask for."""
    ids = {key: one for key, one in grown.ids.items() if key not in OURS}
    source = f"ehr|{name}-/v1/patients/{{patient_id}}/infusions"
    named = {"source": source, "identifier": f"ehr|{name}", "family_name": name}
    return ids | named | {"id": grown.ids["assessment_id"]}


NOBODYS = {"source": "ehr|nobody", "identifier": "ehr|nobody", "family_name": "Nobody"}


def nowhere(known):
    """The same, of nobody. Ids grow with time, and order what happened at once."""
    return {key: str(new_id()) for key in known} | NOBODYS


def new(own):
    """One's own ids, and one for what is made."""
    return own | {"new_id": str(uuid4())}


@pytest.mark.parametrize("caller", CALLERS)
async def test_nothing_is_learned_of_another_clinic(http, make, owner, caller):
    victim = await grow(http, await make.clinic("victim"), "Zebrowska")
    theirs = known_by(victim, "Zebrowska")
    nobodys = nowhere(theirs)
    first = await grow(http, await make.clinic("attacker-one"))
    second = await grow(http, await make.clinic("attacker-two"))
    before = await rows_of(owner, victim.clinic.id)

    one, two = await CALLERS[caller](first), await CALLERS[caller](second)
    real = list(attempts(new(first.ids), theirs))
    unreal = list(attempts(new(second.ids), nobodys))

    told, leaked = [], []
    for attempt, control in zip(real, unreal, strict=True):
        answer = await attempt.by(http, one)
        learned, nothing = plain(answer), plain(await control.by(http, two))
        if learned != nothing:
            told.append((attempt.label, learned, nothing))
        shown = answer.text if answer.status_code >= 400 else ""
        leaked += [(attempt.label, key) for key, one_id in theirs.items() if one_id in shown]
        leaked += [attempt.label] if "Zebrowska" in answer.text else []
    assert told == []
    assert leaked == []
    assert await rows_of(owner, victim.clinic.id) == before


async def test_a_phone_learns_nothing_of_another_patient_of_its_clinic(http, make, owner):
    grown = await grow(http, await make.clinic())
    nurse = await grown.clinic.staff()
    own = grown.ids | {"patient_id": await patient(http, nurse)}
    phone = await enrolled(http, nurse, own)
    theirs = known_by(grown, "Moreau")
    before = await rows_of(owner, grown.clinic.id)

    told = []
    real, unreal = attempts(new(own), theirs), attempts(new(own), nowhere(theirs))
    for attempt, control in zip(real, unreal, strict=True):
        if attempt.url == "/v1/check-ins" and attempt.label.endswith("/id"):
            continue
        learned = plain(await attempt.by(http, phone))
        nothing = plain(await control.by(http, phone))
        if learned != nothing:
            told.append((attempt.label, learned, nothing))

    assert told == []
    after = await rows_of(owner, grown.clinic.id)
    lost = {table: set(rows) - set(after[table]) for table, rows in before.items()}
    assert {table: rows for table, rows in lost.items() if rows} == {}


async def test_an_id_that_another_patient_has_taken_says_nothing_of_what_it_is(http, make):
    grown = await grow(http, await make.clinic())
    nurse = await grown.clinic.staff()
    own = grown.ids | {"patient_id": await patient(http, nurse)}
    phone = await enrolled(http, nurse, own)
    item = {"id": grown.ids["assessment_id"], "kind": "assessment", "instrument": "MOOD-10"}
    item |= {"taken_at": "2026-11-01T08:00:00Z", "answers": [7]}

    sent = {"sent_at": "2026-11-01T08:00:00Z", "items": [item]}
    answer = await http.post("/v1/check-ins", json=sent, headers=phone)

    result = answer.json()["results"][0]
    assert result["status"] == "conflict"
    assert set(result["problem"]) == {"type", "title", "status", "detail", "instance"}
