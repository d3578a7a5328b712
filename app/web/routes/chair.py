"""/chair: a session as it goes, on every device that shows it"""

from collections.abc import AsyncIterator
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, StreamingResponse

from app.access.deps import Db
from app.access.passwords import fingerprint
from app.infusions.queries import session
from app.kit import db as database
from app.kit.errors import NotFound, Refusal
from app.kit.ids import new_id
from app.web import chair_view, chairside, entries, mending, supplying, telling
from app.web.chairside import Doing
from app.web.deps import Charter, Reader, reading, writing
from app.web.entries import Typed
from app.web.open_chairs import OpenChairs
from app.web.rendering import page
from app.web.routing import fields_of, frame, pages, redirect, show, wrong_of

router = pages()

FORMS: dict[str, Doing] = {
    "vitals": chairside.record_reading,
    "side-effects": chairside.record_effect,
    "dose": chairside.record_dose,
    "start": chairside.start,
    "complete": chairside.complete,
    "stop": chairside.stop,
    "cancel": chairside.cancel,
    "discharge": chairside.discharge,
    "void": chairside.void,
    "correct": mending.correct,
    "medications": chairside.record_medication,
    "supplies": supplying.record_supply,
    "supply-void": supplying.void_supply,
}
"""What can be done at a chair, by the last part of the form's address."""

SHOWN = {
    "vitals": "reading",
    "side-effects": "side-effects",
    "medications": "medications",
    "supplies": "supplies",
    "supply-void": "supplies",
    "discharge": "discharge",
}
"""Where on the page what came of a form is seen; of all others, at the dose."""

SHOWN_OF_KIND = {"vitals": "readings", "medication_given": "medications"}
"""The same for forms about one entry, by its kind."""


TYPED_AS = dict.fromkeys(("at", "measured_at", "given_at"), "clock")
"""What a form calls a field by another name: the time of day of an instant."""


@router.get("/chair/{infusion_id}")
async def read_chair(request: Request, infusion_id: UUID, _: Reader, db: Db) -> Response:
    """One session at its chair."""
    known = await known_of(db, infusion_id)
    return show(request, "chair.html", known["name"], **known)


@router.get("/chair/{infusion_id}/state")
async def read_state(request: Request, infusion_id: UUID, _: Reader, db: Db) -> Response:
    """The parts of the page that change, for its script."""
    request.state.in_background = True
    known = await known_of(db, infusion_id) | {"own_id": str}
    return HTMLResponse(page("chair_state.html", **frame(request, known["name"]) | known))


@router.get("/chair/{infusion_id}/events")
async def follow_chair(request: Request, infusion_id: UUID, visitor: Reader) -> Response:
    """News of a chair as server-sent events; the page fetches what is new by itself."""
    request.state.in_background = True
    async with reading(request) as db:
        await session(db, infusion_id)
    chairs: OpenChairs = request.state.chairs
    token = fingerprint(visitor.session.token)
    chairs.make_room(token)
    news: AsyncIterator[bytes] = chairs.follow(visitor.viewer.clinic_id, infusion_id, token)
    unbuffered = {"X-Accel-Buffering": "no"}
    return StreamingResponse(news, headers=unbuffered, media_type="text/event-stream")


def add_form(name: str, doing: Doing) -> None:
    """A form of the chair: done once, and shown again with what was typed where it is refused."""

    async def send_form(request: Request, infusion_id: UUID, visitor: Charter) -> Response:
        typed = trimmed(await fields_of(request))
        try:
            async with writing(request) as db:
                await session(db, infusion_id)
                await doing(db, visitor.viewer, infusion_id, typed)
        except NotFound:
            raise
        except Refusal as refusal:
            return await refused(request, infusion_id, (name, typed, refusal))
        if wants_json(request):
            return JSONResponse({"ok": True})
        seen = SHOWN.get(name) or SHOWN_OF_KIND.get(typed.get("kind", ""), "dose")
        return redirect(f"/chair/{infusion_id}#{seen}")

    send_form.__doc__ = doing.__doc__
    router.post(f"/chair/{{infusion_id}}/{name}", name=f"{name}_at_chair")(send_form)


for _name, _doing in FORMS.items():
    add_form(_name, _doing)


async def refused(
    request: Request, infusion_id: UUID, attempt: tuple[str, Any, Refusal]
) -> Response:
    """The page as it was, with what was typed and what is wrong with it."""
    name, typed, refusal = attempt
    place = place_of(name, typed)
    rules = list(refusal.facts.get("rules", ()))  # type: ignore[call-overload]  # facts of this refusal
    wrong = [(one["pointer"].strip("/"), one["detail"]) for one in wrong_of(refusal)]
    told = {
        "form": place,
        "title": refusal.title,
        "detail": refusal.detail,
        "rules": rules,
        "errors": [error(field, detail) for field, detail in wrong],
    }
    if wants_json(request):
        return JSONResponse({"ok": False} | told, int(refusal.status), refusal.headers)
    async with reading(request) as db:
        known = await known_of(db, infusion_id)
    known |= {"typed": {place: typed}, "wrong": told}
    response = show(request, "chair.html", known["name"], **known)
    response.status_code = int(refusal.status)
    return response


def place_of(name: str, typed: Typed) -> str:
    """Which form of the page it is: there is one to correct each entry."""
    if name in ("correct", "void"):
        return f"{name}-{typed.get('id', '')}"
    return f"{name}-{typed.get('place', '')}" if name == "supply-void" else name


def error(pointer: str, detail: str) -> dict[str, str]:
    """One thing that is wrong, in the words of the page."""
    last = pointer.rpartition("/")[2]
    field = TYPED_AS.get(last, last)
    words = entries.in_words(detail.replace("Input should be", "must be"))
    return {"field": field, "name": entries.name_of(field), "detail": words}


async def known_of(db: database.Db, infusion_id: UUID) -> dict[str, Any]:
    """What the templates of the chair are told."""
    known = await chair_view.gather(db, infusion_id)
    return known | {
        "name": telling.name_of(known["person"]),
        "typed": {},
        "wrong": None,
        "own_id": new_id,
    }


def wants_json(request: Request) -> bool:
    """Whether the page's script sent this, which shows what came of it by itself."""
    return "application/json" in request.headers.get("Accept", "")


def trimmed(fields: dict[str, str]) -> dict[str, str]:
    """What was typed, without the space around it; proofs are none of it."""
    return {name: text.strip() for name, text in fields.items() if name != "proof"}
