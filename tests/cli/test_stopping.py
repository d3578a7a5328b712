import os
import signal
import socket
from pathlib import Path

from tests.cli.processes import left, made, serving


def begun_request(service) -> socket.socket:
    """A request of which a part has come, and been answered with: go on."""
    connection = socket.create_connection(service.address, timeout=30)
    connection.sendall(
        b"POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Expect: 100-continue\r\nContent-Length: 2\r\n\r\n"
    )
    assert connection.recv(65536).startswith(b"HTTP/1.1 100 ")
    connection.sendall(b"{")
    return connection


def test_ctrl_c_finishes_what_was_begun_and_leaves_nobody_behind(data_dir):
    with serving(data_dir) as service, begun_request(service) as connection:
        family = service.family()
        assert len(family) > 2, "PostgreSQL is of the family"

        service.process.send_signal(signal.SIGINT)
        service.logged("stopping")
        connection.sendall(b"}")

        assert connection.recv(65536).startswith(b"HTTP/1.1 422 ")
        assert service.ended() == 0
        assert left(family) == set()


def test_several_processes_count_as_one_and_stop_as_one(data_dir):
    with serving(data_dir, "--workers", "2") as service:
        family = service.family()
        for _ in range(20):
            service.get("/healthz")

        told = service.get("/metrics").text

        healthz = 'method="GET",route="/healthz",status="200"'
        assert f"afterglow_requests_total{{{healthz}}} 20.0" in told
        # Ctrl-C in a terminal reaches every process of it.
        os.killpg(service.process.pid, signal.SIGINT)
        assert service.ended() == 0
        assert left(family) == set()


def test_background_work_that_dies_is_begun_anew_and_nobody_else_notices(data_dir):
    with serving(data_dir) as service:
        service.logged("working")
        (working,) = {pid for pid in service.family() if "--multiprocessing-fork" in told(pid)}

        os.kill(working, signal.SIGKILL)

        assert service.logged("background work ended by itself")["code"] == -signal.SIGKILL
        service.logged("working")
        assert service.get("/healthz").status_code == 200
        assert service.stop() == 0


def told(pid: int) -> str:
    """How a process was started."""
    return Path(f"/proc/{pid}/cmdline").read_text().replace("\0", " ")


def test_after_a_kill_no_one_serves_and_the_next_start_has_everything(data_dir):
    with serving(data_dir, "--workers", "2") as service:
        clinic = made(data_dir, "clinic", "add", "--slug", "kept", "--name", "Kept")
        family = service.family()
        postgres = {pid for pid in family if Path(f"/proc/{pid}/comm").read_text() == "postgres\n"}
        service.process.kill()
        service.ended()
        assert left(family - postgres) == set()

    with serving(data_dir) as again:
        args = ("staff", "add", "--clinic", "kept", "--email", "a@b.example", "--role", "nurse")
        staff = made(data_dir, *args)
        assert again.stop(signal.SIGTERM) == 0

    assert staff["clinic_id"] == clinic["clinic_id"]
    assert left(postgres) == set()


def test_a_shells_background_job_is_stopped_by_sigint_too(data_dir):
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with serving(data_dir) as service:
            signal.signal(signal.SIGINT, before)

            assert service.stop(signal.SIGINT) == 0
    finally:
        signal.signal(signal.SIGINT, before)
