"""One made-up patient's way through the clinic, day by day."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta, tzinfo
from random import Random

from app.science.simulator.figures import (
    DROP_OUT,
    DROP_OUT_AFTER,
    INDUCTION_SESSIONS,
    MISSED,
    MISSED_BY_THE_ABSENT,
    MISSED_WHEN_ILL,
    RAISED_MG_PER_KG,
    SESSIONS_AT_MOST,
    STANDARD_MG_PER_KG,
    Archetype,
    Plan,
)
from app.science.simulator.mood import HALF, Effect, draw_effect, phq9_answers, rating, spread
from app.science.simulator.sessions import Body, give, plan
from app.science.simulator.shapes import Checkin, Session

INDUCTION_WEEKDAYS = frozenset({0, 2, 4})
SATURDAY = 5
MORNING_HOUR, EVENING_HOUR, NIGHT_HOUR = 7, 19, 21
ONE_DAY = timedelta(days=1)

PLANNED_AHEAD_DAYS = 7
FOLLOWED_DAYS = 70
"""How long after the last infusion a patient goes on sending check-ins."""
CHECKIN_EVERY_DAYS = 7
RATED_DAYS = 10
"""Days after an infusion on which the mood is rated."""
SCHEDULE_DAYS = (21, 28)
BOOKED_WITHIN_DAYS = (2, 5)
"""From a check-in that shows the loss to the infusion."""
RAISED_FROM_SESSION = 9


@dataclass(frozen=True, slots=True)
class Character:
    """What is settled about a patient before anything happens."""

    archetype: Archetype
    plan: Plan
    baseline: int
    """Severity in PHQ-9 points."""
    body: Body
    absent: bool
    """Misses most check-ins."""
    rates_mood: bool
    hour: int
    """Of the sessions, on the clinic's clock."""


@dataclass
class History:
    """What happened, as it happens."""

    random: Random
    character: Character
    today: date
    zone: tzinfo
    sessions: list[Session] = field(default_factory=list)
    checkins: list[Checkin] = field(default_factory=list)
    effect: Effect = field(default_factory=lambda: Effect(1.0, 0))
    infused_on: date | None = None
    due_on: date | None = None
    """The next session, if one is booked."""

    def live(self, begin: date) -> None:
        """From the baseline, shortly before the first infusion, to the week after today."""
        eve = begin - self.random.randint(1, 3) * ONE_DAY
        answers = spread(self.random, self.character.baseline)
        self.checkins.append(Checkin("PHQ-9", self._at(eve, EVENING_HOUR), answers))
        if self.character.rates_mood:
            self._rate(eve)
        self.due_on = begin
        day = begin
        while day <= self.today + PLANNED_AHEAD_DAYS * ONE_DAY:
            self._day(day, (day - begin).days)
            day += ONE_DAY

    def _day(self, day: date, since_begin: int) -> None:
        watched = day < self.today and not self._is_over(day)
        if watched and since_begin > 0 and since_begin % CHECKIN_EVERY_DAYS == 0:
            self._checkin(day)
        if day == self.due_on:
            self._session(day)
        if watched and self.character.rates_mood and self._days_since(day) <= RATED_DAYS:
            self._rate(day)

    def _session(self, day: date) -> None:
        """Today's is put off: what is in the demonstration is over or to come."""
        character, number = self.character, len(self.sessions) + 1
        if day == self.today:
            induced = number > INDUCTION_SESSIONS
            self.due_on = _weekday(day + ONE_DAY) if induced else _induction_day(day + ONE_DAY)
            return
        dose = self._mg_per_kg(number)
        booked = plan(self.random, character.body, self._at(day, character.hour), dose)
        self.due_on = self._next(day, number)
        if day > self.today:
            self.sessions.append(booked)
            return
        self.sessions.append(give(self.random, character.body, booked, number))
        self.effect = draw_effect(self.random, character.archetype, number, dose)
        self.infused_on = day

    def _mg_per_kg(self, number: int) -> float:
        short = self.character.archetype is Archetype.EARLY_LOSER
        return RAISED_MG_PER_KG if short and number >= RAISED_FROM_SESSION else STANDARD_MG_PER_KG

    def _next(self, day: date, number: int) -> date | None:
        """The session after this one, where the induction or the schedule already sets it."""
        if number < INDUCTION_SESSIONS:
            no_relief = self.character.archetype is Archetype.NON_RESPONDER
            gives_up = no_relief and number == DROP_OUT_AFTER
            if gives_up and self.random.random() < DROP_OUT:
                return None
            return _induction_day(day + ONE_DAY)
        if self.character.plan is Plan.SCHEDULE and number < SESSIONS_AT_MOST:
            return _weekday(day + self.random.choice(SCHEDULE_DAYS) * ONE_DAY)
        return None

    def _checkin(self, day: date) -> None:
        """The weekly PHQ-9, before any session of the day; one that shows the loss books one."""
        severity = self._severity(day)
        if self.random.random() < self._missed(severity):
            return
        answers = phq9_answers(self.random, severity)
        at = self._at(day, MORNING_HOUR if day == self.due_on else EVENING_HOUR)
        self.checkins.append(Checkin("PHQ-9", at, answers))
        is_lost = sum(answers) > HALF * self.character.baseline
        is_due = INDUCTION_SESSIONS <= len(self.sessions) < SESSIONS_AT_MOST
        if is_lost and is_due and self.character.plan is Plan.PHONE and self.due_on is None:
            ahead = self.random.randint(*BOOKED_WITHIN_DAYS)
            self.due_on = _weekday(day + ahead * ONE_DAY)

    def _rate(self, day: date) -> None:
        """The evening's rating of the mood."""
        severity = self._severity(day)
        if self.random.random() > self._missed(severity):
            answers = (rating(self.random, severity),)
            self.checkins.append(Checkin("MOOD-10", self._at(day, NIGHT_HOUR), answers))

    def _severity(self, day: date) -> float:
        return self.character.baseline * self.effect.share(self._days_since(day))

    def _missed(self, severity: float) -> float:
        if self.character.absent:
            return MISSED_BY_THE_ABSENT
        return MISSED_WHEN_ILL if severity > HALF * self.character.baseline else MISSED

    def _is_over(self, day: date) -> bool:
        return self.due_on is None and self._days_since(day) > FOLLOWED_DAYS

    def _days_since(self, day: date) -> int:
        return (day - self.infused_on).days if self.infused_on else 0

    def _at(self, day: date, hour: int) -> datetime:
        minute = self.random.randint(0, 11) * 5
        return datetime.combine(day, time(hour, minute), self.zone)


def _induction_day(day: date) -> date:
    """The day itself, or the next Monday, Wednesday or Friday."""
    while day.weekday() not in INDUCTION_WEEKDAYS:
        day += ONE_DAY
    return day


def induction_day_before(day: date) -> date:
    """The day itself, or the last Monday, Wednesday or Friday before it."""
    while day.weekday() not in INDUCTION_WEEKDAYS:
        day -= ONE_DAY
    return day


def _weekday(day: date) -> date:
    """The day itself, or the Monday after its weekend."""
    return day + max(0, 7 - day.weekday()) * ONE_DAY if day.weekday() >= SATURDAY else day
