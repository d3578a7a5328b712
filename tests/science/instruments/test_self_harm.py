"""What the answers say about self-harm, and how loudly."""

import itertools

import pytest

from app.science.instruments import INSTRUMENTS, get, score

BLANK = None
LOUDNESS = (None, "warn", "stop", "emergency")
WATCHED = {"PHQ-9": 9, "QIDS-SR16": 12, "MADRS": 10, "BDI-II": 9, "HAMD-17": 3}


def answered(code, item, answer):
    answers = [0] * len(get(code).scored_items)
    answers[item - 1] = answer
    return score(code, answers)


@pytest.mark.parametrize(("code", "item"), WATCHED.items())
def test_any_answer_but_zero_is_present_and_at_least_a_warning(code, item):
    for answer in range(1, get(code).items[item - 1].maximum + 1):
        scored = answered(code, item, answer)

        assert scored.self_harm == "present"
        assert scored.self_harm_level in {"warn", "stop"}


@pytest.mark.parametrize(("code", "item"), WATCHED.items())
def test_zero_is_none_and_blank_is_unknown(code, item):
    assert answered(code, item, 0).self_harm == "none"
    blank = answered(code, item, BLANK)
    assert (blank.self_harm, blank.self_harm_level) == ("unknown", None)


@pytest.mark.parametrize(
    ("code", "item", "stop_at"), [("PHQ-9", 9, 2), ("QIDS-SR16", 12, 2), ("MADRS", 10, 4)]
)
def test_the_alert_is_a_stop_from_its_own_answer_up(code, item, stop_at):
    assert answered(code, item, stop_at - 1).self_harm_level == "warn"
    assert answered(code, item, stop_at).self_harm_level == "stop"
    assert answered(code, item, get(code).items[item - 1].maximum).self_harm_level == "stop"


@pytest.mark.parametrize(("code", "item"), [("BDI-II", 9), ("HAMD-17", 3)])
def test_two_instruments_warn_and_never_stop(code, item):
    highest = get(code).items[item - 1].maximum
    assert answered(code, item, highest).self_harm_level == "warn"


def test_a_prorated_total_does_not_hide_a_blank_about_self_harm():
    scored = score("PHQ-9", [3] * 8 + [BLANK])

    assert (scored.total, scored.self_harm) == (27, "unknown")


def test_a_reported_total_does_not_hide_an_answer_about_self_harm():
    scored = score("PHQ-9", [BLANK] * 8 + [2], 5)

    assert (scored.self_harm, scored.self_harm_level) == ("present", "stop")


@pytest.mark.parametrize("code", [c for c, i in INSTRUMENTS.items() if not i.safety_items])
def test_an_instrument_that_does_not_ask_says_none(code):
    worst = [item.maximum for item in get(code).scored_items]

    assert (score(code, worst).self_harm, score(code, worst).self_harm_level) == ("none", None)


@pytest.mark.parametrize(
    ("answers", "band", "self_harm", "level"),
    [
        ([0, 0, BLANK, BLANK, BLANK, 0, BLANK], "none", "none", None),
        ([1, 0, BLANK, BLANK, BLANK, 0, BLANK], "low", "present", "warn"),
        ([1, 1, 1, 0, 0, 0, 0], "moderate", "present", "stop"),
        ([0, 0, BLANK, BLANK, BLANK, 1, 0], "moderate", "present", "stop"),
        ([0, 0, BLANK, BLANK, BLANK, 1, 1], "high", "present", "emergency"),
        ([1, 1, 0, 0, 1, 0, 0], "high", "present", "emergency"),
        ([BLANK] * 7, "incomplete", "unknown", "warn"),
        ([0, BLANK, BLANK, BLANK, BLANK, 0, BLANK], "incomplete", "unknown", "warn"),
        ([0, 0, BLANK, BLANK, BLANK, BLANK, BLANK], "incomplete", "unknown", "warn"),
        ([1, 1, BLANK, BLANK, BLANK, 0, BLANK], "incomplete", "present", "warn"),
        ([1, 1, 1, BLANK, BLANK, 0, BLANK], "incomplete", "present", "stop"),
        ([0, 0, BLANK, BLANK, BLANK, 1, BLANK], "incomplete", "present", "stop"),
        ([BLANK, BLANK, BLANK, 1, BLANK, BLANK, BLANK], "high", "present", "emergency"),
    ],
)
def test_the_columbia_screener_is_as_loud_as_its_answers(answers, band, self_harm, level):
    scored = score("C-SSRS", answers)

    assert (scored.band, scored.self_harm, scored.self_harm_level) == (band, self_harm, level)


@pytest.mark.parametrize("answers", [[0, 0, 0, 1, 0, 0, BLANK], [0, 0, BLANK, BLANK, BLANK, 0, 1]])
def test_a_yes_to_a_question_that_logic_leaves_out_counts_and_is_flagged(answers):
    scored = score("C-SSRS", answers)

    assert (scored.band, scored.flags) == ("high", ("contradictory_answers",))


def test_no_form_with_a_blank_looks_calmer_than_the_same_form_with_a_no():
    for answers in itertools.product((0, 1, BLANK), repeat=7):
        calm = score("C-SSRS", [answer or 0 for answer in answers])
        scored = score("C-SSRS", answers)

        assert LOUDNESS.index(scored.self_harm_level) >= LOUDNESS.index(calm.self_harm_level)
        assert scored.self_harm != "none" or scored.complete
        assert scored.band == "incomplete" or scored.complete or scored.band == "high"


def test_a_yes_more_never_makes_the_columbia_screener_quieter():
    for answers in itertools.product((0, 1), repeat=7):
        before = LOUDNESS.index(score("C-SSRS", answers).self_harm_level)
        for place in range(7):
            more = [*answers[:place], 1, *answers[place + 1 :]]
            assert LOUDNESS.index(score("C-SSRS", more).self_harm_level) >= before
