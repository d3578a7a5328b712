"""What a request leaves behind: nothing that only a collection of garbage would find.

A collection stops everybody; where each write left a cycle, it took a third of a second.
"""

import gc
from contextlib import contextmanager

from starlette.requests import Request

from app.kit.db import Closing
from tests.makers import patient
from tests.mobile.makers import batch, phone, phq9, statuses


@contextmanager
def left():
    """The requests of the block that are still there when it ends, without a collection."""
    found = []
    gc.collect()
    gc.disable()
    before = requests()  # of other tests; held here, so that none of ours takes their place
    try:
        yield found
        known = {id(one) for one in before}
        found += [one for one in requests() if id(one) not in known]
    finally:
        gc.enable()


def requests():
    return [one for one in gc.get_objects() if isinstance(one, (Request, Closing))]


async def test_a_check_in_leaves_no_cycle(http, make):
    _, _, ada = await phone(http, make)

    with left() as found:
        for _ in range(3):
            await statuses(await http.post("/v1/check-ins", json=batch(phq9()), headers=ada))

    assert not found


async def test_a_write_and_a_read_leave_none(http, make):
    nurse = await (await make.clinic()).staff()

    with left() as found:
        ada = await patient(http, nurse)
        await http.get(f"/v1/patients/{ada}", headers=nurse)

    assert not found


async def test_a_write_that_is_refused_leaves_none(http, make):
    nurse = await (await make.clinic()).staff()

    with left() as found:
        answer = await http.post("/v1/patients", json={"given_name": 7}, headers=nurse)

    assert answer.status_code == 422
    assert not found
