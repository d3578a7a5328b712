"""From answers to a total: sums, worst of a domain, and what a blank does."""

from collections.abc import Sequence

from app.science.instruments.model import Instrument, Item, Skip

Answers = tuple[int | None, ...]
"""One answer an item of the instrument, null where it was not answered."""


def of_items(answers: Answers, numbers: Sequence[int]) -> list[int | None]:
    """The answers to these items, in this order."""
    return [answers[number - 1] for number in numbers]


def answered(answers: Sequence[int | None]) -> list[int]:
    """The answers without the blanks."""
    return [answer for answer in answers if answer is not None]


def blanks(instrument: Instrument, answers: Answers) -> tuple[int, ...]:
    """The numbers of the scored items that are blank although the form's logic asks for them."""
    return tuple(
        item.number
        for item in instrument.scored_items
        if answers[item.number - 1] is None
        and not (item.skip and _is_skipped(item.skip, answers[item.skip.item - 1]))
    )


def contradict(instrument: Instrument, answers: Answers) -> bool:
    """Whether an item that the form's logic leaves out was answered above 0 all the same."""
    return any(_contradicts(item, answers) for item in instrument.items)


def _is_skipped(skip: Skip, other: int | None) -> bool:
    return other is not None and skip.answer in (None, other)


def _contradicts(item: Item, answers: Answers) -> bool:
    if item.skip is None or not answers[item.number - 1]:
        return False
    other = answers[item.skip.item - 1]
    return bool(other) if item.skip.answer is None else other == item.skip.answer


def whole(instrument: Instrument, answers: Answers) -> float | None:
    """The total that needs no guess: each domain's worst answered item, or every scored item.

    None where a domain has no answer, or a summed item is blank.
    """
    if instrument.domains:
        domains = [answered(of_items(answers, domain.items)) for domain in instrument.domains]
        return float(sum(map(max, domains))) if all(domains) else None
    given = of_items(answers, [item.number for item in instrument.scored_items])
    return None if None in given else float(sum(answered(given)) * instrument.multiplier)


def prorated(instrument: Instrument, answers: Answers) -> float | None:
    """The total with each blank at the mean of its group, unrounded; None with too many blanks.

    The group is a subscale where the rule says so, else the whole form.
    """
    rule = instrument.missing
    groups: list[Sequence[int]] = [[item.number for item in instrument.scored_items]]
    most_of_group = rule.most
    if rule.most_per_subscale is not None:
        groups = [subscale.items for subscale in instrument.subscales]
        most_of_group = rule.most_per_subscale
    parts = [of_items(answers, group) for group in groups]
    missing = [part.count(None) for part in parts]
    if sum(missing) > rule.most or max(missing) > most_of_group:
        return None
    return float(sum(_scaled(part) for part in parts) * instrument.multiplier)


def _scaled(part: Sequence[int | None]) -> float:
    given = answered(part)
    return sum(given) * len(part) / len(given)


def subscales(instrument: Instrument, answers: Answers) -> dict[str, float]:
    """The sum of each subscale that has no blank; one with a blank is left out."""
    parts = {group.name: of_items(answers, group.items) for group in instrument.subscales}
    return {
        name: float(sum(answered(part))) for name, part in parts.items() if part.count(None) == 0
    }
