"""Generated requests, right and wrong, from each kind of caller, against a running service."""

import os
import threading
import time
from collections import defaultdict
from contextlib import contextmanager

import anyio.to_thread
import hypothesis
import pytest
import requests
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from app.access.policy import Role
from app.main import create_app
from tests.rules.everything import grow
from tests.rules.surface import document

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "1"))
"""Right ones, and as many wrong ones, of each operation; every caller sends each.

`make fuzz` asks for more, with another seed each day.
"""

SEED = int(os.environ.get("FUZZ_SEED", "20261123"))

LAST = ("/v1/logout", "/v1/patients/{patient_id}/devices/{device_id}")
"""What ends a token."""

OPERATIONS = defaultdict(list)
"""The operations by the first word of their path."""

for found in schemathesis.openapi.from_dict(document()).get_all_operations():
    operation = found.ok()
    OPERATIONS[operation.path.removeprefix("/v1").split("/")[1]].append(operation)


async def callers_of(grown):
    """Headers of each kind of caller."""
    clinic = grown.clinic
    return {
        "nobody": {},
        **{role.value: await clinic.staff(role) for role in Role},
        "ehr that reads": await clinic.ehr("read"),
        "ehr that writes": await clinic.ehr("write"),
        "phone": grown.phone,
    }


@contextmanager
def running(service):
    """The service behind a socket, in a thread of its own."""
    config = uvicorn.Config(service, host="127.0.0.1", port=0, log_config=None, lifespan="on")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        assert thread.is_alive()
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def hammer(operation, mode, url, callers, ids):
    """Send what is generated as each caller, about records that exist and about none."""
    with requests.Session() as session:

        @hypothesis.seed(SEED)
        @hypothesis.settings(
            max_examples=EXAMPLES,
            database=None,
            deadline=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def send(case):
            for known in ({}, ids):
                named = {name: one for name, one in known.items() if name in case.path_parameters}
                case.path_parameters.update(named)
                if known and operation.method == "patch":
                    case.headers["If-Match"] = '"1"'
                for headers in callers.values():
                    response = case.call(base_url=url, session=session, headers=headers)
                    case.validate_response(response, checks=CHECKS)

        send()


@pytest.mark.parametrize("name", OPERATIONS)
async def test_no_answer_is_undeclared_and_none_is_a_failure(http, make, migrated, settings, name):
    grown = await grow(http, await make.clinic())
    callers = await callers_of(grown)

    with running(create_app(settings, migrated.login_url)) as url:
        for operation in sorted(OPERATIONS[name], key=lambda one: one.path in LAST):
            for mode in GenerationMode.POSITIVE, GenerationMode.NEGATIVE:
                try:
                    await anyio.to_thread.run_sync(hammer, operation, mode, url, callers, grown.ids)
                except Unsatisfiable:
                    assert mode == GenerationMode.NEGATIVE, operation.label
