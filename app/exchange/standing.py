"""What a batch finds: whose records these are, and which of them are there already."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from app.exchange import queries
from app.exchange.items import PATIENT, UNDER_SESSION, Item, name_children
from app.exchange.kinds import BY_NOUN, CLINICAL
from app.kit.db import Db, Row
from app.kit.errors import IdTaken, Invalid, NotFound, ParentNotFound, SourceTaken
from app.patients import queries as patients
from app.records.actions import same
from app.records.kinds import Made, Subject
from app.records.schemas import ClinicalIn

POINTS_AT = {
    "infusion_id": "infusion",
    "first_infusion_id": "infusion",
    "assessment_id": "assessment",
    "medication_id": "medication",
}
"""Fields that name another record, and its kind."""


@dataclass(frozen=True, slots=True)
class Known(Made):
    """A record that is there."""

    version: int


@dataclass
class Standing:
    """What is known of the clinic as far as a batch speaks of it. Kept true as items are kept."""

    subjects: dict[UUID, Subject | None] = field(default_factory=dict)
    people: dict[tuple[str, str], UUID] = field(default_factory=dict)
    records: dict[str, dict[UUID, Known]] = field(default_factory=lambda: defaultdict(dict))
    sources: dict[str, dict[tuple[str, str], Known]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    @classmethod
    async def found(cls, db: Db, items: list[Item]) -> "Standing":
        """What the items speak of. Their patients are held from here on until the end."""
        known = cls()
        known.people = await queries.people(db, {*named(items)})
        for row in await sessions_of(db, items):
            known.subjects.setdefault(row["patient_id"])
        known.subjects |= dict.fromkeys(known.people.values())
        known.subjects |= {one.patient_id: None for one in items if one.patient_id}
        known.subjects |= {one.id: None for one in items if one.noun == PATIENT and one.id}
        await queries.hold(db, known.subjects)
        await known.look(db, items)
        await known.look(db, [*known.children_of_sources(items)])
        return known

    def children_of_sources(self, items: list[Item]) -> Iterator[Item]:
        """What is nested in sessions that are known by their source alone, named as it was."""
        for item in items:
            there = self.sources["infusion"].get(item.source) if item.source else None
            if there is not None and item.id is None and item.noun == "infusion":
                name_children(item, there.id)
                yield from item.children

    async def look(self, db: Db, items: list[Item]) -> None:
        """Which records are there, by their ids and by their sources."""
        ids, sources = defaultdict[str, set[UUID]](set), defaultdict[str, set[Any]](set)
        for item in items:
            for noun, some in pointers(item).items():
                ids[noun] |= some
            if item.noun in CLINICAL and item.id is not None:
                ids[item.noun].add(item.id)
            if item.noun in CLINICAL and item.source is not None:
                sources[item.noun].add(item.source)
            if item.session_source is not None:
                sources["infusion"].add(item.session_source)
        for noun, wanted in ids.items():
            for row in await queries.by_ids(db, BY_NOUN[noun].statements, wanted):
                self.records[noun][row["id"]] = known_of(row)
        for noun, places in sources.items():
            for row in await queries.by_sources(db, BY_NOUN[noun].statements, places):
                place = (row["source_system"], row["source_record_id"])
                self.sources[noun][place] = self.records[noun][row["id"]] = known_of(row)

    async def subject(self, db: Db, item: Item) -> Subject:
        """Whose record an item is. Raises ParentNotFound and Invalid."""
        session = self.session_of(item)
        whose = self.patient_of(item)
        if whose is None and session is not None:
            whose = session.patient_id
        if whose is None:
            raise Invalid(("/patient_id", "say whose it is: patient_id or patient"))
        if self.subjects.get(whose) is None:
            try:
                self.subjects[whose] = await patients.subject(db, whose)
            except NotFound:
                raise ParentNotFound("The patient is not here yet.") from None
        subject = self.subjects[whose]
        assert subject is not None, "it was found"
        if item.noun not in UNDER_SESSION:
            return subject
        if session is None or session.patient_id != whose:
            raise Invalid(("/infusion_id", "must be a session of this patient"))
        return replace(subject, under=session.id)

    def patient_of(self, item: Item) -> UUID | None:
        """The patient whom an item names. Raises ParentNotFound."""
        above = item.parent or item
        if above.patient_id is not None or above.identifier is None:
            return above.patient_id
        if above.identifier not in self.people:
            raise ParentNotFound("The patient is not here yet.")
        return self.people[above.identifier]

    def session_of(self, item: Item) -> Known | None:
        """The session that an item belongs to, or None. Raises ParentNotFound."""
        session_id = session_named(item)
        if item.parent is not None and session_id is None:
            raise ParentNotFound("The session that it is nested in was not kept.")
        if session_id is None and item.session_source is not None:
            if item.session_source not in self.sources["infusion"]:
                raise ParentNotFound("The session that it names by its source is not here yet.")
            session_id = self.sources["infusion"][item.session_source].id
        for noun, some in pointers(item).items():
            for one in some:
                if one not in self.records[noun]:
                    raise ParentNotFound(f"The {noun} that it names is not here yet.")
        return None if session_id is None else self.records["infusion"][session_id]

    async def there(
        self, db: Db, item: Item, values: Mapping[str, Any], sent: ClinicalIn
    ) -> Known | None:
        """What this very content made before. Raises IdTaken and SourceTaken for other content."""
        assert item.noun is not None, "an item that was read has a kind"
        there = self.records[item.noun].get(values["id"])
        if there is not None:
            if not await same(db, item.kind.statements, there, values, sent):
                raise IdTaken(current_version=there.version)
            return there
        twin = self.sources[item.noun].get(item.source) if item.source else None
        if twin is None:
            return None
        if item.id is None and await same(db, item.kind.statements, twin, values, sent):
            return twin
        raise SourceTaken(existing_id=str(twin.id))

    def keep(self, item: Item, values: Mapping[str, Any]) -> None:
        """An item was kept."""
        assert item.noun is not None, "an item that was read has a kind"
        new = known_of(values)
        self.records[item.noun][new.id] = new
        if item.source is not None:
            self.sources[item.noun][item.source] = new

    def forget(self, items: Iterable[Item]) -> None:
        """Items were not kept after all."""
        for item in items:
            assert item.noun is not None, "an item that was read has a kind"
            if item.id is not None:
                self.records[item.noun].pop(item.id, None)
            if item.source is not None:
                self.sources[item.noun].pop(item.source, None)


def known_of(row: Mapping[str, Any]) -> Known:
    """A row as far as a batch needs to know it."""
    return Known(row["id"], row["patient_id"], bytes(row["content_sha256"]), row["version"])


def named(items: Iterable[Item]) -> Iterator[tuple[str, str]]:
    """Every identifier that is spoken of."""
    for item in items:
        if item.identifier is not None:
            yield item.identifier
        if item.noun == PATIENT and item.sent is not None:
            yield from ((one.system, one.value) for one in item.sent.identifiers)


async def sessions_of(db: Db, items: Iterable[Item]) -> list[Row]:
    """The sessions that are named, by their ids or by where they were taken from."""
    statements = CLINICAL["infusion"].statements
    ids = {one for item in items for one in pointers(item)["infusion"]}
    sources = {item.session_source for item in items if item.session_source is not None}
    found = await queries.by_sources(db, statements, sources)
    return [*await queries.by_ids(db, statements, ids), *found]


def session_named(item: Item) -> UUID | None:
    """The session that an item hangs on."""
    if item.parent is not None:
        return item.parent.id
    return item.session_id or getattr(item.sent, "infusion_id", None)


def pointers(item: Item) -> dict[str, set[UUID]]:
    """The records that an item names, by kind."""
    found = defaultdict[str, set[UUID]](set)
    for name, noun in POINTS_AT.items():
        one = getattr(item.sent, name, None)
        if one is not None:
            found[noun].add(one)
    session_id = session_named(item)
    if session_id is not None:
        found["infusion"].add(session_id)
    return found
