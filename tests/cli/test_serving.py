import socket
from contextlib import ExitStack
from time import monotonic

import pytest

from app.cli.connections import LONGEST_HEAD
from app.cli.serving import listening
from app.config import Settings
from app.kit.failed import Failed
from tests.cli.processes import afterglow, made


def answer_to(service, *parts: bytes) -> bytes:
    """What comes back over a connection of our own."""
    with socket.create_connection(service.address, timeout=30) as connection:
        for part in parts:
            connection.sendall(part)
        answer = b""
        while part := connection.recv(65536):
            answer += part
        return answer


def test_who_operates_it_needs_no_token(service):
    assert service.get("/healthz").json() == {"status": "alive"}
    assert service.get("/readyz").json()["status"] == "ready"
    assert 'afterglow_alerts_open{level="stop"} 0.0' in service.get("/metrics").text


def test_requests_are_counted_by_route_and_status(service):
    service.get("/v1/patients/0198c5a0-0000-7000-8000-000000000001")

    told = service.get("/metrics").text

    route = 'method="GET",route="/v1/patients/{patient_id}"'
    assert f'afterglow_requests_total{{{route},status="401"}} 1.0' in told
    assert f"afterglow_request_seconds_count{{{route}}} 1.0" in told
    assert "afterglow_pool_connections " in told


def test_a_request_gets_an_id_of_ours(service):
    answer = service.get("/v1/patients", headers={"X-Request-Id": "mine"})

    assert answer.headers["x-request-id"] != "mine"
    assert answer.json()["instance"] == answer.headers["x-request-id"]


def test_the_log_says_what_was_asked_and_nothing_of_whom(service):
    answer = service.get("/v1/patients?identifier=mrn|12345")

    line = service.logged("request", request_id=answer.headers["x-request-id"])

    assert (line["method"], line["route"], line["status"]) == ("GET", "/v1/patients", 401)
    assert "12345" not in str(line)


def test_a_body_over_the_limit_is_refused(service):
    announced = service.post("/v1/login", content=b" " * 5001)
    in_chunks = service.post("/v1/login", content=(b" " * 1000 for _ in range(6)))
    as_a_form = service.post("/oauth2/token", data={"scope": "x" * 5000})

    for answer in (announced, in_chunks, as_a_form):
        assert (answer.status_code, answer.json()["type"]) == (413, "/problems/body-too-large")
        assert answer.json()["instance"] == answer.headers["x-request-id"]


def test_a_body_at_the_limit_is_read(service):
    assert service.post("/v1/login", content=b" " * 5000).status_code == 415


def test_a_body_that_does_not_come_is_not_waited_for(service):
    head = b"POST /v1/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"

    short = answer_to(service, head, b"Content-Length: 10\r\n\r\n{")
    broken_off = answer_to(service, head, b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")

    assert short.startswith(b"HTTP/1.1 408 ")
    assert broken_off.startswith(b"HTTP/1.1 408 ")
    assert b"/problems/body-too-slow" in short


@pytest.mark.parametrize(
    "part",
    [
        b"",
        b"GET /healthz HTT",
        b"POST /v1/patients HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{",
        b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTT",
    ],
    ids=["nothing", "half a head", "a body nobody reads", "half a second head"],
)
def test_a_connection_that_says_no_more_is_closed(service, part):
    with socket.create_connection(service.address, timeout=3) as connection:
        connection.sendall(part)
        while connection.recv(65536):
            pass


@pytest.mark.parametrize(
    ("head", "more"),
    [
        (b"GET /healthz?", b"a"),
        (b"GET /healthz HTTP/1.1\r\nX-A: ", b"a"),
        (b"GET /healthz HTTP/1.1\r\n", b"X-A: a\r\n"),
    ],
    ids=["address", "header", "headers"],
)
def test_a_head_that_grows_and_grows_is_not_kept(service, head, more):
    long = head + more * LONGEST_HEAD

    refused = answer_to(service, long[: LONGEST_HEAD + 1])

    assert refused.startswith(b"HTTP/1.1 400 ")


def test_a_head_of_a_usual_length_is_read(service):
    cookies = {"Cookie": "a" * 30_000}

    assert service.get("/healthz", headers=cookies).status_code == 200


def test_clients_that_do_not_read_their_answers_keep_nobody_out(service):
    question = b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n"
    with ExitStack() as crowd:
        for _ in range(20):
            one = crowd.enter_context(socket.socket())
            one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
            one.connect(service.address)
            one.sendall(question * 12)
        until = monotonic() + 20
        while (answer := service.get("/healthz")).status_code != 200 and monotonic() < until:
            pass

    assert answer.status_code == 200


def test_one_connection_too_many_is_told_so(service):
    with ExitStack() as crowd:
        for _ in range(20):
            crowd.enter_context(socket.create_connection(service.address, timeout=30))
        refused = service.get("/healthz")

    served = service.get("/healthz")

    assert (refused.status_code, refused.json()["type"]) == (503, "/problems/unavailable")
    assert refused.headers["retry-after"]
    assert served.status_code == 200


def test_what_is_added_while_it_runs_can_sign_in_at_once(service, data_dir):
    clinic = made(data_dir, "clinic", "add", "--slug", "north", "--name", "North Clinic")
    staff = made(
        data_dir, "staff", "add", "--clinic", "north", "--email", "Ada@N.example", "--role", "nurse"
    )
    client = made(data_dir, "client", "add", "--clinic", "north", "--name", "EHR")

    login = {"clinic": "north", "email": "ada@n.example", "password": staff["password"]}
    signed_in = service.post("/v1/login", json=login)
    token = service.post(
        "/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=(client["client_id"], client["client_secret"]),
    )
    assert (signed_in.status_code, token.status_code) == (200, 200)
    assert token.json()["scope"] == "read write"
    assert (clinic.keys(), staff.keys(), client.keys()) == (
        {"clinic_id", "slug"},
        {"staff_id", "email", "password", "role", "clinic_id"},
        {"client_id", "client_secret", "clinic_id"},
    )
    assert clinic["clinic_id"] == staff["clinic_id"] == client["clinic_id"]


def test_whoever_is_locked_out_is_let_in_again(service, data_dir):
    made(data_dir, "clinic", "add", "--slug", "east", "--name", "East Clinic")
    who = ("--clinic", "east", "--email", "ada@e.example")
    old = made(data_dir, "staff", "add", *who, "--role", "admin")
    login = {"clinic": "east", "email": "ada@e.example"}
    token = service.post("/v1/login", json=login | {"password": old["password"]}).json()
    inside = {"Authorization": f"Bearer {token['access_token']}"}
    factor = service.post("/v1/account/second-factor", headers=inside)

    new = made(data_dir, "staff", "reset", *who)

    after = service.get("/v1/account", headers=inside)
    signed_in = [
        service.post("/v1/login", json=login | {"password": one["password"]}).status_code
        for one in (old, new)
    ]
    assert (factor.status_code, after.status_code, signed_in) == (201, 401, [401, 200])
    assert new.keys() == {"staff_id", "email", "password", "clinic_id"}
    assert new["staff_id"] == old["staff_id"]


def test_who_is_signed_in_is_in_the_log_by_id(service, data_dir):
    clinic = made(data_dir, "clinic", "add", "--slug", "south", "--name", "South Clinic")
    client = made(data_dir, "client", "add", "--clinic", "south", "--name", "EHR")
    pair = (client["client_id"], client["client_secret"])
    token = service.post("/oauth2/token", data={"grant_type": "client_credentials"}, auth=pair)

    headers = {"Authorization": f"Bearer {token.json()['access_token']}"}
    answer = service.get("/v1/patients", headers=headers)

    line = service.logged("request", request_id=answer.headers["x-request-id"])
    assert (line["caller_id"], line["clinic_id"]) == (client["client_id"], clinic["clinic_id"])


def test_what_is_there_already_is_said_in_a_sentence(service, data_dir):
    made(data_dir, "clinic", "add", "--slug", "west", "--name", "West Clinic")

    again = afterglow(data_dir, "clinic", "add", "--slug", "west", "--name", "Wild West")

    assert again.returncode == 1
    assert again.stdout == ""
    assert again.stderr == "afterglow: There is a clinic called west already.\n"


def test_a_port_in_use_is_said_in_a_sentence(service, data_dir):
    again = afterglow(data_dir, "serve", "--port", str(service.address[1]))

    assert again.returncode == 1
    assert again.stderr.startswith("afterglow: Can't listen on port ")
    assert again.stderr.count("\n") == 1


def test_a_port_that_another_is_about_to_serve_is_in_use(tmp_path):
    settings = Settings(port=0, data_dir=tmp_path)

    with listening(settings) as first:
        taken = Settings(port=first.getsockname()[1], data_dir=tmp_path)
        with pytest.raises(Failed, match="Can't listen on port "), listening(taken):
            pass


def test_the_doctor_finds_nothing_wrong(service, data_dir):
    found = afterglow(data_dir, "doctor")

    assert found.returncode == 0, found.stdout
    assert "ok   migrated" in found.stdout
    secrets = [path.read_text().strip() for path in data_dir.glob("*password")]
    assert not any(secret in found.stdout + found.stderr for secret in secrets)


def test_the_doctor_says_what_is_wrong(tmp_path):
    found = afterglow(tmp_path / "empty", "doctor")

    assert found.returncode == 1
    assert "BAD  database" in found.stdout


def test_a_clinic_sets_what_somebody_in_danger_is_shown(service, data_dir, tmp_path):
    made(data_dir, "clinic", "add", "--slug", "harbour", "--name", "Harbour")
    own = tmp_path / "crisis.json"
    own.write_text('{"text": "Call us: 555-0100", "version": "2026-1"}')
    wrong = tmp_path / "wrong.json"
    wrong.write_text('{"text": ""}')

    done = afterglow(data_dir, "clinic", "crisis", "--slug", "harbour", str(own))
    refused = afterglow(data_dir, "clinic", "crisis", "--slug", "harbour", str(wrong))
    nowhere = afterglow(data_dir, "clinic", "crisis", "--slug", "nowhere", str(own))

    assert (done.returncode, done.stdout) == (0, "")
    assert "version: Field required" in refused.stderr
    assert "no clinic called nowhere" in nowhere.stderr
    assert {refused.returncode, nowhere.returncode} == {1}
