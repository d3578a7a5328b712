from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.science.courses import Course, Given, cut, keep_ids

START = datetime(2026, 1, 5, 9, tzinfo=UTC)


def infusion(day, name=None, *, starts_course=None):
    return Given(name or f"i{day}", START + timedelta(days=day), starts_course)


def ids(courses):
    return [[one.id for one in course] for course in courses]


def numbered(courses):
    return [
        Course(f"course of {course[0].id}", number, tuple(one.id for one in course))
        for number, course in enumerate(courses, 1)
    ]


infusions = st.lists(
    st.builds(
        infusion, st.integers(0, 900), starts_course=st.sampled_from([None, None, True, False])
    ),
    unique_by=lambda one: one.id,
    max_size=14,
)


def test_ninety_days_is_the_same_course_and_a_moment_more_is_the_next():
    at_the_limit = [infusion(0), infusion(90)]
    beyond = [infusion(0), Given("late", START + timedelta(days=90, seconds=1))]

    assert ids(cut(at_the_limit)) == [["i0", "i90"]]
    assert ids(cut(beyond)) == [["i0"], ["late"]]


def test_a_clinician_can_force_and_forbid_a_cut():
    forced = [infusion(0), infusion(7, starts_course=True)]
    forbidden = [infusion(0, starts_course=False), infusion(200, starts_course=False)]

    assert ids(cut(forced)) == [["i0"], ["i7"]]
    assert ids(cut(forbidden)) == [["i0", "i200"]]


def test_nothing_given_is_no_course():
    assert cut([]) == []
    assert keep_ids([], []).ids == ()


@given(infusions, st.randoms())
def test_the_order_infusions_arrive_in_does_not_matter(given_infusions, random):
    shuffled = random.sample(given_infusions, len(given_infusions))

    assert cut(shuffled) == cut(given_infusions)


@given(infusions)
def test_every_infusion_is_in_one_course_and_time_runs_on(given_infusions):
    flat = [one for course in cut(given_infusions) for one in course]

    assert sorted(one.id for one in flat) == sorted(one.id for one in given_infusions)
    assert [one.at for one in flat] == sorted(one.at for one in given_infusions)


@given(infusions)
def test_nothing_changed_keeps_every_id(given_infusions):
    courses = cut(given_infusions)
    old = numbered(courses)

    kept = keep_ids(old, courses)

    assert kept.ids == tuple(course.id for course in old)
    assert kept.gone == ()


@given(infusions, st.integers(-80, 980))
def test_a_late_arrival_takes_no_id_away_unless_it_joins_two_courses(given_infusions, day):
    before = cut(given_infusions)
    late = infusion(day, "late")

    after = cut([*given_infusions, late])
    kept = keep_ids(numbered(before), after)

    assert len(kept.gone) == max(len(before) - len(after), 0)
    for course, name in zip(after, kept.ids, strict=True):
        known = [one.id for one in course if one.id != "late"]
        assert name is None or name == f"course of {known[0]}"


@given(infusions.filter(bool), st.data())
def test_voiding_an_infusion_keeps_the_id_where_the_first_survivor_is(given_infusions, data):
    old = numbered(cut(given_infusions))
    voided = data.draw(st.sampled_from(given_infusions))

    after = cut([one for one in given_infusions if one.id != voided.id])
    kept = keep_ids(old, after)

    home = {one.id: place for place, course in enumerate(after) for one in course}
    for course in old:
        left = [home[one] for one in course.infusion_ids if one in home]
        assert (course.id in kept.gone) or kept.ids[left[0]] == course.id
    assert len(set(kept.gone) | {name for name in kept.ids if name}) == len(old)


def test_a_course_keeps_its_id_when_an_earlier_infusion_turns_up():
    old = numbered(cut([infusion(10), infusion(20)]))

    kept = keep_ids(old, cut([infusion(3), infusion(10), infusion(20)]))

    assert kept.ids == ("course of i10",)


def test_a_course_keeps_its_id_when_its_first_infusion_is_voided():
    old = numbered(cut([infusion(10), infusion(20)]))

    kept = keep_ids(old, cut([infusion(20)]))

    assert kept.ids == ("course of i10",)


def test_the_part_split_off_needs_an_id_of_its_own():
    old = numbered(cut([infusion(0), infusion(80), infusion(160)]))

    kept = keep_ids(old, cut([infusion(0), infusion(160)]))

    assert kept.ids == ("course of i0", None)


def test_where_two_courses_meet_the_earlier_keeps_its_id():
    old = numbered(cut([infusion(0), infusion(160)]))

    kept = keep_ids(old, cut([infusion(0), infusion(80), infusion(160)]))

    assert kept.ids == ("course of i0",)
    assert kept.gone == ("course of i160",)


def test_a_course_with_nothing_left_is_gone():
    old = numbered(cut([infusion(0), infusion(160)]))

    kept = keep_ids(old, cut([infusion(160)]))

    assert kept.ids == ("course of i160",)
    assert kept.gone == ("course of i0",)
