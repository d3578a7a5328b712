"""The reference cases: what was expected was written by hand, from the method's definitions."""

import json
from pathlib import Path

import pytest

from app.science.relief import extract

CASES = json.loads(
    (Path(__file__).parents[2] / "cases" / "relief" / "episodes.json").read_text(encoding="utf-8")
)
DAYS = 6e-5
"""Days in the cases are rounded to four decimals."""


def differences(expected, found, path="answer"):
    if isinstance(expected, dict):
        for key, value in expected.items():
            yield from differences(value, found.get(key, "absent"), f"{path}.{key}")
    elif isinstance(expected, list):
        if len(expected) != len(found):
            yield f"{path}: {len(found)} of {len(expected)}"
        for place, pair in enumerate(zip(expected, found, strict=False)):
            yield from differences(*pair, f"{path}[{place}]")
    elif isinstance(expected, bool) or not isinstance(expected, int | float):
        if expected != found:
            yield f"{path}: {found!r}, expected {expected!r}"
    elif not isinstance(found, int | float) or abs(expected - found) > DAYS:
        yield f"{path}: {found!r}, expected {expected!r}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_reference_case_comes_out_as_written(case):
    found = extract(case["input"])

    assert not list(differences(case["expected"], found)), case["why"]
