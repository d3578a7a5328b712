"""Published vectors and worked examples."""

import pytest

from app.science.instruments import (
    INSTRUMENTS,
    Disagrees,
    InvalidAnswers,
    at_least_halved,
    get,
    more_than_halved,
    score,
)
from tests.science.instruments.cases import CASES

BLANK = None


@pytest.mark.parametrize("case", CASES["qids"])
def test_qids_counts_the_worst_item_of_each_domain(case):
    scored = score("QIDS-SR16", case["answers"])

    assert (scored.total, scored.band, scored.complete) == (case["total"], case["band"], True)
    assert scored.total_source == "computed"


@pytest.mark.parametrize("case", CASES["phq9_prorated"])
def test_phq_9_is_prorated_unrounded_with_up_to_two_blanks(case):
    scored = score("PHQ-9", case["answers"])

    assert scored.total == case["total"]
    assert scored.total_source == ("prorated" if case["total"] else None)
    assert not scored.complete


@pytest.mark.parametrize("case", CASES["halved"])
def test_halving_is_decided_exactly(case):
    assert at_least_halved(case["baseline"], case["score"]) is case["at_least"]
    assert more_than_halved(case["baseline"], case["score"]) is case["more_than"]


@pytest.mark.parametrize("case", CASES["cssrs"])
def test_the_columbia_screener_gives_the_published_tier(case):
    scored = score("C-SSRS", case["answers"])

    assert scored.band == case["tier"]
    assert (scored.total, scored.total_source) == (None, None)
    assert scored.complete is (case["tier"] != "incomplete")


@pytest.mark.parametrize("case", CASES["bands"], ids=lambda c: c["code"])
def test_a_total_falls_in_the_band_that_starts_at_or_below_it(case):
    instrument = get(case["code"])

    for band in instrument.bands:
        assert score(instrument, None, band.low).band == band.name
        assert score(instrument, None, band.high).band == band.name


def test_a_prorated_total_just_below_a_band_is_in_the_one_before():
    assert score("PHQ-9", None, 4.5).band == "none"
    assert score("PHQ-9", None, 5).band == "mild"


def test_the_tenth_answer_of_the_phq_9_is_not_scored():
    nine = score("PHQ-9", [1] * 9)

    assert score("PHQ-9", [1] * 9 + [3]) == nine
    assert score("PHQ-9", [1] * 9 + [BLANK]) == nine
    assert (nine.total, nine.complete) == (9, True)


def test_quality_of_life_is_no_part_of_the_ipss():
    assert score("IPSS", [5] * 7 + [6]) == score("IPSS", [5] * 7)
    assert score("IPSS", [5] * 7).total == 35


def test_the_who_5_is_four_times_its_sum():
    scored = score("WHO-5", [3, 2, 3, 2, 3])

    assert (scored.total, scored.band) == (52, "adequate")
    assert score("WHO-5", None, 13).flags == ("unreachable_total",)
    assert score("WHO-5", None, 48).flags == ()


def test_gad_7_takes_one_blank_and_no_second():
    assert score("GAD-7", [3, 3, 3, BLANK, 3, 3, 3]).total == 21
    assert score("GAD-7", [3, 3, BLANK, BLANK, 3, 3, 3]).total is None


def test_pcl_5_takes_the_mean_of_the_cluster_for_one_blank_each():
    answers = [4] * 20
    answers[5] = answers[7] = BLANK
    scored = score("PCL-5", answers)

    assert (scored.total, scored.total_source) == (80, "prorated")
    assert scored.subscales == {"cluster_b": 20, "cluster_e": 24}
    answers[7], answers[6] = 4, BLANK
    assert score("PCL-5", answers).total is None


def test_pcl_5_meets_the_criteria_by_counting_items_at_two():
    needed = {1: 2, 6: 2, 8: 2, 9: 2, 15: 2, 16: 2}
    answers = [needed.get(number, 0) for number in range(1, 21)]

    assert score("PCL-5", answers).flags == ("provisional_ptsd",)
    answers[5] = 1
    assert score("PCL-5", answers).flags == ()
    answers[5] = BLANK
    assert score("PCL-5", answers).flags == ("provisional_ptsd_undecided",)


def test_the_subscales_of_the_cadss_make_its_total():
    scored = score("CADSS", [4] * 23)

    assert scored.subscales == {"depersonalization": 28, "derealization": 52, "amnesia": 12}
    assert scored.total == 92
    assert scored.band is None


@pytest.mark.parametrize("code", ["MADRS", "HAMD-17", "BDI-II", "CADSS", "CADSS-6", "WHO-5"])
def test_without_a_rule_one_blank_leaves_no_total(code):
    answers = [0] * (len(get(code).items) - 1)
    scored = score(code, [*answers, BLANK])

    assert (scored.total, scored.total_source, scored.band) == (None, None, None)
    assert not scored.complete


def test_qids_needs_an_answer_in_every_domain():
    answers = [0] * 16
    answers[4] = BLANK
    assert score("QIDS-SR16", answers).total is None
    answers = [0] * 5 + [BLANK] * 4 + [0] * 7
    assert score("QIDS-SR16", answers).total is None


def test_qids_with_a_domain_answered_in_part_is_scored_and_flagged():
    answers = [2, BLANK, 0, 0, 0, 1, BLANK, BLANK, 0, 0, 0, 0, 0, 0, 0, 0]
    scored = score("QIDS-SR16", answers)

    assert (scored.total, scored.total_source, scored.complete) == (3, "computed", False)
    assert scored.flags == ("domain_partly_answered",)


def test_qids_with_appetite_both_up_and_down_is_scored_by_the_worse_and_flagged():
    answers = [0] * 5 + [1, 2, 0, BLANK] + [0] * 7
    scored = score("QIDS-SR16", answers)

    assert (scored.total, scored.flags) == (2, ("contradictory_answers",))


def test_a_total_that_agrees_with_all_answers_is_computed():
    assert score("PHQ-9", [1] * 9, 9).total_source == "computed"
    assert score("PHQ-9", [1] * 9, 9.0).total_source == "computed"


@pytest.mark.parametrize("code", [c for c, i in INSTRUMENTS.items() if i.has_total])
def test_a_total_that_disagrees_with_all_answers_is_refused_unrepeated(code):
    answers = [0] * len(get(code).scored_items)

    with pytest.raises(Disagrees) as refused:
        score(code, answers, 4)

    assert isinstance(refused.value, ValueError)
    assert not any(character.isdigit() for character in str(refused.value))


def test_a_total_that_disagrees_is_refused_where_logic_left_a_blank():
    with pytest.raises(Disagrees):
        score("QIDS-SR16", CASES["qids"][3]["answers"], 17)


def test_with_a_blank_the_total_that_was_sent_stands():
    scored = score("PHQ-9", [3] * 8 + [BLANK], 25)

    assert (scored.total, scored.total_source, scored.band) == (25, "reported", "severe")
    assert not scored.complete


def test_a_total_alone_is_reported_and_says_nothing_of_self_harm():
    scored = score("PHQ-9", None, 12)

    assert (scored.total, scored.total_source, scored.complete) == (12, "reported", False)
    assert (scored.self_harm, scored.self_harm_level) == ("unknown", None)
    assert score("GAD-7", None, 12).self_harm == "none"


def sent(code, answers, total):
    with pytest.raises(InvalidAnswers) as refused:
        score(code, answers, total)
    return dict(refused.value.errors)


@pytest.mark.parametrize(
    ("code", "answers", "total", "where"),
    [
        ("PHQ-9", [0] * 8, None, "answers"),
        ("PHQ-9", [0] * 11, None, "answers"),
        ("PHQ-9", [], None, "answers"),
        ("PHQ-9", [0, 0, 0, 4, 0, 0, 0, 0, 0], None, "answers/3"),
        ("PHQ-9", [0, 0, 0, -1, 0, 0, 0, 0, 0], None, "answers/3"),
        ("PHQ-9", [0, 0, 0, 1.0, 0, 0, 0, 0, 0], None, "answers/3"),
        ("PHQ-9", [0, 0, 0, True, 0, 0, 0, 0, 0], None, "answers/3"),
        ("PHQ-9", [0, 0, 0, "1", 0, 0, 0, 0, 0], None, "answers/3"),
        ("PHQ-9", [0] * 9 + [4], None, "answers/9"),
        ("HAMD-17", [0, 0, 0, 3] + [0] * 13, None, "answers/3"),
        ("C-SSRS", [0] * 6, None, "answers"),
        ("C-SSRS", [0] * 5 + [2, 0], None, "answers/5"),
        ("C-SSRS", [0] * 7, 0, "total"),
        ("C-SSRS", None, None, "answers"),
        ("C-SSRS", None, 1, "total"),
        ("PHQ-9", None, None, "answers"),
        ("PHQ-9", None, 28, "total"),
        ("PHQ-9", None, -1, "total"),
        ("PHQ-9", None, float("nan"), "total"),
        ("PHQ-9", None, float("inf"), "total"),
        ("PHQ-9", None, 10**400, "total"),
        ("PHQ-9", None, True, "total"),
        ("PHQ-9", None, "12", "total"),
        ("MADRS", None, 12.5, "total"),
        ("PHQ-9", [BLANK] * 9, 28, "total"),
    ],
)
def test_what_cannot_have_been_answered_is_refused_at_its_place(code, answers, total, where):
    assert where in sent(code, answers, total)


def test_a_refusal_states_the_bound_and_not_what_was_sent():
    errors = sent("PHQ-9", [0, 0, 0, 77, 0, 0, 0, 0, 0], 99)

    assert errors == {
        "answers/3": "a whole number from 0 to 3, or null",
        "total": "a number from 0 to 27",
    }


def test_every_fault_is_named_at_once():
    assert set(sent("GAD-7", [9, 0, 9, 0, 0, 0, 0], None)) == {"answers/0", "answers/2"}


def test_an_unknown_instrument_is_a_key_error():
    with pytest.raises(KeyError):
        score("PHQ-4", [0] * 4)
