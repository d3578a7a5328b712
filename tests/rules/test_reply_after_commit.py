"""Whoever is told that something is recorded can rely on it."""

from contextlib import asynccontextmanager

from app.access.deps import get_db
from app.kit.openapi import routes
from tests.makers import patient
from tests.rules.surface import built

FAILS_AT_COMMIT = """
    CREATE FUNCTION fail_at_commit() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE 'the disk is full' USING ERRCODE = 'serialization_failure'; END $$;
    CREATE CONSTRAINT TRIGGER fail_at_commit AFTER INSERT ON patients
        DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION fail_at_commit();
"""


@asynccontextmanager
async def commits_failing(owner):
    await owner.connection.execute(FAILS_AT_COMMIT)
    try:
        yield
    finally:
        await owner.connection.execute("DROP TRIGGER fail_at_commit ON patients")
        await owner.connection.execute("DROP FUNCTION fail_at_commit")


async def test_a_commit_that_fails_is_never_answered_as_success(http, make, owner):
    nurse = await (await make.clinic()).staff()

    async with commits_failing(owner):
        answer = await http.post("/v1/patients", json={"given_name": "Ada"}, headers=nurse)

    assert answer.status_code == 503
    assert answer.json()["type"] == "/problems/unavailable"
    assert await owner.value("SELECT count(*) FROM patients") == 0
    assert await patient(http, nurse)


def transactions(dependant):
    """How long each transaction of an endpoint lasts."""
    if dependant.call is get_db:
        yield dependant.scope
    for under in dependant.dependencies:
        yield from transactions(under)


def test_every_transaction_ends_before_its_answer_leaves():
    scopes = {scope for route in routes(built()) for scope in transactions(route.dependant)}

    assert scopes == {"function"}
