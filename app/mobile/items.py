"""One item of a batch: read leniently, judged alone."""

from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter, ValidationError

from app.assessments.actions import ASSESSMENT
from app.assessments.schemas import SelfReportIn
from app.infusions.side_effects import SIDE_EFFECT
from app.infusions.vitals import VITALS
from app.kit.bodies import parse
from app.kit.errors import Invalid, Refusal
from app.records.kinds import Kind
from app.records.schemas import ClinicalIn
from app.science import instruments

KINDS: dict[str, tuple[Kind, type[ClinicalIn]]] = {
    "assessment": (ASSESSMENT, SelfReportIn),
    "side_effect": (SIDE_EFFECT, SIDE_EFFECT.model),
    "vitals": (VITALS, VITALS.model),
}
"""What a phone may send."""

NOT_A_PHONES = frozenset({"source", "performed_by", "entry_mode", "weight_confirmed"})
"""Fields of a record that staff and integrations send."""

READABLE = {model: frozenset(model.model_fields) - NOT_A_PHONES for _, model in KINDS.values()}
"""Fields of an item that are read."""

SPEAKERS = frozenset({"answered_by", "reported_by"})
STAFF_SPEAKERS = ("clinician", "observer")
"""Who a phone can't answer for. Refusing such an item could lose a cry for help."""

IDS = TypeAdapter(UUID)


@dataclass(frozen=True, slots=True)
class Item:
    """An item as far as it could be read: `sent` where it can be kept, else what is wrong."""

    index: int
    id: UUID | None
    kind: Kind | None = None
    sent: ClinicalIn | None = None
    ignored: list[str] = field(default_factory=list)
    refused: Refusal | None = None
    in_danger: bool = False


def read(index: int, raw: Any) -> Item:
    """Read one item. It never raises: what is wrong with it is its own affair."""
    danger = speaks_of_self_harm(raw)
    try:
        item_id = id_of(raw)
    except Invalid as refused:
        return Item(index, None, refused=refused, in_danger=danger)
    known = KINDS.get(raw.get("kind")) if isinstance(raw.get("kind"), str) else None
    if known is None:
        wrong = Invalid(("/kind", f"must be one of {', '.join(KINDS)}"))
        return Item(index, item_id, refused=wrong, in_danger=danger)
    kind, model = known
    told = {name: value for name, value in raw.items() if name not in {"id", "kind"}}
    ignored = sorted(name for name in told if not is_read(model, name, told[name]))
    try:
        sent = parse(model, {name: told[name] for name in told if name not in ignored})
    except Refusal as refused:
        return Item(index, item_id, kind, None, ignored, refused, danger)
    return Item(index, item_id, kind, sent, ignored, None, danger)


def is_read(model: type[ClinicalIn], name: str, value: Any) -> bool:
    """Whether a field of an item is read: no phone speaks for a clinician."""
    posing = name in SPEAKERS and value in STAFF_SPEAKERS
    return name in READABLE[model] and not posing


def id_of(raw: Any) -> UUID:
    """The item's id. Raises Invalid."""
    if not isinstance(raw, dict):
        raise Invalid(("", "must be a JSON object"))
    try:
        item_id: UUID = IDS.validate_python(raw.get("id"))
    except ValidationError:
        raise Invalid(("/id", "must be a UUID")) from None
    return item_id


def speaks_of_self_harm(raw: Any) -> bool:
    """Whether the answers speak of self-harm, whatever else is wrong with the item."""
    if not isinstance(raw, dict) or not isinstance(raw.get("instrument"), str):
        return False
    instrument, answers = instruments.find(raw["instrument"]), raw.get("answers")
    if instrument is None or not isinstance(answers, list):
        return False
    return any(
        isinstance(answers[one.item - 1], int | float) and answers[one.item - 1] >= one.crisis_at
        for one in instrument.safety_items
        if one.item <= len(answers)
    )
