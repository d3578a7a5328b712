"""What can't be an answer or a total. No message repeats what was sent: messages end up in logs."""

import math
from collections.abc import Iterator, Sequence
from typing import Any

from app.science.instruments.model import Instrument, Item

Fault = tuple[str, str]
"""Where (`answers`, `answers/3` counting from 0, or `total`), and what would be right."""

Answers = Sequence[int | None]
"""One answer an item in the published order, null where it was not answered."""


class InvalidAnswers(ValueError):
    """What was sent can't be an assessment of this instrument; `errors` says where and why."""

    def __init__(self, errors: Sequence[Fault]) -> None:
        self.errors: tuple[Fault, ...] = tuple(errors)
        super().__init__("; ".join(f"{where}: {why}" for where, why in self.errors))


class Disagrees(InvalidAnswers):
    """Every question is answered, and the total that was sent is not theirs."""

    def __init__(self) -> None:
        super().__init__([("total", "the total is not the one that the answers give")])


def require_possible(instrument: Instrument, answers: Answers | None, total: float | None) -> None:
    """Return if these answers and this total can have been given, else raise InvalidAnswers."""
    faults = [
        *_of_absence(instrument, answers, total),
        *_of_answers(instrument, answers),
        *_of_total(instrument, total),
    ]
    if faults:
        raise InvalidAnswers(faults)


def _of_absence(
    instrument: Instrument, answers: Answers | None, total: float | None
) -> Iterator[Fault]:
    if answers is not None:
        return
    if not instrument.has_total:
        yield "answers", f"{instrument.code} needs its answers"
    elif total is None:
        yield "answers", "send the answers, a total, or both"


def _of_answers(instrument: Instrument, answers: Answers | None) -> Iterator[Fault]:
    if answers is None:
        return
    most, least = len(instrument.items), len(instrument.scored_items)
    if least <= len(answers) <= most:
        for item, answer in zip(instrument.items, answers, strict=False):
            yield from _of_answer(item, answer)
    else:
        count = str(most) if least == most else f"{least} or {most}"
        yield "answers", f"{instrument.code} takes {count} answers"


def _of_answer(item: Item, answer: Any) -> Iterator[Fault]:
    if answer is None:
        return
    whole = isinstance(answer, int) and not isinstance(answer, bool)
    if not whole or not item.minimum <= answer <= item.maximum:
        where = f"answers/{item.number - 1}"
        yield where, f"a whole number from {item.minimum} to {item.maximum}, or null"


def _of_total(instrument: Instrument, total: Any) -> Iterator[Fault]:
    if total is None:
        return
    if instrument.minimum is None or instrument.maximum is None:
        yield "total", f"{instrument.code} has no total"
        return
    fractions = instrument.missing.most > 0
    number = isinstance(total, int | float) and not isinstance(total, bool)
    in_range = number and instrument.minimum <= total <= instrument.maximum
    if not in_range or (not fractions and total != math.floor(total)):
        kind = "number" if fractions else "whole number"
        yield "total", f"a {kind} from {instrument.minimum} to {instrument.maximum}"
