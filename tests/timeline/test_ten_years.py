"""A page costs the same wherever it is in a long history: PostgreSQL says what it read for it."""

import json
from itertools import product
from uuid import UUID

from app.timeline.queries import LINES, Asked, page
from app.timeline.schemas import KINDS
from tests.makers import NOW
from tests.timeline.test_timeline import chart, one_of_each

OTHERS, OF_OTHERS, OF_ADA = 40, 40, 800
LIMIT = 20

SHOWN = [line for line in LINES if line.kind in KINDS]
TIMES = {line.statements.table.name: line.time for line in SHOWN}

DECISION = {"decision": "wait", "decided_at": NOW.isoformat(), "reason": "Relief holds"}

COPY = "SELECT (jsonb_populate_record(t, jsonb_build_object('id', gen_random_uuid(), {own}))).*"
PATIENTS = f"INSERT INTO patients {COPY} FROM patients t, generate_series(1, {OTHERS})"
RECORDS = f"""
    INSERT INTO {{table}} {COPY} FROM {{table}} t, patients p, generate_series(
        1, CASE WHEN p.id = t.patient_id THEN {OF_ADA} ELSE {OF_OTHERS} END
    ) n
"""


async def a_busy_history(http, make, owner):
    """Ten years with hundreds of each kind, in a clinic of many; the patient and the clinic."""
    ada, nurse, clinic = await chart(http, make)
    await one_of_each(http, ada, nurse)
    await http.post(f"{ada}/decisions", json=DECISION, headers=nurse)
    await owner.connection.execute(PATIENTS.format(own="'given_name', t.given_name"))
    for table, time in TIMES.items():
        own = f"'patient_id', p.id, '{time}', t.{time} - n * interval '4 days'"
        own += {"alerts": ", 'subject_id', gen_random_uuid()"}.get(table, ", 'infusion_id', NULL")
        await owner.connection.execute(RECORDS.format(table=table, own=own))
        await owner.connection.execute(f"ANALYZE {table}")
    return UUID(ada.rpartition("/")[2]), clinic


async def explained(http, clinic, asked, **given):
    """The steps that PostgreSQL took for a page, behind the clinic's wall."""
    sql = page(asked)
    async with http.state["pool"].confined(clinic.id) as db:
        text = f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql.text}"
        told = await db.connection.fetchval(text, *sql.arguments(given))
    return list(steps(json.loads(told)[0]["Plan"]))


def steps(plan):
    yield plan
    for part in plan.get("Plans", ()):
        yield from steps(part)


async def test_a_page_reads_and_shows_its_own_rows_alone(http, make, owner):
    ada, clinic = await a_busy_history(http, make, owner)
    middle = {"key_at": NOW.replace(year=NOW.year - 4), "key_id": ada, "key_rank": 2}
    told = {"patient_id": ada, "limit": LIMIT, "fetched": LIMIT + 1, **middle}

    for newest_first, after in product([True, False], [True, False]):
        asked = Asked(frozenset(KINDS), newest_first=newest_first, after=after)
        taken = await explained(http, clinic, asked, **told)

        scans = [step for step in taken if step.get("Relation Name") in TIMES]
        found = [step for step in scans if step["Alias"] == step["Relation Name"]]
        shown = [step for step in scans if step["Alias"] == f"{step['Relation Name']}_1"]
        assert {step["Index Name"] for step in found} == {f"ix_{t}_patient_time" for t in TIMES}
        assert sum(step["Actual Rows"] for step in found) <= LIMIT + 1 + len(SHOWN)
        assert {step["Index Name"] for step in shown} == {f"pk_{table}" for table in TIMES}
        assert sum(step["Actual Loops"] for step in shown) == LIMIT
