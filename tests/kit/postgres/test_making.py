import stat

import pytest

from app.kit.postgres import PostgresFailed, running, sockets
from app.kit.postgres.accounts import account_for, give
from app.kit.postgres.cluster import Cluster
from app.kit.postgres.control import rotate
from tests.kit.postgres.visits import Visit, at_work, sql, wait_until


@pytest.mark.parametrize("with_children", [True, False])
def test_a_making_that_was_killed_is_begun_anew(data_dir, with_children):
    visit = Visit(data_dir)
    wait_until((data_dir / "postgres.new" / "base").exists)
    visit.kill(with_children=with_children)
    assert not (data_dir / "postgres").exists()

    with running(data_dir) as server:
        assert sql(server.url("postgres"), "SELECT 1") == [(1,)]

    assert not list(data_dir.glob("*new*"))


def test_ctrl_c_while_it_is_made_leaves_nothing_half_done(data_dir):
    visit = Visit(data_dir)
    wait_until((data_dir / "postgres.new" / "base").exists)
    visit.interrupt()

    assert not list(data_dir.glob("*new*"))
    assert not (data_dir / "postgres").exists()


def test_several_that_come_at_once_make_one(data_dir):
    with Visit(data_dir) as first, Visit(data_dir) as second, Visit(data_dir) as third:
        assert first.url() == second.url() == third.url()

    assert not at_work(data_dir)


@pytest.mark.parametrize("name", ["long" * 30, "Ärzte, 'am' Park"])
def test_a_path_that_no_socket_can_have_gets_a_short_one(data_dir, name):
    folder = data_dir / name
    with running(folder) as server:
        found = server.socket_dir
        assert sql(server.url("postgres"), "SELECT 1") == [(1,)]
        assert stat.S_IMODE(found.stat().st_mode) == 0o700

    assert len(str(found)) < 80
    assert not found.exists()


def test_a_short_folder_that_others_may_enter_is_refused(data_dir):
    folder = data_dir / ("long" * 30)
    folder.mkdir()
    cluster = Cluster(folder)
    account = account_for(cluster.folder, folder)
    short = sockets.make_folder(cluster, account)
    cluster.folder.mkdir()
    give(cluster.folder, account)

    assert sockets.folder_of(cluster, str(short)) == short
    short.chmod(0o755)
    assert sockets.folder_of(cluster, str(short)) == cluster.folder
    with pytest.raises(PostgresFailed, match="shorter path"):
        sockets.make_folder(cluster, account)
    short.rmdir()


def test_a_copy_of_a_data_directory_does_not_lead_to_the_original(data_dir, server):
    copy = Cluster(data_dir)
    copy.folder.mkdir()

    assert sockets.folder_of(copy, str(server.socket_dir)) == copy.folder


def test_a_database_of_another_version_is_refused_with_the_way_to_move_it(data_dir):
    with running(data_dir):
        pass
    version = data_dir / "postgres" / "PG_VERSION"
    version.write_text("17\n")

    with (
        pytest.raises(PostgresFailed, match=r"afterglow backup.*afterglow restore"),
        running(data_dir),
    ):
        pass


def test_a_folder_with_something_else_in_it_is_left_alone(data_dir):
    account = account_for(data_dir / "postgres", data_dir)
    (data_dir / "postgres").mkdir()
    (data_dir / "postgres" / "letter").write_text("Dear Ada")
    give(data_dir / "postgres", account)

    with pytest.raises(PostgresFailed, match="move it away"), running(data_dir):
        pass

    assert (data_dir / "postgres" / "letter").read_text() == "Dear Ada"


def test_a_data_directory_that_is_a_file_is_named(data_dir):
    file = data_dir / "file"
    file.touch()

    with pytest.raises(PostgresFailed, match=f"{file}.*AFTERGLOW_DATA_DIR"), running(file):
        pass


def test_a_path_with_a_line_break_is_refused(data_dir):
    with pytest.raises(PostgresFailed, match="line breaks"), running(data_dir / "a\nb"):
        pass


def test_a_log_does_not_grow_for_ever(data_dir):
    log = data_dir / "postgres.log"
    log.write_text("x" * 1_000_001)
    with log.open("a") as of_a_server:
        rotate(log)
        rotate(log)
        of_a_server.write("more")

    assert log.read_text() == "more"
    assert (data_dir / "postgres.log.1").stat().st_size == 1_000_001
    assert stat.S_IMODE((data_dir / "postgres.log.1").stat().st_mode) == 0o600
