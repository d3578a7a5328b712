"""A person who is forgotten: nothing of them is left in any column, and their episodes are."""

from uuid import UUID

import pytest

from app.access.policy import Role
from app.cli.adding import as_owner
from app.exchange.erasing import erase
from app.exchange.queries import erasing
from app.kit.db import Db
from app.kit.failed import Failed
from app.kit.places import Place
from app.tables import metadata
from tests.infusions.makers import given, made, patch, post, problem
from tests.makers import at, patient
from tests.rules.everything import body_of, fitted, grow

MARK = "Zephyrine"
"""What nobody else is called, and nobody else's notes say."""

NAMED = {
    "given_name": MARK,
    "family_name": f"de {MARK}",
    "birth_date": "1984-05-02",
    "identifiers": [{"system": "ehr", "value": MARK}],
    "phones": [MARK],
    "emergency_contacts": [{"name": MARK, "phone": "1", "relationship": MARK}],
    "preferred_language": MARK,
}


def marked(value, name=""):
    """A body with the mark in every field that takes a text of one's own."""
    own = {
        "note",
        "reason",
        "other_text",
        "reaction",
        "substance",
        "name",
        "reference",
        "what",
        "text_result",
        "response",
        "frequency",
        "stop_reason",
        "performed_by",
        "change_reason",
        "not_done_reason",
    }
    if isinstance(value, dict):
        return {key: marked(one, key) for key, one in value.items()}
    if isinstance(value, list):
        return [marked(one, name) for one in value]
    return MARK if name in own and isinstance(value, str) else value


async def where(owner, clinic):
    """The tables in which the mark is found, in whatever column."""
    found = {}
    for name, table in metadata.tables.items():
        if "clinic_id" in table.c:
            sql = (
                f"SELECT count(*) FROM {name} t WHERE clinic_id = $1 AND to_jsonb(t)::text ILIKE $2"
            )
            if many := await owner.value(sql, clinic.id, f"%{MARK}%"):
                found[name] = many
    return found


@pytest.fixture
def forget(migrated):
    async def forget(clinic, patient_id, reason="asked for it"):
        place = Place(migrated.login, migrated.owner_url, migrated.login_url, None)
        async with as_owner(place) as db:
            return await erase(Db(db.connection, clinic.id), UUID(patient_id), reason)

    return forget


@pytest.fixture
async def lived(http, clinic):
    """Somebody who left their name everywhere."""
    grown = await grow(http, clinic)
    doctor, ids = grown.clinician, grown.ids
    ada = f"/v1/patients/{ids['patient_id']}"
    now = (await http.get(ada, headers=doctor)).json()
    await patch(http, doctor, now, NAMED | {"change_reason": MARK}, "patients")
    twin = await patient(http, doctor, given_name=MARK, family_name=MARK)
    sent = {"into": ids["patient_id"], "reason": MARK}
    await post(http, doctor, f"/v1/patients/{twin}/merge", sent)
    for kind in (
        "allergies",
        "conditions",
        "medications",
        "labs",
        "events",
        "decisions",
        "consents",
        "vitals",
        "side-effects",
        "assessments",
        "baselines",
    ):
        body = marked(fitted(body_of(f"/v1/patients/{{patient_id}}/{kind}", "post"), ids))
        body |= {"performed_by": MARK, "source": {"system": "x", "record_id": f"{MARK}-{kind}"}}
        key = {"Idempotency-Key": kind}
        kept = await http.post(f"{ada}/{kind}", json=body, headers=doctor | key)
        assert kept.status_code == 201, (kind, kept.text)
    session = await made(http, doctor, ids["patient_id"], given(days=40, note=MARK))
    await patch(http, doctor, session, {"note": f"{MARK} again", "change_reason": MARK})
    wrong = f"/v1/side-effects/{ids['side_effect_id']}/void"
    await post(http, doctor, wrong, {"reason": MARK})
    handled = f"/v1/alerts/{ids['alert_id']}/acknowledge"
    await post(http, doctor, handled, {"note": MARK})
    return grown


async def test_a_person_is_forgotten_and_their_episodes_stay(http, clinic, lived, owner, forget):
    doctor, ada = lived.clinician, lived.ids["patient_id"]
    assert {
        "patients",
        "history",
        "idempotency_keys",
        "identifiers",
        "infusions",
        "merges",
        "alerts",
        "decisions",
    } <= set(await where(owner, clinic))
    before = (await http.get(f"/v1/patients/{ada}/relief", headers=doctor)).json()["episodes"]

    charts = await forget(clinic, ada)

    assert charts == 2
    assert await where(owner, clinic) == {}
    shown = (await http.get(f"/v1/patients/{ada}", headers=doctor)).json()
    assert (shown["given_name"], shown["birth_date"]) == (None, "1984-01-01")
    assert shown["erased_at"] is not None
    after = (await http.get(f"/v1/patients/{ada}/relief", headers=doctor)).json()["episodes"]
    assert [one["infusion_id"] for one in after] == [one["infusion_id"] for one in before]
    history = await http.get(f"/v1/patients/{ada}/history", headers=doctor)
    assert {one["record"]["family_name"] for one in history.json()["items"]} == {None}
    assert (await http.get("/v1/me", headers=lived.phone)).status_code == 401
    told = "SELECT patient_id::text FROM audit_arrivals WHERE route = 'patient erase'"
    assert await owner.value(told) == ada


async def test_nothing_more_is_recorded_of_who_was_forgotten(http, clinic, forget):
    nurse = await clinic.staff()
    ada = await patient(http, nurse, **NAMED)
    here = f"/v1/patients/{ada}"
    await forget(clinic, ada)

    charted = await post(http, nurse, f"{here}/vitals", {"measured_at": at(), "heart_rate_bpm": 70})
    named = await http.patch(here, json={"given_name": "Ada"}, headers=nurse | {"If-Match": '"2"'})
    enrolled = await post(http, nurse, f"{here}/enrolments")
    again = await http.post("/v1/patients", json=NAMED, headers=nurse)

    assert {problem(one) for one in (charted, named, enrolled)} == {(409, "erased")}
    assert again.status_code == 201


async def test_a_legal_hold_keeps_a_person_until_an_admin_lifts_it(http, clinic, forget):
    nurse, admin = await clinic.staff(Role.NURSE), await clinic.staff(Role.ADMIN)
    ada = await patient(http, nurse)
    here = f"/v1/patients/{ada}/legal-hold"
    claim = {"held": True, "reason": "a claim was announced"}

    by_nurse = await http.put(here, json=claim, headers=nurse)
    held = await http.put(here, json=claim, headers=admin)
    with pytest.raises(Failed, match="legal hold"):
        await forget(clinic, ada)
    await http.put(here, json=claim | {"held": False}, headers=admin)

    assert (by_nurse.status_code, held.json()["legal_hold"]) == (403, True)
    assert await forget(clinic, ada) == 1


async def test_who_became_another_is_forgotten_with_them_alone(http, make, clinic, forget):
    nurse = await clinic.staff()
    ada, twin = await patient(http, nurse), await patient(http, nurse)
    await post(http, nurse, f"/v1/patients/{twin}/merge", {"into": ada, "reason": "twice"})

    for there, said in ((clinic, ada), (await make.clinic(), "no patient")):
        with pytest.raises(Failed, match=said):
            await forget(there, twin)


def test_every_word_of_ours_is_a_column_that_is_there():
    for name, words in erasing.WORDS.items():
        assert words <= set(metadata.tables[name].c.keys()), name


def test_whatever_somebody_wrote_has_something_to_stand_for_it():
    for table in erasing.mine().values():
        for column in erasing.texts(table):
            told = erasing.blank(column)
            assert told is not None or column.nullable, (table.name, column.name)
