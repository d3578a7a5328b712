"""What holds whatever is answered."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.science.instruments import INSTRUMENTS, InvalidAnswers, score

EVERY = tuple(INSTRUMENTS.values())
WITH_TOTAL = tuple(i for i in EVERY if i.has_total)

whatever = settings(max_examples=50, deadline=None)

each = pytest.mark.parametrize("instrument", EVERY, ids=lambda i: i.code)
each_with_total = pytest.mark.parametrize("instrument", WITH_TOTAL, ids=lambda i: i.code)


def answers_of(instrument, *, blanks):
    per_item = [st.integers(i.minimum, i.maximum) for i in instrument.items]
    return st.tuples(*(st.none() | answer for answer in per_item) if blanks else per_item)


@each_with_total
@whatever
@given(data=st.data())
def test_a_total_never_leaves_its_range_and_has_a_band(instrument, data):
    scored = score(instrument, data.draw(answers_of(instrument, blanks=True)))

    if scored.total is None:
        assert scored.band is None
        assert scored.total_source is None
    else:
        assert instrument.minimum <= scored.total <= instrument.maximum
        assert (scored.band is None) == (not instrument.bands)


@each_with_total
@whatever
@given(data=st.data())
def test_with_every_answer_there_is_a_total(instrument, data):
    scored = score(instrument, data.draw(answers_of(instrument, blanks=False)))

    assert scored.complete
    assert scored.total_source == "computed"
    assert scored.total == int(scored.total)


@each_with_total
@whatever
@given(data=st.data())
def test_a_higher_answer_never_lowers_the_total(instrument, data):
    answers = data.draw(answers_of(instrument, blanks=True))
    raised = [
        answer if answer is None else data.draw(st.integers(answer, item.maximum))
        for answer, item in zip(answers, instrument.items, strict=True)
    ]
    before, after = score(instrument, answers).total, score(instrument, raised).total

    assert (before is None) == (after is None)
    assert before is None or after >= before


@each_with_total
def test_lowest_and_highest_answers_reach_the_ends_of_the_range(instrument):
    assert score(instrument, [i.minimum for i in instrument.items]).total == instrument.minimum
    assert score(instrument, [i.maximum for i in instrument.items]).total == instrument.maximum


@each_with_total
@whatever
@given(data=st.data())
def test_sending_back_the_computed_total_changes_nothing(instrument, data):
    answers = data.draw(answers_of(instrument, blanks=False))
    scored = score(instrument, answers)

    assert score(instrument, answers, scored.total) == scored


@each
@whatever
@given(data=st.data())
def test_a_higher_answer_never_makes_the_alert_quieter(instrument, data):
    loudness = (None, "warn", "stop", "emergency")
    answers = data.draw(answers_of(instrument, blanks=True))
    raised = [
        answer if answer is None else data.draw(st.integers(answer, item.maximum))
        for answer, item in zip(answers, instrument.items, strict=True)
    ]
    before, after = (score(instrument, a).self_harm_level for a in (answers, raised))

    # A no turned yes may open questions that are blank, which can only make it louder.
    assert loudness.index(after) >= loudness.index(before)


@each
@whatever
@given(data=st.data())
def test_subscales_stay_within_what_their_items_allow(instrument, data):
    scored = score(instrument, data.draw(answers_of(instrument, blanks=True)))
    highest = {
        group.name: sum(instrument.items[number - 1].maximum for number in group.items)
        for group in instrument.subscales
    }

    assert all(0 <= value <= highest[name] for name, value in scored.subscales.items())


def anything_like_answers(instrument):
    answer = st.none() | st.integers() | st.integers(0, 4) | st.floats() | st.booleans()
    most = len(instrument.items)
    return st.none() | st.lists(answer, min_size=most, max_size=most) | st.lists(answer)


@each
@whatever
@given(data=st.data(), total=st.none() | st.floats() | st.integers() | st.text())
def test_whatever_is_sent_is_scored_or_refused_with_a_place(instrument, data, total):
    answers = data.draw(anything_like_answers(instrument))
    scored, places = None, set()

    try:
        scored = score(instrument, answers, total)
    except InvalidAnswers as refused:
        places = {where.split("/")[0] for where, _ in refused.errors}

    assert places <= {"answers", "total"}
    assert bool(places) == (scored is None)
