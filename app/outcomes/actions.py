"""A clinic's outcomes, worked out beside the requests and kept until a record changes.

It reads many patients, so no connection is held while it reckons, and a clinic is reckoned once for
all who ask at the same time.
"""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

from app.clinics.queries import chosen, forecast_accepted
from app.kit import clock
from app.kit.bodies import written
from app.kit.db import Pool
from app.outcomes import queries
from app.outcomes.schemas import Wanted
from app.relief.actions import refuse
from app.science.relief import SCALES

STALE = timedelta(hours=1)
"""What is kept is reckoned anew after this: time alone ends inductions, too."""

CLINICS_KEPT = 8
ANSWERS_KEPT = 16
"""The most of each that one process remembers; the clinic is a few megabytes."""

State = tuple[Any, ...]


@dataclass(slots=True)
class Kept:
    """What was worked out of one clinic, on one instrument or on the preferred ones."""

    state: State
    at: datetime
    known: Any
    answers: dict[Wanted, bytes] = field(default_factory=dict)


@dataclass(slots=True)
class Memory:
    """What a process remembers."""

    kept: OrderedDict[tuple[UUID, str | None], Kept] = field(default_factory=OrderedDict)
    locks: defaultdict[UUID, asyncio.Lock] = field(
        default_factory=lambda: defaultdict(asyncio.Lock)
    )

    def find(self, key: tuple[UUID, str | None], state: State, now: datetime) -> Kept | None:
        """What is still true."""
        kept = self.kept.get(key)
        if kept is None or kept.state != state or not kept.at <= now < kept.at + STALE:
            return None
        self.kept.move_to_end(key)
        return kept

    def keep(self, key: tuple[UUID, str | None], kept: Kept) -> None:
        """Remember it in place of what was asked for longest ago."""
        self.kept[key] = kept
        self.kept.move_to_end(key)
        while len(self.kept) > CLINICS_KEPT:
            self.kept.popitem(last=False)


MEMORY = Memory()


async def read(pool: Pool, clinic_id: UUID, wanted: Wanted) -> bytes:
    """The outcomes of a clinic as JSON. Raises Invalid."""
    now = clock.now()
    refuse(wanted.instrument, {"from": wanted.since}, now)
    async with MEMORY.locks[clinic_id]:
        kept = await _known(pool, clinic_id, wanted.instrument, now)
        answer = kept.answers.get(wanted)
        if answer is None:
            answer = await asyncio.to_thread(_told, kept.known, wanted)
            if len(kept.answers) < ANSWERS_KEPT:
                kept.answers[wanted] = answer
        return answer


async def _known(pool: Pool, clinic_id: UUID, instrument: str | None, now: datetime) -> Kept:
    """The clinic as its records are, read only where they are others than before."""
    instruments = list(SCALES) if instrument is None else [instrument]
    async with pool.confined(clinic_id) as db:
        choices, accepted = await chosen(db), await forecast_accepted(db)
        state = (*await queries.state(db), repr(sorted(choices.items())), accepted)
        kept = MEMORY.find((clinic_id, instrument), state, now)
        if kept is not None:
            return kept
        rows = await queries.records(db, instruments)
    known = await asyncio.to_thread(
        _studied, rows, choices, instruments, now, is_modelled=accepted is not None
    )
    kept = Kept(state, now, known)
    MEMORY.keep((clinic_id, instrument), kept)
    return kept


def _studied(
    rows: list[Mapping[str, Any]],
    choices: Mapping[str, Any],
    instruments: list[str],
    now: datetime,
    *,
    is_modelled: bool,
) -> Any:
    # Imported at the first question: a process that is asked none does without numpy.
    studied: Callable[..., Any] = import_module("app.outcomes.reckoning").studied
    return studied(rows, choices, instruments, now, is_modelled=is_modelled)


def _told(known: Any, wanted: Wanted) -> bytes:
    return written(import_module("app.outcomes.answer").told(known, wanted))
