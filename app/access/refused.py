"""What refused credentials leave: a number for all of them, a row where a clinic can be told.

A row is written once the answer is on its way, so an account that exists takes no longer to be
refused than one that doesn't. Of many an hour at one account the first ones leave a row each, and
then the 16th, the 32nd and so on: guessing costs the guesser more than the audit.
"""

import asyncio
import logging
from typing import Any

from app.access.policy import Caller, Viewer
from app.access.recording import Scope, template_of
from app.audit.entries import PATIENT, Entry
from app.audit.tables import Act
from app.audit.trail import Trail
from app.kit import clock
from app.kit.db import Row
from app.kit.ids import new_id
from app.kit.logs import described
from app.kit.metrics import REFUSED, UNAUDITED

log = logging.getLogger(__name__)

TOLD_ONE_BY_ONE = 10
WINDOW_SECONDS = 3600

Asked = dict[str, Any]
"""Which request it was: the columns of the audit that say so."""


def asked(scope: Scope) -> Asked:
    """Which request this is."""
    route = template_of(scope)
    return {"id": scope["state"]["request_id"], "method": scope["method"], "route": route}


def unasked() -> Asked:
    """Where it is no request that asks."""
    return {"id": new_id(), "method": "POST", "route": ""}


def is_told(times: int) -> bool:
    """Whether a refusal leaves a row, by how many there were at that account within the hour.

    >>> [times for times in range(1, 70) if is_told(times)]
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 16, 32, 64]
    """
    return times <= TOLD_ONE_BY_ONE or times & (times - 1) == 0


class Refused:
    """The refused credentials of one process."""

    def __init__(self, trail: Trail) -> None:
        self._trail = trail
        self._writing: set[asyncio.Task[None]] = set()
        self._times: dict[tuple[Any, Any], int] = {}
        """Of accounts that are there: nobody can make it long by making names up."""
        self._since = 0.0

    def note(self, status: int, request: Asked, whose: Viewer | None, **more: Any) -> None:
        """Count a refusal, and keep a row of it where it is known whose credential it was.

        `more` are other columns. The numbers tell nobody's account from no account.
        """
        REFUSED.labels(str(request["route"])).inc()
        if whose is None or not self._counts((whose.clinic_id, whose.id)):
            return
        entry: Entry = {
            **request,
            "clinic_id": whose.clinic_id,
            "at": clock.now(),
            "caller": whose.caller,
            "actor_id": whose.id,
            "role": whose.role,
            PATIENT: whose.patient_id,
            "act": Act.WRITE.value if request["method"] != "GET" else Act.READ.value,
            "status": status,
            **more,
        }
        task = asyncio.get_running_loop().create_task(self._keep(entry))
        self._writing.add(task)
        task.add_done_callback(self._writing.discard)

    def _counts(self, account: tuple[Any, Any]) -> bool:
        now = asyncio.get_running_loop().time()
        if now - self._since > WINDOW_SECONDS:
            self._times, self._since = {}, now
        times = self._times[account] = self._times.get(account, 0) + 1
        return is_told(times)

    async def _keep(self, entry: Entry) -> None:
        try:
            await self._trail.add(entry)
        except Exception as error:  # noqa: BLE001  # nobody waits for it who could be told
            UNAUDITED.inc()
            log.error("a refusal was not audited", extra={"error": described(error)})  # noqa: TRY400  # what the database said may hold values

    async def settled(self) -> None:
        """Wait until all that was begun is on disk."""
        while self._writing:
            await asyncio.gather(*self._writing)


def staff_of(row: Row | None) -> Viewer | None:
    """Whose account an e-mail names."""
    return Viewer(row["id"], row["clinic_id"], Caller.STAFF, row["role"]) if row else None


def client_of(row: Row | None) -> Viewer | None:
    """Which program a client_id names."""
    return Viewer(row["id"], row["clinic_id"], Caller.CLIENT, "client") if row else None


def nobody_of(_: Row | None) -> None:
    """What only a right code or token could name."""
