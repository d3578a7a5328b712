"""How a made-up patient feels between infusions, and what the questionnaires make of it.

The relief method's simulator (section 11) in its plainest form: relief wears off along a curve that
crosses half of the baseline on a drawn day, and every score carries noise.
"""

from dataclasses import dataclass
from math import exp, log
from random import Random

from app.science.simulator.figures import (
    DOSE_EFFECT,
    MEDIAN_DAYS,
    SEM_MOOD_POINTS,
    SEM_POINTS,
    STANDARD_MG_PER_KG,
    WITHIN_SD,
    Archetype,
)

ILL_AGAIN = 0.95
"""Share of the baseline that the severity comes back to. Default."""

HALF = 0.5

HIGHEST_TOTAL = 24
"""Of the first eight items of the PHQ-9; the ninth is not left to chance."""

ITEMS, SELF_HARM_ITEM, HIGHEST_ANSWER = 9, 8, 3
HIGHEST_PHQ9 = 27
HIGHEST_RATING = 10


@dataclass(frozen=True, slots=True)
class Effect:
    """What one infusion does: the severity, as a share of the baseline, over the days after it."""

    deepest: float
    lasts_days: float
    """When the curve crosses half of the baseline; 0 if it never goes below."""

    def share(self, days: float) -> float:
        """Of the baseline, this many days after the infusion."""
        if self.lasts_days <= 0:
            return self.deepest
        gone = (days / self.lasts_days) ** 2
        return min(ILL_AGAIN, self.deepest + (HALF - self.deepest) * gone)


def draw_effect(random: Random, archetype: Archetype, number: int, mg_per_kg: float) -> Effect:
    """What the patient's infusion of that number (from 1) will do."""
    if archetype is Archetype.NON_RESPONDER:
        return Effect(random.uniform(0.72, 0.95), 0)
    deepest = random.uniform(0.12, 0.3) + 0.5 * HALF**number
    if deepest >= HALF:
        return Effect(deepest, 0)
    dose = DOSE_EFFECT * log(mg_per_kg / STANDARD_MG_PER_KG)
    return Effect(deepest, MEDIAN_DAYS[archetype] * exp(random.gauss(dose, WITHIN_SD)))


def phq9_answers(random: Random, severity: float) -> tuple[int, ...]:
    """Nine answers that add up to a noisy reading of a severity in PHQ-9 points.

    The ninth, self-harm, is always 0 here.
    """
    total = min(max(round(random.gauss(severity, SEM_POINTS)), 0), HIGHEST_TOTAL)
    return spread(random, total)


def spread(random: Random, total: int) -> tuple[int, ...]:
    """A total of 0 to 24, spread over the first eight of nine answers of 0 to 3."""
    answers = [0] * ITEMS
    for _ in range(total):
        room = [item for item in range(SELF_HARM_ITEM) if answers[item] < HIGHEST_ANSWER]
        answers[random.choice(room)] += 1
    return tuple(answers)


def rating(random: Random, severity: float) -> int:
    """A 0 to 10 rating (higher is better) of a severity in PHQ-9 points, with noise."""
    mood = HIGHEST_RATING * (1 - severity / HIGHEST_PHQ9)
    return min(max(round(random.gauss(mood, SEM_MOOD_POINTS)), 0), HIGHEST_RATING)
