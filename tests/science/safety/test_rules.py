import pytest

from app.science.safety import LEVELS, RULES, THRESHOLDS, Numbers, loudness
from app.science.thresholds import fault


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_what_is_only_recalled_is_never_louder_than_a_warning(rule):
    loudest = max(rule.levels, key=loudness)

    assert rule.trust != "recalled" or loudness(loudest) <= loudness("warn")
    assert list(rule.levels) == sorted(rule.levels, key=loudness)
    assert set(rule.levels) <= set(LEVELS)


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_what_holds_something_up_is_a_stop_or_a_next_dose(rule):
    assert not rule.holds or "stop" in rule.levels or rule.holds == ("next_dose",)


@pytest.mark.parametrize("key", THRESHOLDS)
def test_every_threshold_belongs_to_a_rule_and_its_default_is_within_its_bounds(key):
    one = THRESHOLDS[key]

    assert any(key.startswith(rule.prefix) for rule in RULES.values())
    assert fault(one, one.value) is None
    assert isinstance(one.value, bool) or (one.least is not None and one.most is not None)


def test_a_choice_that_is_null_is_the_default():
    assert Numbers({"safety.hr.low_bpm": None})["hr.low_bpm"] == 50
