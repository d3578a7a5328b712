"""Courses of treatment: which infusions belong together, and which name a course keeps.

The 90-day rule is the relief method's (Afterglow relief method, sections 1 and 2): no trial fixes
where one course ends, so a clinician may force or forbid a cut.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Generic, TypeVar
from uuid import UUID

COURSE_GAP_DAYS = 90.0
"""A new course starts at an infusion more than this many elapsed days after the one before."""

TOLERANCE_DAYS = 1e-9
"""Slack for comparing days held as floats; a tenth of a millisecond."""

Name = TypeVar("Name", str, UUID)

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Given(Generic[Name]):
    """An infusion that was given: its id, its start (aware), what a clinician says of the cut."""

    id: Name
    at: datetime
    starts_course: bool | None = None
    """True opens a course here, False never does, None leaves it to the gap."""


@dataclass(frozen=True, slots=True)
class Course(Generic[Name]):
    """A course as it was last cut."""

    id: Name
    number: int
    """1 for the patient's first course."""
    infusion_ids: tuple[Name, ...]
    """In the order they were given, as it was known then."""


@dataclass(frozen=True, slots=True)
class Kept(Generic[Name]):
    """Which course ids outlive a new cut."""

    ids: tuple[Name | None, ...]
    """One for each new course, in their order; None where the caller must make an id."""
    gone: tuple[Name, ...]
    """Old courses that no new course continues, lowest number first."""


def cut(
    infusions: Sequence[Given[Name]], gap_days: float = COURSE_GAP_DAYS
) -> list[list[Given[Name]]]:
    """Part a patient's infusions into courses, the oldest first, each in order of time.

    The order they come in does not matter; two at the same instant are ordered by id. The gap is
    strict: an infusion exactly `gap_days` after the one before still belongs to its course. The
    first infusion opens a course whatever it says of itself. No infusions, no courses.

    >>> from datetime import UTC
    >>> day = datetime(2026, 1, 5, tzinfo=UTC)
    >>> given = [Given("c", day + timedelta(days=91)), Given("a", day), Given("b", day + ONE_DAY)]
    >>> [[one.id for one in course] for course in cut(given)]
    [['a', 'b', 'c']]
    >>> [[one.id for one in course] for course in cut(given, gap_days=89)]
    [['a', 'b'], ['c']]
    """
    ordered = sorted(infusions, key=lambda one: (one.at, str(one.id)))
    courses = [ordered[:1]] if ordered else []
    for before, one in pairwise(ordered):
        if _opens(before, one, gap_days):
            courses.append([])
        courses[-1].append(one)
    return courses


def keep_ids(old: Sequence[Course[Name]], new: Sequence[Sequence[Given[Name]]]) -> Kept[Name]:
    """Give each new course the id of the old course that it continues.

    An old course is continued where the earliest of its infusions that is still given ends up;
    with none left it is gone. Where two old courses meet in one, the lower number's id stays and
    the other's is gone. A new course that continues none gets None.

    >>> from datetime import UTC
    >>> day = datetime(2026, 1, 5, tzinfo=UTC)
    >>> keep_ids([Course("A", 1, ("a", "b"))], cut([Given("b", day), Given("z", day - ONE_DAY)]))
    Kept(ids=('A',), gone=())
    """
    home = {one.id: place for place, course in enumerate(new) for one in course}
    heirs: dict[int, Name] = {}
    gone: list[Name] = []
    for course in sorted(old, key=lambda course: course.number):
        place = next((home[one] for one in course.infusion_ids if one in home), None)
        if place is None or place in heirs:
            gone.append(course.id)
        else:
            heirs[place] = course.id
    return Kept(tuple(heirs.get(place) for place in range(len(new))), tuple(gone))


def _opens(before: Given[Name], one: Given[Name], gap_days: float) -> bool:
    if one.starts_course is not None:
        return one.starts_course
    return (one.at - before.at) / ONE_DAY > gap_days + TOLERANCE_DAYS
