import json
from dataclasses import fields

import pytest

from app.science.relief import METHOD_VERSION, SCALES, Policy, policy_from, policy_provenance
from app.science.relief.policy import PROVENANCE
from app.science.relief.scales import REMISSION_SOURCES


def rows(policy):
    return {row["name"]: row for row in policy_provenance(policy)}


def test_every_threshold_says_where_it_comes_from():
    said = rows(Policy())

    assert {field.name for field in fields(Policy)} == PROVENANCE.keys()
    assert SCALES.keys() == REMISSION_SOURCES.keys()
    assert all(row["source"] and row["version"] == METHOD_VERSION for row in said.values())
    assert said["PHQ-9.remission"]["value"] == 4
    assert json.loads(json.dumps(list(said.values()))) == list(said.values())


def test_a_clinic_s_own_value_is_called_its_own():
    said = rows(policy_from({"max_gap_days": 21, "loss_absolute": {"MADRS": 22}}))

    assert (said["max_gap_days"]["value"], said["max_gap_days"]["trust"]) == (21, "clinic")
    assert said["loss_absolute"]["trust"] == "clinic"
    assert said["settle_hours"]["trust"] == "derived"


@pytest.mark.parametrize(
    "chosen",
    [
        {"gap": 3},
        {"instrument_priority": ["PHQ-99"]},
        {"loss_absolute": {"PHQ-99": 3}},
        {"unconfirmed": "maybe"},
        {"confirm": 0},
    ],
    ids=str,
)
def test_a_policy_that_means_nothing_is_refused(chosen):
    with pytest.raises(ValueError, match="policy"):
        policy_from(chosen)


def test_an_unknown_time_zone_is_refused():
    with pytest.raises(ValueError, match="no such timezone"):
        policy_from({"timezone": "Mars/Olympus"}).zone()


@pytest.mark.parametrize("code", SCALES)
def test_severity_and_score_undo_each_other_and_zero_is_well(code):
    scale = SCALES[code]
    best = scale.highest if scale.higher_is_better else scale.lowest

    assert scale.severity(best) == 0
    assert scale.score(scale.severity(3)) == 3
