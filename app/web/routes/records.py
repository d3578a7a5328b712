"""/records: one page for each record, to correct it, to take it back and to move it"""

from functools import partial
from typing import Annotated, Any
from uuid import UUID

from fastapi import Depends, Request, Response

from app.access.deps import Db
from app.kit import db as database
from app.kit.errors import NotFound, Refusal, Stale
from app.records.kinds import Kind
from app.web.charting import asking, keeping
from app.web.charting import reading as charts
from app.web.charting.corrected import form_of
from app.web.deps import Charter, Reader, Visitor, reading, writing
from app.web.entries import Typed
from app.web.routes.adding import others
from app.web.routing import fields_of, pages, redirect, show, wrong_by_field

router = pages()

RECORD = "/records/{noun}/{record_id}"


def kind_named(noun: str) -> Kind:
    """The kind of record of an address. Raises NotFound."""
    if noun not in charts.KINDS:
        raise NotFound
    return charts.KINDS[noun]


Named = Annotated[Kind, Depends(kind_named)]


async def typed_of(request: Request) -> dict[str, str]:
    """What was typed."""
    return {name: text.strip() for name, text in (await fields_of(request)).items()}


@router.get(RECORD)
async def read_record(
    request: Request, kind: Named, record_id: UUID, visitor: Reader, db: Db
) -> Response:
    """One record: what it says, who says so, and what it said before."""
    return await shown(request, db, visitor, kind, record_id)


@router.post(f"{RECORD}/void")
async def void(request: Request, kind: Named, record_id: UUID, visitor: Charter) -> Response:
    """Mark it as entered in error."""
    typed = await typed_of(request)
    again = partial(shown, request, visitor=visitor, kind=kind, record_id=record_id, typed=typed)
    async with writing(request, again) as db:
        await keeping.void(db, visitor.viewer, kind, record_id, typed)
    return redirect(f"/records/{kind.noun}/{record_id}")


async def shown(
    request: Request,
    db: database.Db,
    visitor: Visitor,
    kind: Kind,
    record_id: UUID,
    typed: Typed | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """The page of a record."""
    known = await charts.record(db, visitor.viewer, kind, record_id)
    response = show(
        request,
        "record.html",
        known["heading"],
        refusal=refusal,
        wrong=wrong_by_field(refusal),
        typed=typed or {},
        **known,
    )
    response.status_code = int(refusal.status) if refusal else 200
    return response


@router.get(f"{RECORD}/correct")
async def ask(request: Request, kind: Named, record_id: UUID, visitor: Charter, db: Db) -> Response:
    """The form, filled in."""
    return await form(request, db, visitor, kind, record_id)


@router.post(f"{RECORD}/correct")
async def correct(request: Request, kind: Named, record_id: UUID, visitor: Charter) -> Response:
    """Change what the form says otherwise; not where somebody changed the record meanwhile."""
    typed = await typed_of(request)
    again = partial(form, request, visitor=visitor, kind=kind, record_id=record_id, typed=typed)
    async with writing(request, again) as db:
        await keeping.correct(db, visitor.viewer, kind, record_id, typed)
    return redirect(f"/records/{kind.noun}/{record_id}")


async def form(
    request: Request,
    db: database.Db,
    visitor: Visitor,
    kind: Kind,
    record_id: UUID,
    typed: Typed | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """The form with what was typed; where the record is another by now, with what it says now."""
    known = await charts.record(db, visitor.viewer, kind, record_id)
    one, own = known["one"], form_of(kind.noun, known["one"])
    visitor.viewer.must(own.write)
    now = keeping.filled_in(own, one, known["zone"]) | {"version": str(one["version"])}
    stale = isinstance(refusal, Stale)
    filled = now if typed is None or stale else typed
    whole, wrong = asking.beside(own, refusal)
    named = await others(db, own, UUID(one["patient_id"]))
    known |= {
        "fields": asking.asked(own, filled, wrong, named, one.get("instrument", "")),
        "whole": whole,
        "wrong": wrong,
        "meanwhile": asking.differing(own, typed or {}, now) if stale else None,
        "change_reason": (typed or {}).get("change_reason", ""),
    }
    return correcting(request, known, filled, refusal)


def correcting(
    request: Request, known: dict[str, Any], filled: Typed, refusal: Refusal | None
) -> Response:
    """The page of a form that corrects."""
    place = f"/records/{known['noun']}/{known['one']['id']}"
    told = {"action": f"{place}/correct", "back": place, "correcting": True, "kept": ""}
    hidden = {"version": filled.get("version", "")}
    title = f"Correct: {known['heading']}"
    response = show(request, "chart_form.html", title, hidden=hidden, **known, **told)
    response.status_code = int(refusal.status) if refusal else 200
    return response


@router.get(f"{RECORD}/move")
async def ask_whose(
    request: Request, kind: Named, record_id: UUID, visitor: Charter, db: Db
) -> Response:
    """Whose it is: look for the patient."""
    return await whose(request, db, visitor, kind, record_id, {})


@router.post(f"{RECORD}/move")
async def move(request: Request, kind: Named, record_id: UUID, visitor: Charter) -> Response:
    """Look for the patient, be shown who it is, and move it there."""
    typed = await typed_of(request)
    if typed.get("sure") != "yes":
        async with reading(request) as db:
            return await whose(request, db, visitor, kind, record_id, typed)
    again = partial(whose, request, visitor=visitor, kind=kind, record_id=record_id, typed=typed)
    async with writing(request, again) as db:
        await keeping.move(db, visitor.viewer, kind, record_id, typed)
    return redirect(f"/records/{kind.noun}/{record_id}")


async def whose(
    request: Request,
    db: database.Db,
    visitor: Visitor,
    kind: Kind,
    record_id: UUID,
    typed: Typed,
    refusal: Refusal | None = None,
) -> Response:
    """Who was found; and where one was chosen, that one alone, to be sure."""
    known: dict[str, Any] = await charts.record(db, visitor.viewer, kind, record_id)
    visitor.viewer.must(form_of(kind.noun, known["one"]).write)
    text = typed.get("patient_id") or typed.get("find", "")
    found = await charts.candidates(db, text[:100]) if text else []
    found = [one for one in found if one["id"] != known["person"]["id"]]
    chosen = found[0] if typed.get("patient_id") and found else None
    response = show(
        request,
        "record_move.html",
        "Move to another patient",
        refusal=refusal,
        wrong=wrong_by_field(refusal),
        existing=refusal.facts.get("existing_id") if refusal else None,
        typed=typed,
        found=found,
        chosen=chosen,
        **known,
    )
    response.status_code = int(refusal.status) if refusal else 200
    return response
