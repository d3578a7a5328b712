import asyncio
import json
import subprocess
from uuid import UUID

import asyncpg
import pytest

from app import demo
from app.cli.touring import prepare_tour
from app.config import Settings
from app.kit.failed import Failed
from app.kit.places import opened, prepare
from tests.cli.processes import a_data_dir, serving

SHOWN = UUID("0198c5a0-0000-7000-8000-000000000001")


@pytest.fixture(scope="module")
def place(data_dir):
    with opened(Settings(data_dir=data_dir)) as place:
        asyncio.run(prepare(place))
        yield place


@pytest.fixture
def tour(place, data_dir, monkeypatch):
    """Prepares the tour of a clinic that takes no time to fill."""

    async def fill(*_):
        return demo.Filled(1, 1, SHOWN)

    monkeypatch.setattr(demo, "fill", fill)
    yield lambda: prepare_tour(Settings(data_dir=data_dir), place, "http://here")
    (data_dir / "demo.json").unlink(missing_ok=True)
    run(place, "TRUNCATE clinics CASCADE")


def run(place, statement):
    async def ask():
        connection = await asyncpg.connect(place.owner_url)
        rows = await connection.fetch(statement)
        await connection.close()
        return rows

    return asyncio.run(ask())


def test_started_again_it_says_the_same(tour, data_dir):
    first = tour()

    again = tour()

    assert first == again
    assert (data_dir / "demo.json").stat().st_mode & 0o777 == 0o600


def test_the_clinic_is_marked_as_made_up(tour, place):
    tour()

    (clinic,) = run(place, "SELECT slug, name, is_demo FROM clinics")
    assert clinic["is_demo"]
    assert "made-up" in clinic["name"]


def test_a_clinic_left_half_filled_is_made_anew(tour, place, data_dir, monkeypatch):
    async def interrupted(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(demo, "fill", interrupted)
        with pytest.raises(KeyboardInterrupt):
            tour()
    (half,) = run(place, "SELECT id FROM clinics")

    told = tour()

    (whole,) = run(place, "SELECT id FROM clinics")
    assert whole["id"] != half["id"]
    assert str(SHOWN) in told
    assert {row["clinic_id"] for row in run(place, "SELECT clinic_id FROM staff")} == {whole["id"]}


def test_lost_passwords_are_said_to_be_lost(tour, data_dir):
    tour()
    (data_dir / "demo.json").unlink()

    told = tour()

    assert "afterglow staff add --clinic demo" in told


def test_a_real_clinic_called_demo_is_left_alone(tour, place):
    run(
        place,
        "INSERT INTO clinics (id, slug, name, time_zone, is_demo, created_at) "
        "VALUES (gen_random_uuid(), 'demo', 'Demo & Sons', 'UTC', false, now())",
    )

    with pytest.raises(Failed, match="that is no demo"):
        tour()


@pytest.fixture(scope="module")
def served():
    """A demo clinic that nobody works for in the background, and what it says to try."""
    with a_data_dir() as folder, serving(folder, "--no-worker", command="demo") as service:
        yield service, service.said("Ctrl-C")


@pytest.fixture(scope="module")
def ask(served):
    """Asks the clinic as its client."""
    service, _ = served
    kept = json.loads((service.data_dir / "demo.json").read_text())
    client = (kept["client_id"], kept["client_secret"])
    told = service.post("/oauth2/token", data={"grant_type": "client_credentials"}, auth=client)
    headers = {"Authorization": f"Bearer {told.json()['access_token']}"}
    return lambda path: service.get(path.format(**kept), headers=headers).json()["items"]


def test_what_it_says_to_try_works_when_pasted(served):
    _, said = served
    commands = [part for part in said.split("\n\n") if "  curl" in part]
    answers = [subprocess.check_output(["bash", "-ec", command]) for command in commands]

    signed_in, came_in, timeline = (json.loads(answer) for answer in answers)
    assert signed_in["access_token"]
    assert came_in["scope"] == "read write"
    assert len(timeline["items"]) == 5


def test_at_the_first_look_it_is_known_what_each_patient_needs(ask):
    everybody = ask("/v1/worklist?limit=100")

    assert len(everybody) == 40
    assert all(one["computed_at"] for one in everybody)
    assert any(one["reasons"] for one in everybody)


def test_a_demo_patient_has_a_chart(ask):
    kinds = ("medications", "allergies", "screenings", "labs")
    found = {kind: ask(f"/v1/patients/{{patient_id}}/{kind}") for kind in kinds}

    assert all(found.values())
    assert {one["name"] for one in found["medications"]} >= {"escitalopram"}


def test_little_of_the_clinic_waits_for_somebody(ask):
    waiting = ask("/v1/alerts?status=open&limit=100")
    reviews = ask("/v1/worklist?reason=review_due")

    assert len(waiting) <= 8
    assert 1 <= len(reviews) <= 8
