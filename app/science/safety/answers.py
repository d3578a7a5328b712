"""Answers about self-harm, under the rule of their instrument.

How loud each answer is stands with the instrument (`safety_items`), is promised, and no clinic may
make it quieter.
"""

from collections.abc import Sequence

from app.science.instruments import get
from app.science.instruments.scoring import Scored
from app.science.safety.finding import found
from app.science.safety.model import Finding

RULE_OF = {
    "PHQ-9": "SI-PHQ9",
    "QIDS-SR16": "SI-QIDS",
    "MADRS": "SI-MADRS",
    "BDI-II": "SI-BDI",
    "HAMD-17": "SI-HAMD",
    "C-SSRS": "SI-CSSRS",
}
"""The rule of each instrument that asks about self-harm."""

ASK = "ask the C-SSRS today"


def self_harm(
    instrument: str, answers: Sequence[int | None], score: Scored, record_id: str
) -> Finding | None:
    """What an answer about self-harm raises; None where it raises nothing."""
    if score.self_harm_level is None:
        return None
    items = [
        {"item": one.item, "answer": answers[one.item - 1]}
        for one in get(instrument).safety_items
        if one.item <= len(answers)
    ]
    return found(
        RULE_OF[instrument],
        score.self_harm_level,
        sentence(instrument, items, score),
        records=[record_id],
        assessment_id=record_id,
        instrument=instrument,
        items=items,
        band=score.band,
        self_harm=score.self_harm,
    )


def sentence(instrument: str, items: list[dict[str, int | None]], score: Scored) -> str:
    """The answers in one sentence; an incomplete screener is called that and never low."""
    if instrument == "C-SSRS":
        yes = ", ".join(str(one["item"]) for one in items if one["answer"])
        told = f"yes to {yes}" if yes else "no yes so far"
        return f"C-SSRS {score.band}: {told}."
    told = ", ".join(f"item {one['item']} is {one['answer']}" for one in items)
    return f"{instrument} {told}: {ASK}."
