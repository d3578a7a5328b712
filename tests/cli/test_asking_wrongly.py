import pytest

from app.cli import run
from app.cli.parser import parser

CLINIC = ["clinic", "add", "--slug", "north", "--name", "North"]
STAFF = ["staff", "add", "--clinic", "north", "--email", "a@b.example", "--role", "nurse"]
CLIENT = ["client", "add", "--clinic", "north", "--name", "EHR"]

WRONG = (
    [*CLINIC, "--slug", "North Clinic"],
    [*CLINIC, "--name", " "],
    [*CLINIC, "--time-zone", "Mars/Olympus"],
    [*CLINIC, "--time-zone", "../../etc/passwd"],
    [*STAFF, "--email", "nobody"],
    [*STAFF, "--role", "surgeon"],
    [*CLIENT, "--scope", "read everything"],
    [*CLIENT, "--scope", ""],
    ["serve", "--port", "many"],
    ["clinic"],
    ["fly"],
)


@pytest.fixture(autouse=True)
def nowhere(monkeypatch, tmp_path):
    """No database and no settings."""
    for name in ("DATABASE_URL", "OWNER_URL", "HOST", "PORT"):
        monkeypatch.delenv(f"AFTERGLOW_{name}", raising=False)
    monkeypatch.setenv("AFTERGLOW_DATA_DIR", str(tmp_path / "data"))


@pytest.mark.parametrize("words", WRONG, ids=" ".join)
def test_what_is_asked_wrongly_is_answered_in_a_sentence(words, capsys):
    with pytest.raises(SystemExit) as ended:
        run(words)

    said = capsys.readouterr()
    assert ended.value.code == 2
    assert said.out == ""
    assert said.err.count("\n") == 1


def test_a_scope_may_be_written_in_any_order():
    assert parser().parse_args([*CLIENT, "--scope", "write  read"]).scope == "read write"


def test_an_address_is_kept_in_small_letters():
    assert parser().parse_args([*STAFF, "--email", "Ada@B.example"]).email == "ada@b.example"


@pytest.mark.parametrize("command", ["serve", "demo"])
def test_charts_do_not_cross_a_network_in_the_clear(command, capsys):
    code = run([command, "--host", "0.0.0.0"])

    assert code == 2
    assert "AFTERGLOW_TLS_IN_FRONT" in capsys.readouterr().err


def test_the_demo_is_not_made_in_a_database_of_yours(monkeypatch, capsys):
    monkeypatch.setenv("AFTERGLOW_DATABASE_URL", "postgresql://me:secret@localhost/mine")

    code = run(["demo"])

    said = capsys.readouterr().err
    assert code == 2
    assert "AFTERGLOW_DATABASE_URL" in said
    assert "secret" not in said


def test_a_setting_that_is_wrong_is_named_and_not_repeated(monkeypatch, capsys):
    monkeypatch.setenv("AFTERGLOW_PORT", "hunter2")

    code = run(["doctor"])

    said = capsys.readouterr()
    assert code == 1
    assert "AFTERGLOW_PORT" in said.out
    assert "hunter2" not in said.out + said.err


@pytest.mark.parametrize(
    "url",
    ["mysql://me:hunter2@localhost/mine", "postgresql://me:hunter2@localhost", "hunter2"],
)
def test_a_url_that_is_wrong_is_not_repeated(monkeypatch, capsys, url):
    monkeypatch.setenv("AFTERGLOW_DATABASE_URL", url)

    code = run(["migrate"])

    said = capsys.readouterr().err
    assert code == 1
    assert "AFTERGLOW_DATABASE_URL is not the URL of a PostgreSQL database" in said
    assert "hunter2" not in said


def test_a_database_out_of_reach_is_said_without_the_password(monkeypatch, capsys):
    monkeypatch.setenv("AFTERGLOW_DATABASE_URL", "postgresql://me:hunter2@127.0.0.1:1/mine")

    code = run(["migrate"])

    said = capsys.readouterr().err
    assert code == 1
    assert "can't be reached" in said
    assert "hunter2" not in said
