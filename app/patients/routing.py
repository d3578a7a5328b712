"""The paths that every clinical record has, made once for each kind.

A record is created and listed under its patient, and read, changed, voided and moved at its own
place. Each package says its kind; what happens is in records.actions and records.changes.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Depends, Header, Path, Query, Request, Response

from app.access.deps import Db, permitted
from app.access.policy import May, Viewer
from app.kit import db as database
from app.kit.bodies import Unread
from app.kit.errors import Invalid
from app.kit.http import IfMatch, body, linked, patch, send
from app.kit.paging import LIMIT, Limit, Page, cursor_of, instant_key, page_body
from app.kit.values import Instant, Text
from app.patients import moving
from app.patients import queries as patients
from app.patients.schemas import Move
from app.records import actions, changes, queries
from app.records.kinds import Kept, Kind, Subject
from app.records.queries import Filter
from app.records.schemas import ClinicalOut, History, Void, patch_of

Key = Annotated[str | None, Header(alias="Idempotency-Key", min_length=1, max_length=255)]

Parent = Callable[[database.Db, UUID], Awaitable[Subject]]
"""The patient under whom a record is created, from the id in the path. Raises NotFound."""


@dataclass(frozen=True)
class Doors:
    """A kind of record with its shape going out and what its callers must be permitted."""

    kind: Kind
    out: type[ClinicalOut]
    under: str = "/v1/patients/{patient_id}"
    parent: Parent = patients.subject
    write: May = May.CHART
    read: May = May.READ_CHART

    @property
    def parent_id(self) -> Any:
        """The path parameter that names what a record is created under."""
        return Path(alias=self.under.rpartition("{")[2].rstrip("}"))

    @property
    def record_id(self) -> Any:
        """The path parameter that names a record."""
        return Path(alias=f"{self.kind.noun}_id")

    @property
    def find(self) -> Parent:
        """Finds the patient above, and holds them where the kind says that order matters."""
        if self.parent is patients.subject and self.kind.subject is not None:
            return self.kind.subject
        return self.parent

    @property
    def place(self) -> str:
        """The path of one record."""
        return f"{self.kind.path}/{{{self.kind.noun}_id}}"

    @property
    def creating(self) -> str:
        """The path that records are created and listed at."""
        return self.under + self.kind.path.removeprefix("/v1")


def located(doors: Doors, kept: Kept) -> Response:
    """A new record, and where it is."""
    place = f"{doors.kind.path}/{kept.id}"
    return send(kept.json, 201 if kept.created else 200, version=kept.version, Location=place)


def add_creating(router: APIRouter, doors: Doors) -> None:
    """PUT under an id of the client's choosing, POST under one of ours."""
    add_put(router, doors)
    add_post(router, doors)


def add_put(router: APIRouter, doors: Doors) -> None:
    """Create under the client's id."""
    kind, find = doors.kind, doors.find
    writer = Annotated[Viewer, permitted(doors.write)]
    sent = Annotated[Unread[Any], Depends(body(kind.model))]

    @router.put(
        f"{doors.creating}/{{{kind.noun}_id}}",
        name=f"put_{kind.noun}",
        response_model=doors.out,
        responses={201: {"model": doors.out, "description": "Created"}},
    )
    async def put(
        parent_id: Annotated[UUID, doors.parent_id],
        record_id: Annotated[UUID, doors.record_id],
        viewer: writer,
        unread: sent,
        db: Db,
    ) -> Response:
        """Create under an id of your choosing. Safe to repeat."""
        subject = await find(db, parent_id)
        return located(doors, await actions.put(db, viewer, kind, subject, record_id, unread))


def add_post(router: APIRouter, doors: Doors) -> None:
    """Create under an id of ours."""
    kind, find = doors.kind, doors.find
    writer = Annotated[Viewer, permitted(doors.write)]
    sent = Annotated[Unread[Any], Depends(body(kind.model))]

    @router.post(doors.creating, name=f"add_{kind.noun}", status_code=201, response_model=doors.out)
    async def post(
        request: Request,
        parent_id: Annotated[UUID, doors.parent_id],
        viewer: writer,
        unread: sent,
        db: Db,
        key: Key = None,
    ) -> Response:
        """Create under an id of the server's. Send an Idempotency-Key to repeat it safely."""

        async def make() -> Kept:
            subject = await find(db, parent_id)
            return await actions.create(db, viewer, kind, subject, unread.read())

        asked = (request.url.path, unread.raw)
        return located(doors, await actions.once(db, viewer, key, asked, make))


def add_own(router: APIRouter, doors: Doors) -> None:
    """Read, change, void, move and history at the record's own place."""
    add_reading(router, doors)
    add_change(router, doors)
    add_void(router, doors)
    add_move(router, doors)


def add_reading(router: APIRouter, doors: Doors) -> None:
    """The record, and every version of it."""
    kind = doors.kind
    reader = Annotated[Viewer, permitted(doors.read)]
    own = Annotated[UUID, doors.record_id]

    @router.get(doors.place, name=f"get_{kind.noun}", response_model=doors.out)
    async def get(record_id: own, _: reader, db: Db) -> Response:
        """One record, as it now is; a voided one too."""
        kept = await actions.get(db, kind, record_id)
        return send(kept.json, version=kept.version)

    @router.get(f"{doors.place}/history", name=f"history_of_{kind.noun}", response_model=History)
    async def history(record_id: own, _: reader, db: Db) -> Response:
        """Every version: who, when, why, and both values."""
        return send(await changes.history(db, kind.statements, record_id))


def add_change(router: APIRouter, doors: Doors) -> None:
    """Amend."""
    kind = doors.kind
    writer = Annotated[Viewer, permitted(doors.write)]
    amendment = Annotated[Unread[Any], Depends(patch(patch_of(kind.model)))]

    @router.patch(doors.place, name=f"change_{kind.noun}", response_model=doors.out)
    async def change(
        record_id: Annotated[UUID, doors.record_id],
        viewer: writer,
        match: IfMatch,
        unread: amendment,
        db: Db,
    ) -> Response:
        """Amend by merge patch. If-Match says which version."""
        kept = await changes.change(db, viewer, kind, record_id, match, unread)
        return send(kept.json, version=kept.version)


def add_void(router: APIRouter, doors: Doors) -> None:
    """Mark as entered in error."""
    kind = doors.kind
    writer = Annotated[Viewer, permitted(doors.write)]

    @router.post(f"{doors.place}/void", name=f"void_{kind.noun}", response_model=doors.out)
    async def void(
        record_id: Annotated[UUID, doors.record_id],
        viewer: writer,
        unread: Annotated[Unread[Void], Depends(body(Void))],
        db: Db,
    ) -> Response:
        """Mark as entered in error. Nothing is deleted."""
        kept = await changes.void(db, viewer, kind, record_id, unread)
        return send(kept.json, version=kept.version)


def add_move(router: APIRouter, doors: Doors) -> None:
    """Take to another patient."""
    kind = doors.kind
    writer = Annotated[Viewer, permitted(doors.write)]

    @router.post(f"{doors.place}/move", name=f"move_{kind.noun}", response_model=doors.out)
    async def move(
        record_id: Annotated[UUID, doors.record_id],
        viewer: writer,
        match: IfMatch,
        unread: Annotated[Unread[Move], Depends(body(Move))],
        db: Db,
    ) -> Response:
        """Take a record, and what hangs on it, to the patient whose it is. Safe to repeat."""
        kept = await moving.move(db, viewer, kind, record_id, match, unread)
        return send(kept.json, version=kept.version)


@dataclass(frozen=True)
class Wanted:
    """What a caller wants of a list."""

    limit: int
    cursor: str | None
    since: Any
    before: Any
    include_voided: bool
    source: str | None
    newest_first: bool


def wanted(
    limit: Limit = LIMIT,
    cursor: Annotated[str | None, Query(max_length=500)] = None,
    since: Annotated[Instant | None, Query(alias="from", description="Inclusive")] = None,
    before: Annotated[Instant | None, Query(alias="to", description="Exclusive")] = None,
    include_voided: Annotated[bool, Query()] = False,  # noqa: FBT002  # a query parameter
    source: Annotated[Text | None, Query(description="SYSTEM|ID")] = None,
    order: Annotated[str, Query(pattern="^(asc|desc)$")] = "desc",
) -> Wanted:
    """The query parameters of every list of records."""
    return Wanted(limit, cursor, since, before, include_voided, source, order == "desc")


async def page_of(
    request: Request, db: database.Db, kind: Kind, want: Wanted, **equal: Any
) -> Response:
    """A page of records, newest first unless the caller wants it otherwise."""
    given = dict(equal)
    if want.source is not None:
        system, bar, value = want.source.rpartition("|")
        if not bar:
            raise Invalid(("/source", "must be SYSTEM|ID"))
        given |= {"source_system": system, "source_record_id": value}
    columns = tuple(sorted(given))
    ranges = {"since": want.since, "before": want.before}
    given |= {name: value for name, value in ranges.items() if value is not None}
    if want.cursor is not None:
        given["key_at"], given["key_id"] = instant_key(want.cursor)
    filters = Filter(
        equal=columns,
        since=want.since is not None,
        before=want.before is not None,
        voided=want.include_voided,
        after=want.cursor is not None,
        newest_first=want.newest_first,
    )
    sql = queries.listing(kind.statements, filters)
    rows = await db.rows(sql, limit=want.limit + 1, **given)
    last = rows[want.limit - 1] if len(rows) > want.limit else None
    more = cursor_of(last["at"], last["id"]) if last is not None else None
    return linked(request, page_body([row["json"] for row in rows[: want.limit]], more), more)


def add_listing(router: APIRouter, doors: Doors) -> None:
    """The records of one patient."""
    kind = doors.kind
    reader = Annotated[Viewer, permitted(doors.read)]

    @router.get(
        doors.creating,
        name=f"list_{kind.noun}",
        response_model=Page[doors.out],  # type: ignore[name-defined]  # made for each kind
    )
    async def listed(
        request: Request,
        patient_id: UUID,
        _: reader,
        want: Annotated[Wanted, Depends(wanted)],
        db: Db,
    ) -> Response:
        """A patient's records, newest first."""
        await patients.subject(db, patient_id)
        return await page_of(request, db, kind, want, patient_id=patient_id)


def clinical_routes(doors: Doors) -> APIRouter:
    """Every path of a kind of record that is created under its patient."""
    router = APIRouter(tags=[doors.kind.path.removeprefix("/v1/")])
    add_creating(router, doors)
    add_own(router, doors)
    add_listing(router, doors)
    return router
