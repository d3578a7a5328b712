"""One item of a batch: read leniently, judged alone, with what is nested in it."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from pydantic import BaseModel, TypeAdapter, ValidationError

from app.exchange.kinds import CLINICAL
from app.kit.bodies import parse
from app.kit.errors import Invalid, Refusal
from app.patients.schemas import IdentifierIn, PatientIn
from app.records.kinds import Kind
from app.records.schemas import Source

PATIENT = "patient"

MODELS: dict[str, type[BaseModel]] = {PATIENT: PatientIn} | {
    noun: kind.model for noun, kind in CLINICAL.items()
}
"""What an item may be."""

ENVELOPE = frozenset({"id", "kind", "patient_id", "patient", "data"})
"""What an item says beside the fields of its record."""

UNDER_SESSION = frozenset({"dose_event", "medication_given"})
"""Kinds that are created under a session, which is no field of theirs."""

NESTED = {
    "dose_events": "dose_event",
    "medications_given": "medication_given",
    "vitals": "vitals",
    "side_effects": "side_effect",
}
"""What may be nested in a session, and what each is."""

IN_SESSION = UNDER_SESSION | {
    noun for noun, model in MODELS.items() if "infusion_id" in model.model_fields
}
"""Kinds that may belong to a session: they name it by `infusion_id`, or by its source."""

MOST_NESTED = 500

IDS = TypeAdapter(UUID)


@dataclass(slots=True)
class Item:
    """An item as far as it could be read: `sent` where it can be kept, else what is wrong."""

    index: int
    noun: str | None = None
    id: UUID | None = None
    sent: Any = None
    patient_id: UUID | None = None
    identifier: tuple[str, str] | None = None
    """What another system calls the patient, where the item doesn't say the id."""
    session_id: UUID | None = None
    """The session that it is created under."""
    session_source: tuple[str, str] | None = None
    """Where the session that it belongs to was taken from, where the item doesn't say the id."""
    ignored: list[str] = field(default_factory=list)
    refused: Refusal | None = None
    parent: "Item | None" = None
    children: list["Item"] = field(default_factory=list)

    @property
    def kind(self) -> Kind:
        """What kind of clinical record it is."""
        assert self.noun is not None, "an item that was read has a kind"
        return CLINICAL[self.noun]

    @property
    def source(self) -> tuple[str, str] | None:
        """Where an integration took it from."""
        source = getattr(self.sent, "source", None)
        return None if source is None else (source.system, source.record_id)


def read(index: int, raw: Any) -> Item:
    """Read one item. It never raises: what is wrong with it is its own affair."""
    item = Item(index)
    try:
        if not isinstance(raw, dict):
            raise Invalid(("", "must be a JSON object"))
        fill(item, raw)
    except Refusal as refused:
        item.refused = refused
    return item


def fill(item: Item, raw: dict[str, Any]) -> None:
    """Read what an item says of itself. Raises Invalid."""
    item.id = id_of(raw, "id")
    noun = raw.get("kind")
    if not isinstance(noun, str) or noun not in MODELS:
        raise Invalid(("/kind", f"must be one of {', '.join(MODELS)}"))
    item.noun = noun
    if noun != PATIENT:
        item.patient_id, item.identifier = id_of(raw, "patient_id"), identifier_of(raw)
    if noun in UNDER_SESSION:
        item.session_id = id_of(raw, "infusion_id")
    apart = ENVELOPE
    if noun in IN_SESSION:
        item.session_source = session_source_of(raw)
        apart |= {"infusion"}
    within = raw.get("data")
    told = within if isinstance(within, dict) else raw
    if noun == "infusion":
        item.children = list(nested(item, told))
    judge(item, {name: told[name] for name in told if told is within or name not in apart})


def judge(item: Item, told: dict[str, Any]) -> None:
    """Read the fields of the record; those that it doesn't have are ignored and named."""
    model = MODELS[item.noun or PATIENT]
    apart = {"infusion_id"} if item.noun in UNDER_SESSION else set()
    apart |= set(NESTED) if item.noun == "infusion" else set()
    item.ignored = sorted(name for name in told if name not in model.model_fields.keys() | apart)
    item.sent = parse(model, {name: told[name] for name in told if name in model.model_fields})


def nested(parent: Item, told: dict[str, Any]) -> Iterator[Item]:
    """What is nested in a session. Raises Invalid for what is no list."""
    for name, noun in NESTED.items():
        listed = told.get(name, ())
        if not isinstance(listed, list | tuple) or len(listed) > MOST_NESTED:
            raise Invalid((f"/{name}", f"must be a list of at most {MOST_NESTED}"))
        for index, raw in enumerate(listed):
            yield child(parent, index, noun, raw)


def child(parent: Item, index: int, noun: str, raw: Any) -> Item:
    """One thing that is nested in a session."""
    item = Item(index, noun, parent=parent)
    try:
        if not isinstance(raw, dict):
            raise Invalid(("", "must be a JSON object"))
        item.id = id_of(raw, "id")
        judge(item, {name: raw[name] for name in raw if name not in {"id", "infusion_id"}})
    except Refusal as refused:
        item.refused = refused
    return item


def id_of(raw: dict[str, Any], name: str) -> UUID | None:
    """An id that may be left out. Raises Invalid."""
    if raw.get(name) is None:
        return None
    try:
        found: UUID = IDS.validate_python(raw[name])
    except ValidationError:
        raise Invalid((f"/{name}", "must be a UUID")) from None
    return found


def identifier_of(raw: dict[str, Any]) -> tuple[str, str] | None:
    """What another system calls the patient. Raises Invalid."""
    named = raw.get("patient")
    if named is None:
        return None
    try:
        found = IdentifierIn.model_validate(named)
    except ValidationError:
        raise Invalid(("/patient", "must be {system, value}")) from None
    return found.system, found.value


def session_source_of(raw: dict[str, Any]) -> tuple[str, str] | None:
    """Where the session that it belongs to was taken from. Raises Invalid."""
    named = raw.get("infusion")
    if named is None:
        return None
    try:
        found = Source.model_validate(named)
    except ValidationError:
        raise Invalid(("/infusion", "must be {system, record_id}")) from None
    return found.system, found.record_id


def flattened(items: list[Item]) -> Iterator[Item]:
    """Every item, each before what is nested in it."""
    for item in items:
        yield item
        yield from item.children


def name_children(item: Item, item_id: UUID | None) -> None:
    """What is nested in a session and has no name of its own is named by its place there.

    So a session that is sent again with its readings has them once.
    """
    for one in item.children:
        if one.id is None and item_id is not None and one.source is None:
            one.id = uuid5(item_id, f"{one.noun}/{one.index}")
