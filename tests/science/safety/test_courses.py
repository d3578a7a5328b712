from datetime import timedelta

import pytest

from app.science.instruments import score
from app.science.safety import (
    Answer,
    Course,
    Numbers,
    bladder_score,
    exposure,
    no_response,
    self_harm,
    stands_in_way,
    symptom,
    worse,
)
from tests.science.safety.makers import START

NUMBERS = Numbers()


def answers(*told, instrument="PHQ-9"):
    """One a week: a total, or a total and the answer about self-harm."""
    whole = [one if isinstance(one, tuple) else (one, 0) for one in told]
    return [
        Answer(f"answer-{week}", instrument, START + timedelta(weeks=week + 1), total, thoughts)
        for week, (total, thoughts) in enumerate(whole)
    ]


def course(baseline=18.0, infusions=4, best=None, instrument="PHQ-9"):
    ids = tuple(f"infusion-{number}" for number in range(1, infusions + 1))
    return Course(instrument, baseline, ids, best, ("answer-0",), START)


@pytest.mark.parametrize(
    ("told", "speaks"),
    [
        ([22], False),
        ([23], True),
        ([23, 22], False),
        ([8, 13], False),
        ([(8, 0), (13, 1)], True),
        ([(8, 1), (13, 1)], False),
        ([(8, None), (13, 1)], False),
        ([(8, 0), (12, 1)], False),
    ],
)
def test_worse_is_over_the_baseline_or_over_the_last_with_self_harm_up(told, speaks):
    found = list(worse(answers(*told), course(), NUMBERS))

    assert [one.level for one in found] == (["warn"] if speaks else [])


def test_another_instruments_baseline_says_nothing_of_a_phq_9():
    assert list(worse(answers(23), course(instrument="MADRS"), NUMBERS)) == []


@pytest.mark.parametrize(
    ("best", "infusions", "speaks"),
    [(18, 4, True), (13.6, 5, True), (13.5, 4, False), (18, 3, False), (None, 4, False)],
)
def test_no_response_is_asked_after_the_fourth_infusion(best, infusions, speaks):
    found = list(no_response(course(best=best, infusions=infusions), NUMBERS))

    assert [one.about for one in found] == ([("infusion", "infusion-4")] if speaks else [])


def test_exposure_speaks_of_the_session_that_passed_the_last_mark():
    def mark(sessions):
        ids = tuple(str(number) for number in range(1, sessions + 1))
        return [one.about[1] for one in exposure(ids, NUMBERS)]

    assert (mark(11), mark(12), mark(23), mark(24), mark(80)) == (
        [],
        ["12"],
        ["12"],
        ["24"],
        ["50"],
    )


def test_an_icsi_that_rises_over_its_lowest_holds_the_next_dose():
    def told(*totals):
        return list(bladder_score(answers(*totals, instrument="ICSI"), NUMBERS))

    assert told(15) == told(8, 11) == told(2, 7, 5) == []
    assert [one.level for one in told(8, 2, 6)] == ["warn"]
    assert stands_in_way(told(2, 6)[0]) == ("next_dose",)


def test_a_bladder_symptom_holds_the_next_dose():
    found = symptom([("haematuria", "effect", START)], ("side_effect", "effect"))

    assert (found.level, stands_in_way(found)) == ("warn", ("next_dose",))
    assert found.sentence.startswith("Reported: blood in the urine.")


SELF_HARM = [
    ("PHQ-9", [0] * 8 + [1], "SI-PHQ9", "warn"),
    ("PHQ-9", [0] * 8 + [2], "SI-PHQ9", "stop"),
    ("PHQ-9", [3] * 8 + [None], None, None),
    ("QIDS-SR16", [0] * 11 + [2] + [0] * 4, "SI-QIDS", "stop"),
    ("MADRS", [0] * 9 + [3], "SI-MADRS", "warn"),
    ("MADRS", [0] * 9 + [4], "SI-MADRS", "stop"),
    ("BDI-II", [0] * 8 + [1] + [0] * 12, "SI-BDI", "warn"),
    ("HAMD-17", [0, 0, 2] + [0] * 14, "SI-HAMD", "warn"),
    ("C-SSRS", [1, 0, None, None, None, 0, None], "SI-CSSRS", "warn"),
    ("C-SSRS", [1, 1, 1, 0, 0, 0, None], "SI-CSSRS", "stop"),
    ("C-SSRS", [1, 1, 0, 1, 0, 0, None], "SI-CSSRS", "emergency"),
    ("C-SSRS", [0, 0, None, None, None, 1, 0], "SI-CSSRS", "stop"),
    ("C-SSRS", [0, 0, None, None, None, 0, None], None, None),
]


@pytest.mark.parametrize(("instrument", "given", "rule", "level"), SELF_HARM)
def test_self_harm_speaks_under_its_instruments_rule(instrument, given, rule, level):
    found = self_harm(instrument, given, score(instrument, given, None), "answer")

    assert (found and found.rule, found and found.level) == (rule, level)


def test_an_incomplete_screener_is_called_that_and_never_low():
    given = [1, None, None, None, None, 0, None]

    found = self_harm("C-SSRS", given, score("C-SSRS", given, None), "answer")

    assert found.level == "warn"
    assert found.sentence == "C-SSRS incomplete: yes to 1."
