import stat
import subprocess
from itertools import count

import pytest

from app.kit.dumps import (
    NEWER_SETTING,
    SOMEWHERE_ELSE,
    DumpFailed,
    NotEmpty,
    Target,
    backup,
    feed,
    restore,
)
from app.kit.postgres import ensure_database
from app.kit.postgres.programs import program
from tests.kit.postgres.visits import sql

FILL = (
    "CREATE EXTENSION btree_gist",
    "CREATE SCHEMA history",
    "CREATE TABLE history.things (id int, name text, PRIMARY KEY (id), EXCLUDE (name WITH =))",
    "INSERT INTO history.things SELECT i, md5(i::text) FROM generate_series(1, 5000) AS i",
    "CREATE TABLE feed AS SELECT 'here' AS place",
    f"CREATE TABLE lines AS SELECT '{NEWER_SETTING.decode().strip()}' AS line",
    "ALTER TABLE lines ENABLE ROW LEVEL SECURITY",
    "CREATE POLICY all_of_it ON lines USING (line <> '')",
)
SUM = "SELECT (SELECT md5(string_agg(name, ',' ORDER BY id)) FROM history.things), line FROM lines"

names = (f"dumps_{number}" for number in count())


@pytest.fixture
def empty(server):
    """The URL of a database with nothing in it."""
    name = next(names)
    ensure_database(server, name)
    return server.url(name)


@pytest.fixture(scope="module")
def filled(server):
    """The URL of a database with something of everything in it, which is only read."""
    ensure_database(server, "dumps_filled")
    sql(server.url("dumps_filled"), *FILL, "SELECT 1")
    return server.url("dumps_filled")


@pytest.fixture(scope="module")
def dump(filled, tmp_path_factory):
    path = tmp_path_factory.mktemp("dumps") / "a dump"
    backup(filled, path)
    return path


def things_in(url):
    return sql(url, "SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")


def test_what_was_dumped_is_restored(filled, dump, empty):
    restore(empty, dump)

    assert sql(empty, SUM) == sql(filled, SUM)
    assert sql(empty, "SELECT polname FROM pg_policy") == [("all_of_it",)]


def test_what_is_restored_knows_that_it_is_elsewhere(dump, empty):
    restore(empty, dump)

    assert sql(empty, "SELECT place FROM feed") == [("restored",)]


def test_a_dump_is_private_and_replaces_the_older_one(filled, tmp_path):
    path = tmp_path / "dump"
    path.write_text("the older one")

    backup(filled, path)

    assert path.read_bytes().startswith(b"PGDMP")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert list(tmp_path.iterdir()) == [path]


def test_a_dump_that_fails_leaves_the_older_one(server, tmp_path):
    path = tmp_path / "dump"
    path.write_text("the older one")

    with pytest.raises(DumpFailed, match="does not exist") as failed:
        backup(server.url("no_such_database"), path)

    assert path.read_text() == "the older one"
    assert list(tmp_path.iterdir()) == [path]
    assert server.password not in str(failed.value)


def test_a_dump_has_to_have_a_folder(filled, tmp_path):
    with pytest.raises(DumpFailed, match="No such file"):
        backup(filled, tmp_path / "missing" / "dump")


@pytest.mark.parametrize(
    "something",
    [
        "CREATE TABLE it (id int)",
        "CREATE SCHEMA it",
        "CREATE TYPE it AS ENUM ('a')",
        "CREATE FUNCTION it() RETURNS int RETURN 1",
    ],
)
def test_a_database_with_something_in_it_is_not_restored_into(dump, empty, something):
    sql(empty, something)

    with pytest.raises(NotEmpty, match="Restore into an empty one"):
        restore(empty, dump)


def test_what_an_extension_brings_along_is_not_in_the_way(dump, empty):
    sql(empty, "CREATE EXTENSION btree_gist")

    restore(empty, dump)

    assert things_in(empty) != [(0,)]


def test_a_dump_that_ends_too_soon_changes_nothing(dump, empty, tmp_path):
    cut = tmp_path / "cut"
    cut.write_bytes(dump.read_bytes()[: dump.stat().st_size * 2 // 3])

    with pytest.raises(DumpFailed, match="is damaged"):
        restore(empty, cut)

    assert things_in(empty) == [(0,)]


def test_a_dump_that_does_not_fit_changes_nothing_and_shows_no_row(server, empty, tmp_path):
    ensure_database(server, source := next(names))
    sql(
        server.url(source),
        "CREATE TABLE it (name text)",
        "INSERT INTO it VALUES ('Ada Lovelace')",
        "CREATE FUNCTION well(text) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN true; END'",
        "ALTER TABLE it ADD CONSTRAINT is_well CHECK (well(name))",
        "CREATE OR REPLACE FUNCTION well(text) RETURNS bool LANGUAGE plpgsql"
        " AS 'BEGIN RETURN false; END'",
    )
    backup(server.url(source), tmp_path / "dump")

    with pytest.raises(DumpFailed, match="is_well") as failed:
        restore(empty, tmp_path / "dump")

    assert things_in(empty) == [(0,)]
    assert "Lovelace" not in str(failed.value)


@pytest.mark.parametrize("content", [b"", b"CREATE TABLE it ();", b"PGDMP and no more"])
def test_a_file_that_is_no_dump_is_refused(empty, tmp_path, content):
    path = tmp_path / "file"
    path.write_bytes(content)

    with pytest.raises(DumpFailed, match=str(path)):
        restore(empty, path)


def test_a_file_that_is_missing_is_named(empty, tmp_path):
    with pytest.raises(DumpFailed, match="can't be read: No such file"):
        restore(empty, tmp_path / "missing")


def test_what_older_servers_refuse_is_left_out_and_only_once(dump, tmp_path):
    command = [program("pg_restore"), "--file=-", "--restrict-key=key", dump]
    plain = subprocess.run(command, capture_output=True, check=True).stdout
    fed = tmp_path / "fed"

    with (
        fed.open("wb") as file,
        subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=file) as psql,
        subprocess.Popen(command, stdout=subprocess.PIPE) as script,
    ):
        feed(script, psql)

    assert plain.count(NEWER_SETTING) == 2
    expected = plain.replace(NEWER_SETTING, b"", 1)
    assert fed.read_bytes() == b"BEGIN;\n" + expected + SOMEWHERE_ELSE + b"COMMIT;\n"


@pytest.mark.parametrize(
    ("url", "plain", "password", "tls"),
    [
        (
            "postgresql+asyncpg://ada:p%40ss@db.example:5433/glow?prepared_statement_cache_size=0",
            "postgresql://ada@db.example:5433/glow?",
            "p@ss",
            False,
        ),
        (
            "postgres://ada:x@[::1]/glow?ssl=verify-full&connect_timeout=3",
            "postgresql://ada@[::1]/glow?sslmode=verify-full&connect_timeout=3",
            "x",
            True,
        ),
        (
            "postgresql://ada@/glow?host=/run/postgresql&port=5432&password=y",
            "postgresql://ada@/glow?host=/run/postgresql&port=5432",
            "y",
            False,
        ),
        ("postgresql:///glow?sslmode=prefer", "postgresql:///glow?sslmode=prefer", "", False),
    ],
)
def test_the_password_stays_off_the_command_line(url, plain, password, tls):
    target = Target.of(url)

    assert target == Target(plain, password, tls)
    assert target.environment().get("PGPASSWORD", "") == password


def test_tls_without_the_programs_for_it_is_explained(monkeypatch, tmp_path):
    monkeypatch.setenv("PATH", "")

    with pytest.raises(DumpFailed, match="install PostgreSQL's client programs"):
        backup("postgresql://db.example/glow?sslmode=require", tmp_path / "dump")
