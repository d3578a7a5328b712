"""An instrument in JSON: all that a clinician or a client may want to see, with its evidence."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any

from app.science.instruments.model import AnswerLabel, Instrument, Item
from app.science.instruments.sources import LOINC_NOTICE, SOURCES, Evidence

Json = dict[str, Any]


def describe(instrument: Instrument) -> Json:
    """All of an instrument: structure, rules, evidence, licence, and wording where it may be shown.

    >>> from app.science.instruments.registry import get
    >>> describe(get("MADRS"))["maximum"]
    60
    """
    return {
        **_identity(instrument),
        "stem": instrument.stem,
        "answer_labels": _labels(instrument.answer_labels),
        "items": [_item(item) for item in instrument.items],
        "bands": [_flat(band) for band in instrument.bands],
        "cut_offs": [_flat(cut_off) for cut_off in instrument.cut_offs],
        "missing_answers": _flat(instrument.missing),
        "safety_items": [_flat(item) for item in instrument.safety_items],
        "domains": [_flat(group) for group in instrument.domains],
        "subscales": [_flat(group) for group in instrument.subscales],
        "criteria": _criteria(instrument),
        "loinc": _loinc(instrument),
        "licence": _flat(instrument.licence),
        "relief": None if instrument.relief is None else _flat(instrument.relief),
        "sources": [asdict(SOURCES[key]) for key in cited(instrument)],
    }


def _identity(instrument: Instrument) -> Json:
    return {
        "code": instrument.code,
        "name": instrument.name,
        "version": instrument.version,
        "scoring_version": instrument.scoring_version,
        "language": instrument.language,
        "administered_by": instrument.administered_by,
        "direction": instrument.direction,
        "minimum": instrument.minimum,
        "maximum": instrument.maximum,
        "multiplier": instrument.multiplier,
        "structure": _evidence(instrument.structure),
        "recall_hours": instrument.recall_hours,
        "recall": _evidence(instrument.recall_evidence),
    }


def cited(instrument: Instrument) -> tuple[str, ...]:
    """The keys of every source that the instrument rests on, its own first, each once."""
    keys = [*instrument.sources]
    for evidence in _all_evidence(instrument):
        keys.extend(evidence.sources)
    return tuple(dict.fromkeys(keys))


def _all_evidence(instrument: Instrument) -> Iterator[Evidence]:
    yield instrument.structure
    yield instrument.recall_evidence
    facts = (
        *instrument.bands,
        *instrument.cut_offs,
        instrument.missing,
        *instrument.safety_items,
        *instrument.domains,
        *instrument.subscales,
        instrument.licence,
        *(item.skip for item in instrument.items if item.skip),
        *((instrument.criteria,) if instrument.criteria else ()),
        *((instrument.relief,) if instrument.relief else ()),
    )
    yield from (fact.evidence for fact in facts)


def _evidence(evidence: Evidence) -> Json:
    return {"trust": evidence.trust, "sources": list(evidence.sources)}


def _flat(fact: Any) -> Json:
    """The fields of a fact, with how far it can be trusted beside them."""
    fields = {key: value for key, value in asdict(fact).items() if key != "evidence"}
    lists = {key: list(value) for key, value in fields.items() if isinstance(value, tuple)}
    return fields | lists | _evidence(fact.evidence)


def _criteria(instrument: Instrument) -> Json | None:
    if instrument.criteria is None:
        return None
    return _flat(instrument.criteria) | {"needed": dict(instrument.criteria.needed)}


def _labels(labels: Sequence[AnswerLabel] | None) -> list[Json] | None:
    return None if labels is None else [asdict(label) for label in labels]


def _item(item: Item) -> Json:
    return {
        "number": item.number,
        "name": item.name,
        "minimum": item.minimum,
        "maximum": item.maximum,
        "scored": item.scored,
        "skippable": item.skippable,
        "skip": None if item.skip is None else _flat(item.skip),
        "recall_hours": item.recall_hours,
        "loinc": item.loinc,
        "wording": item.wording,
        "answer_labels": _labels(item.labels),
    }


def _loinc(instrument: Instrument) -> Json:
    codes = {"panel": instrument.panel_loinc, "total": instrument.total_loinc}
    has_codes = any(codes.values()) or any(item.loinc for item in instrument.items)
    return codes | {"notice": LOINC_NOTICE if has_codes else None}
