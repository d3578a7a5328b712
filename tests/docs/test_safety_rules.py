"""The clinical method tells of every safety rule and of each of its numbers."""

import re

import pytest

from app.science.safety import RULES, THRESHOLDS
from tests.docs.documents import ROOT

SAFETY = (ROOT / "docs" / "clinical-method.md").read_text().partition("## Safety rules")[2]


def written(value):
    if isinstance(value, list):
        return ", ".join(map(written, value))
    return str(value).lower() if isinstance(value, bool) else f"{value:g}"


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES.keys())
def test_every_safety_rule_is_told_with_its_levels_and_trust(rule):
    row = re.search(rf"^\| {rule.id} \| (.+)$", SAFETY, re.MULTILINE)

    assert row is not None
    assert rule.condition in row[1]
    assert row[1].endswith(f"| {rule.trust} |")
    assert all(level in row[1] for level in rule.levels)
    assert all(hold.replace("_", " ") in row[1] for hold in rule.holds)


@pytest.mark.parametrize("key", THRESHOLDS)
def test_every_number_of_a_safety_rule_is_told_with_its_value_and_trust(key):
    one = THRESHOLDS[key]
    unit = f" {one.unit}" if one.unit else ""

    row = f"| `{key.removeprefix('safety.')}` | {written(one.value)}{unit} | {one.source} |"
    assert f"{row} {one.trust} |" in SAFETY
