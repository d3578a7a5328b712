import json

import pytest

from app.science.relief import extract, lines
from tests.science.relief.makers import infusion, patient, phq9

ADA = patient([infusion(0)], [phq9(-1, 18), phq9(3, 8)])


def test_each_line_is_answered_by_a_line_in_the_same_order():
    asked = [json.dumps(ADA), "\n", json.dumps(ADA | {"patient_id": "bea"})]

    answers = [json.loads(line) for line in lines(asked)]

    assert answers == [extract(ADA), extract(ADA | {"patient_id": "bea"})]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2: not JSON"),
        ("[]", "line 2: a patient is a JSON object"),
        ('{"infusions": 3}', "line 2: infusions is a list"),
        ('{"scores": [{"t": "2026-01-05"}]}', "line 2: every infusion and score needs an id"),
        ('{"infusions": [{"id": "a", "t": "soon"}]}', "line 2: a: t is not an ISO 8601 time"),
        ('{"infusions": [{"id": "a"}]}', "line 2: a: t is not an ISO 8601 time"),
        ('{"baselines": [{"instrument": "PHQ-9"}]}', "line 2: a baseline needs"),
        ('{"policy": {"gap": 1}}', "line 2: policy has no gap"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(line, said):
    with pytest.raises(ValueError, match=said):
        list(lines([json.dumps(ADA), line]))


def test_a_score_that_cannot_be_is_left_out_with_a_note_that_does_not_repeat_it():
    found = extract(patient([infusion(0)], [phq9(-1, 18), phq9(3, 99), phq9(4, None)]))

    assert found["notes"] == [
        "score s3: invalid value, ignored",
        "score s4: invalid value, ignored",
    ]
