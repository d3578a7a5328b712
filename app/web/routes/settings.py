"""/settings: the clinic itself, and what its forecast is for"""

from functools import cache, partial
from typing import Any
from zoneinfo import available_timezones

from fastapi import Request, Response

from app.access.deps import Db
from app.administration import clinic
from app.administration.schemas import ClinicPatch
from app.clinics import actions as choices
from app.clinics.choices import INTENDED_USE
from app.clinics.schemas import AcceptIn, WithdrawIn
from app.kit import db as database
from app.kit.bodies import Unread, written
from app.kit.errors import Refusal
from app.web import queries
from app.web.deps import Administrator, writing
from app.web.routing import fields_of, pages, redirect, show, wrong_by_field

router = pages()

EMPTY_CONTACTS = 2
"""Lines of the form for contacts to come."""


@cache
def zones() -> list[str]:
    """The time zones that a clinic may be in, by continent; not their older names."""
    known = (one for one in available_timezones() if "/" in one and not one.startswith("Etc/"))
    return [*sorted(known), "UTC"]


@router.get("/settings")
async def read_settings(request: Request, _: Administrator, db: Db) -> Response:
    """The clinic's name, where it is, and what somebody in danger is shown."""
    return await form(request, db)


@router.post("/settings")
async def change_clinic(request: Request, _: Administrator) -> Response:
    """Change the name or the time zone."""
    fields = await fields_of(request)
    sent = {name: fields.get(name, "").strip() for name in ("name", "time_zone")}
    return await changed(request, fields, "clinic", sent)


@router.post("/settings/crisis")
async def change_crisis(request: Request, _: Administrator) -> Response:
    """Change what somebody in danger is shown, or return to the default text."""
    fields = await fields_of(request)
    own = None if fields.get("default") else crisis_of(fields)
    return await changed(request, fields, "crisis", {"crisis": own})


def crisis_of(fields: dict[str, str]) -> dict[str, Any]:
    """The crisis text that a form tells; each change makes a version that phones can tell apart."""
    pairs = ((fields.get(f"name-{n}", ""), fields.get(f"phone-{n}", "")) for n in range(50))
    contacts = [{"name": name.strip(), "phone": phone.strip()} for name, phone in pairs]
    return {
        "text": fields.get("text", "").strip(),
        "contacts": [one for one in contacts if one["name"] or one["phone"]],
        "monitored": fields.get("monitored") == "yes",
        "monitored_hours": fields.get("monitored_hours", "").strip() or None,
        "language": fields.get("language", "").strip() or None,
        "version": f"{fields.get('slug', '')[:30]}-{fields.get('version', '')[:9]}",
    }


async def changed(
    request: Request, fields: dict[str, str], part: str, sent: dict[str, Any]
) -> Response:
    """What came of a change of the clinic."""
    again = partial(form, request, part=part, fields=fields, sent=sent)
    async with writing(request, again) as db:
        await clinic.change(db, fields.get("version"), Unread(ClinicPatch, written(sent)))
    return redirect(f"/settings?did={part}#{part}")


async def form(
    request: Request,
    db: database.Db,
    part: str = "",
    fields: dict[str, str] | None = None,
    sent: dict[str, Any] | None = None,
    refusal: Refusal | None = None,
) -> Response:
    """The forms, with what was typed where it was refused."""
    kept = await clinic.get(db)
    shown = kept | {name: value for name, value in (sent or {}).items() if value is not None}
    empty = [{"name": "", "phone": ""}] * EMPTY_CONTACTS
    response = show(
        request,
        "settings.html",
        "Settings",
        kept=kept,
        shown=shown,
        contacts=[*shown["crisis"]["contacts"], *empty],
        version=(fields or {}).get("version", kept["version"]),
        zones=zones(),
        part=part,
        refusal=refusal,
        wrong=wrong_by_field(refusal),
        did=request.query_params.get("did", ""),
    )
    response.status_code = int(refusal.status) if refusal else 200
    return response


@router.get("/settings/forecast")
async def read_forecast(request: Request, _: Administrator, db: Db) -> Response:
    """What the forecast is for, who accepted it, and who took that back."""
    return await forecast(request, db)


@router.post("/settings/forecast/accept")
async def accept(request: Request, visitor: Administrator) -> Response:
    """Accept the text that was shown: the forecast is on."""
    sent = {"version": (await fields_of(request)).get("version", "")}
    async with writing(request, partial(forecast, request)) as db:
        await choices.accept(db, visitor.viewer.id, Unread(AcceptIn, written(sent)))
    return redirect("/settings/forecast")


@router.post("/settings/forecast/withdraw")
async def withdraw(request: Request, visitor: Administrator) -> Response:
    """Take the acceptance back: the forecast is off."""
    sent = {"reason": (await fields_of(request)).get("reason", "").strip()}
    async with writing(request, partial(forecast, request)) as db:
        await choices.withdraw(db, visitor.viewer.id, Unread(WithdrawIn, written(sent)))
    return redirect("/settings/forecast")


async def forecast(request: Request, db: database.Db, refusal: Refusal | None = None) -> Response:
    """The text of intended use, and where the clinic stands."""
    made = await choices.history(db, INTENDED_USE)
    response = show(
        request,
        "settings_forecast.html",
        "The forecast",
        use=await choices.read_intended_use(db),
        made=list(reversed(made)),
        staff=await queries.staff_names(db, [one["by"] for one in made]),
        zone=(await clinic.get(db))["time_zone"],
        refusal=refusal,
        wrong=wrong_by_field(refusal),
    )
    response.status_code = int(refusal.status) if refusal else 200
    return response
