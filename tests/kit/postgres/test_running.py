import asyncio
import os
import pwd
import signal
import stat
import subprocess

import asyncpg
import pytest

from app.kit.postgres import PostgresFailed, ensure_database, find, running
from app.kit.postgres.accounts import account_for
from app.kit.postgres.cluster import Cluster
from tests.kit.postgres.visits import Visit, at_work, postmaster, sql, wait_until


def test_the_server_is_durable_and_the_same_everywhere(server):
    settings = dict(sql(server.url("postgres"), "SELECT name, setting FROM pg_settings"))
    locale = sql(
        server.url("postgres"),
        "SELECT pg_encoding_to_char(encoding), datlocprovider, datlocale FROM pg_database",
    )

    assert settings["data_checksums"] == settings["fsync"] == "on"
    assert settings["synchronous_commit"] == settings["full_page_writes"] == "on"
    assert settings["TimeZone"] == "UTC"
    assert set(locale) == {("UTF8", b"b", "C.UTF-8")}


def test_the_only_way_in_is_a_socket_in_a_closed_folder(server, home):
    found = server.socket_dir.stat()

    assert stat.S_IMODE(found.st_mode) == 0o700
    assert sql(server.url("postgres"), "SHOW listen_addresses") == [("",)]
    assert server.socket_dir == home / "postgres"


@pytest.mark.parametrize(
    ("user", "password"),
    [("postgres", "guess"), ("postgres", None), ("nobody", None), ("afterglow", "guess")],
)
def test_nobody_comes_in_without_the_password(server, user, password):
    url = server.url("postgres", user=user, password=password)

    with pytest.raises(asyncpg.InvalidPasswordError):
        sql(url, "SELECT 1")


def test_the_password_is_in_a_private_file_and_not_in_what_is_printed(server, home):
    file = home / "postgres.password"

    assert file.read_text() == server.password
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert server.password not in repr(server)


def test_nothing_that_was_said_is_in_the_log(server, home):
    url = server.url("postgres")

    for wrong in (
        "SELECT 'Ada Lovelace'::date",
        "SELECT 1 / (length('Ada Lovelace') - 12)",
        "DO $$ BEGIN RAISE WARNING 'Ada Lovelace'; RAISE EXCEPTION 'Ada Lovelace'; END $$",
    ):
        with pytest.raises(asyncpg.PostgresError):
            sql(url, wrong)

    log = (home / "postgres.log").read_text()
    assert "ready to accept connections" in log
    assert "Lovelace" not in log


def test_other_users_may_pass_through_our_folders_but_not_look_around(server, home):
    """Only root lets them: as an ordinary user PostgreSQL runs as we do."""
    through = 0o701 if os.geteuid() == 0 else 0o700

    assert stat.S_IMODE(home.stat().st_mode) == through
    assert stat.S_IMODE((home / "postgres").stat().st_mode) == 0o700


def test_a_database_is_created_once(server):
    ensure_database(server, 'after"glow')
    ensure_database(server, 'after"glow')

    assert sql(server.url('after"glow'), "SELECT current_database()") == [('after"glow',)]


def test_find_sees_a_running_server_and_nothing_else(server, home, data_dir):
    nowhere = data_dir / "nowhere"

    assert find(home) == server
    assert find(data_dir) is None
    assert find(nowhere) is None
    assert not nowhere.exists()


def test_an_ordinary_user_has_a_server_of_their_own(server, data_dir):
    """The shared server comes first: it makes the programs reachable for all."""
    user = "nobody" if os.geteuid() == 0 else ""
    if user:
        os.chown(data_dir, pwd.getpwnam(user).pw_uid, pwd.getpwnam(user).pw_gid)

    with Visit(data_dir, user=user) as visit:
        rows = sql(visit.url(), "SELECT 1")
        owner = (data_dir / "postgres").stat().st_uid

    assert rows == [(1,)]
    assert owner == data_dir.stat().st_uid
    assert {path.stat().st_uid for path in data_dir.iterdir()} == {owner}
    assert stat.S_IMODE(data_dir.stat().st_mode) == 0o700


def test_the_one_who_started_it_leaves_it_to_the_other_who_stops_it(data_dir):
    with Visit(data_dir) as second:
        first = Visit(data_dir)
        url = first.url()
        assert second.url() == url

        first.leave()

        assert sql(url, "SELECT 1") == [(1,)]
    assert not at_work(data_dir)
    assert find(data_dir) is None


def test_ctrl_c_reaches_one_process_and_not_the_server_until_all_have_gone(data_dir):
    first, second = Visit(data_dir), Visit(data_dir)
    url = first.url()
    second.url()

    first.interrupt()
    left = sql(url, "SELECT 1")
    second.interrupt()

    assert left == [(1,)]
    assert not at_work(data_dir)


def test_a_server_that_killed_processes_left_is_adopted_and_stopped(data_dir):
    first, second = Visit(data_dir), Visit(data_dir)
    first.url(), second.url()
    pid = postmaster(data_dir)

    first.kill()
    second.kill()
    assert pid in at_work(data_dir)

    with running(data_dir) as adopted:
        assert sql(adopted.url("postgres"), "SELECT 1") == [(1,)]
        assert postmaster(data_dir) == pid
    assert not at_work(data_dir)


def test_what_was_committed_outlives_the_death_of_every_process(data_dir):
    """A backend that is busy outlives its postmaster, and keeps the next one from starting."""
    visit = Visit(data_dir)
    url = visit.url()
    sql(url, "CREATE TABLE kept (it int)", "INSERT INTO kept VALUES (7)")
    busy = _busy_backend(url)

    visit.kill()
    os.kill(postmaster(data_dir), signal.SIGKILL)
    wait_until(lambda: at_work(data_dir) == {busy})

    with running(data_dir) as recovered:
        assert busy not in at_work(data_dir)
        assert sql(recovered.url("postgres"), "TABLE kept") == [(7,)]


def test_a_server_that_is_killed_while_it_is_used_comes_back(data_dir):
    with running(data_dir) as server:
        url = server.url("postgres")
        sql(url, "CREATE TABLE kept (it int)", "INSERT INTO kept VALUES (7)")
        died = postmaster(data_dir)

        os.kill(died, signal.SIGKILL)
        wait_until(lambda: find(data_dir) is not None and postmaster(data_dir) != died)

        assert sql(url, "TABLE kept") == [(7,)]
    assert not at_work(data_dir)


def test_a_process_id_that_another_program_has_now_is_not_taken_for_the_server(data_dir):
    with running(data_dir):
        left = (data_dir / "postgres" / "postmaster.pid").read_bytes()
    account = account_for(data_dir / "postgres", data_dir)
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, **account.run_as()) as other:
        file = data_dir / "postgres" / "postmaster.pid"
        file.write_bytes(left.replace(left.split()[0], str(other.pid).encode(), 1))
        os.chown(file, account.uid, account.gid)
        assert find(data_dir) is None

        with running(data_dir) as server:
            assert sql(server.url("postgres"), "SELECT 1") == [(1,)]

        assert other.poll() is None
        other.stdin.close()


def test_why_a_server_does_not_start_is_said(data_dir):
    with running(data_dir) as server:
        password = server.password
    (data_dir / "postgres" / "global" / "pg_control").unlink()

    with pytest.raises(PostgresFailed, match="did not start") as failed, running(data_dir):
        pass

    assert "pg_control" in str(failed.value)
    assert password not in str(failed.value)


def test_a_wrong_or_lost_password_file_is_named(data_dir):
    with running(data_dir):
        pass
    (data_dir / "postgres.password").write_text("another")

    with pytest.raises(PostgresFailed, match=r"postgres\.password"), running(data_dir):
        pass

    (data_dir / "postgres.password").unlink()
    with pytest.raises(PostgresFailed, match=r"is lost.*postgres\.password"), running(data_dir):
        pass
    assert not at_work(data_dir)


def test_errors_within_the_block_are_their_own(data_dir, server):
    with pytest.raises(FileNotFoundError), running(data_dir):
        (data_dir / "missing").read_text()

    assert Cluster(data_dir).exists()
    assert not at_work(data_dir)


def _busy_backend(url):
    """The process id of a backend that goes on with a query whose client has hung up."""

    async def leave_it():
        client = await asyncpg.connect(url)
        query = asyncio.create_task(client.execute("DO 'BEGIN LOOP END LOOP; END'"))
        await asyncio.sleep(0)
        pid = client.get_server_pid()
        active = f"SELECT FROM pg_stat_activity WHERE pid = {pid} AND state = 'active'"
        other = await asyncpg.connect(url)
        while not await other.fetch(active):
            pass
        await other.close()
        client.terminate()
        await asyncio.wait([query])
        assert query.exception()
        return pid

    return asyncio.run(leave_it())
