"""What a course of treatment shows: worse, not better, how much in all, and the bladder.

Clinical reference, section 5.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from app.science.safety.facts import Answer, Course
from app.science.safety.finding import found, listed
from app.science.safety.model import Finding
from app.science.safety.thresholds import Numbers

BLADDER = frozenset({"haematuria", "dysuria", "suprapubic_pain"})
"""Side effects that hold the next dose until they have been reviewed."""

WORDS = {
    "haematuria": "blood in the urine",
    "dysuria": "pain on passing urine",
    "suprapubic_pain": "pain above the bladder",
}


def in_order(answers: Iterable[Answer], instrument: str) -> list[Answer]:
    """Answers to one instrument in the order of time."""
    own = (one for one in answers if one.instrument == instrument)
    return sorted(own, key=lambda one: (one.at, one.id))


def worse(answers: Iterable[Answer], course: Course | None, numbers: Numbers) -> Iterator[Finding]:
    """WORSE: of the last PHQ-9, over the course's baseline, or over the one before with item 9 up.

    A blank item 9 is unknown and counts as neither up nor down.
    """
    points = numbers["worse.rise_points"]
    known = in_order(answers, "PHQ-9")
    if not known:
        return
    last, said, records = known[-1], [], [known[-1].id]
    if course is not None and course.instrument == "PHQ-9" and is_after(last, course):
        rise = last.total - course.baseline
        if rise >= points:
            said.append(f"{rise:g} over the baseline of {course.baseline:g}")
    if len(known) > 1:
        before = known[-2]
        up = (last.self_harm or 0) > (before.self_harm or 0) and before.self_harm is not None
        if last.total - before.total >= points and up:
            said.append(
                f"{last.total - before.total:g} over the {before.total:g} before it, with the"
                " answer about self-harm up"
            )
            records.append(before.id)
    if said:
        sentence = f"PHQ-9 {last.total:g} is {' and '.join(said)}; {points:g} or more is worse."
        about = ("assessment", last.id)
        yield found(
            "WORSE", "warn", sentence, numbers, "worse.rise_points", records=records, about=about
        )


def is_after(answer: Answer, course: Course) -> bool:
    """Whether an answer belongs to what came of a course."""
    return course.started_at is None or answer.at > course.started_at


def no_response(course: Course | None, numbers: Numbers) -> Iterator[Finding]:
    """NONRESP: about the infusion at which it is asked, as long as nothing since was better."""
    used = ("nonresp.infusions", "nonresp.improvement_percent")
    asked, percent = (numbers[name] for name in used)
    if course is None or course.best is None or course.baseline <= 0:
        return
    if len(course.infusion_ids) < asked:
        return
    improved = 100 * (course.baseline - course.best) / course.baseline
    if improved >= percent - 1e-9:
        return
    at = course.infusion_ids[int(asked) - 1]
    sentence = (
        f"After {asked:g} infusions the best {course.instrument} since is {improved:.0f} % better"
        f" than the baseline, under {percent:g} %: decide whether to go on. Some improve by the"
        " sixth."
    )
    yield found(
        "NONRESP",
        "info",
        sentence,
        numbers,
        *used,
        about=("infusion", at),
        records=[at, *course.rests_on],
        improvement_percent=round(improved, 1),
    )


def exposure(infusion_ids: tuple[str, ...], numbers: Numbers) -> Iterator[Finding]:
    """EXP: about the session at which the last mark was passed. Ids in the order of time."""
    marks = sorted(numbers["exp.sessions"])
    passed = [mark for mark in marks if mark <= len(infusion_ids)]
    if not passed:
        return
    mark = int(passed[-1])
    at = infusion_ids[mark - 1]
    sentence = f"{len(infusion_ids)} sessions in all: look back, at bladder and cognition too."
    yield found(
        "EXP",
        "info",
        sentence,
        numbers,
        "exp.sessions",
        about=("infusion", at),
        records=[at],
        sessions=len(infusion_ids),
        mark=mark,
    )


Symptom = tuple[str, str, datetime]
"""A side effect: what, the record's id, and when."""


def symptom(told: Sequence[Symptom], about: tuple[str, str]) -> Finding:
    """BLAD, of side effects that are present; there is one at least."""
    seen = sorted(told, key=lambda one: (one[2], one[1]))
    words = listed(sorted({WORDS[effect] for effect, _, _ in seen}))
    return found(
        "BLAD",
        "warn",
        f"Reported: {words}. The next dose waits until this is reviewed.",
        records=[record_id for _, record_id, _ in seen],
        effects=[
            {"side_effect_id": record_id, "effect": effect, "at": at.isoformat()}
            for effect, record_id, at in seen
        ],
        about=about,
    )


def bladder_score(answers: Iterable[Answer], numbers: Numbers) -> Iterator[Finding]:
    """BLAD, of the last ICSI, over the lowest one before it. No score is a reassurance."""
    known = in_order(answers, "ICSI")
    if len(known) < 2:  # noqa: PLR2004  # the last is compared with those before
        return
    *before, last = known
    points, lowest = numbers["blad.icsi_rise_points"], min(before, key=lambda one: one.total)
    rise = last.total - lowest.total
    if rise >= points:
        sentence = (
            f"ICSI {last.total:g} is {rise:g} over the {lowest.total:g} before it; {points:g} or"
            " more counts. The next dose waits until this is reviewed."
        )
        yield found(
            "BLAD",
            "warn",
            sentence,
            numbers,
            "blad.icsi_rise_points",
            records=[last.id, lowest.id],
            about=("assessment", last.id),
        )
