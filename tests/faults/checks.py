"""What must hold whatever failed, asked of the database itself. Every fault's test asks here."""

import asyncio
from dataclasses import dataclass, field

import asyncpg

from app.audit import actions as audit
from app.kit.db import Db


@dataclass
class Told:
    """What was sent, and what was acknowledged: the check-in's id, and the id of the request."""

    sent: set[str] = field(default_factory=set)
    acknowledged: dict[str, str] = field(default_factory=dict)
    odd: list[str] = field(default_factory=list)
    """Answers that were neither a yes nor a 503."""


PROMISES = {
    "an acknowledged check-in is lost": """
        SELECT count(*) FROM told, unnest(acknowledged) AS one (id)
        WHERE NOT EXISTS (SELECT FROM assessments WHERE assessments.id = one.id)
    """,
    "a check-in is there that nobody sent": """
        SELECT count(*) FROM assessments
        WHERE NOT EXISTS (SELECT FROM told, unnest(sent) AS one (id) WHERE one.id = assessments.id)
    """,
    "a check-in is doubled": """
        SELECT count(*) FROM (SELECT id FROM assessments GROUP BY id HAVING count(*) > 1) AS twice
    """,
    "a check-in has no alert, or two": """
        SELECT count(*) FROM assessments
        LEFT JOIN (
            SELECT subject_id AS id, count(*) AS raised FROM alerts GROUP BY subject_id
        ) AS found USING (id)
        WHERE raised IS DISTINCT FROM 1
    """,
    "an alert is about nothing": """
        SELECT count(*) FROM alerts WHERE NOT EXISTS (
            SELECT FROM assessments WHERE assessments.id = alerts.subject_id
        )
    """,
    "a version of a record is not in the outbox, or twice": """
        SELECT count(*) FROM (
            SELECT 'assessments' AS kind, clinic_id, id, version FROM assessments
            UNION ALL SELECT 'alerts', clinic_id, id, version FROM alerts
            UNION ALL SELECT 'patients', clinic_id, id, version FROM patients
        ) AS record
        LEFT JOIN (
            SELECT kind, record_id AS id, count(*) AS rows, count(DISTINCT version) AS versions
            FROM outbox GROUP BY kind, record_id
        ) AS told USING (kind, id)
        WHERE (rows, versions) IS DISTINCT FROM (record.version, record.version)
    """,
    "the outbox tells of nothing": """
        SELECT count(*) FROM outbox
        WHERE NOT EXISTS (SELECT FROM assessments WHERE id = record_id)
        AND NOT EXISTS (SELECT FROM alerts WHERE id = record_id)
        AND NOT EXISTS (SELECT FROM patients WHERE id = record_id)
    """,
    "an acknowledged request is not in the audit, or twice": """
        SELECT count(*) FROM (SELECT unnest(requests) AS id FROM told) AS one
        LEFT JOIN (
            SELECT id, count(*) AS rows FROM (
                SELECT id FROM audit_arrivals UNION ALL SELECT id FROM audit_events
            ) AS kept GROUP BY id
        ) AS found USING (id)
        WHERE rows IS DISTINCT FROM 1
    """,
    "the audit's positions have a gap": """
        SELECT count(*) FROM (
            SELECT clinic_id FROM audit_events
            GROUP BY clinic_id HAVING count(*) <> max(position) OR min(position) <> 1
        ) AS holed
    """,
}
"""Statements that count what must not be."""

TOLD = """
    WITH told AS (
        SELECT $1::uuid[] AS acknowledged, $2::uuid[] AS sent, $3::uuid[] AS requests
    )
"""


RECOVERS_SECONDS = 60


async def reached(url: str) -> asyncpg.Connection:
    """The database, once it has recovered from what was done to it."""
    async with asyncio.timeout(RECOVERS_SECONDS):
        while True:
            try:
                return await asyncpg.connect(url)
            except (OSError, asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError):
                await asyncio.sleep(0.1)


async def broken(owner_url: str, told: Told) -> list[str]:
    """Which promises do not hold; none if all is well. Load may go on meanwhile."""
    found = list(told.odd)
    acknowledged, requests = list(told.acknowledged), list(told.acknowledged.values())
    connection = await reached(owner_url)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            await connection.execute("SELECT 1 FROM clinics")
            values = acknowledged, list(told.sent), requests
            for promise, sql in PROMISES.items():
                if count := await connection.fetchval(TOLD + sql, *values):
                    found.append(f"{promise}: {count}")
            for row in await connection.fetch("SELECT clinic_id FROM audit_heads"):
                walked = audit.verified(Db(connection, row["clinic_id"]))
                found += [f"the audit's chain: {wrong}" async for wrong in walked]
    finally:
        await connection.close()
    return found
