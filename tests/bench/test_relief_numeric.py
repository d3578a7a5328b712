"""The numeric reference cases: by hand, in closed form, published, or from other programs."""

import json
import math
from pathlib import Path

import pytest

from bench.relief_numeric import answer

CASES = json.loads(
    (Path(__file__).parents[1] / "cases" / "relief" / "numeric.json").read_text(encoding="utf-8")
)
QUANTILES = {"median", "q10", "q90"}


def misses(expected, found, tolerance, path=""):
    if isinstance(expected, dict):
        for key, value in expected.items():
            yield from misses(value, found[key], tolerance, f"{path}.{key}")
    elif isinstance(expected, list):
        for place, pair in enumerate(zip(expected, found, strict=True)):
            yield from misses(*pair, tolerance, f"{path}[{place}]")
    elif isinstance(expected, bool) or not isinstance(expected, int | float):
        if expected != found:
            yield f"{path}: {found!r}, expected {expected!r}"
    else:
        share = 0.005 if path.rsplit(".", 1)[-1] in QUANTILES else 0.0
        if not math.isclose(expected, found, rel_tol=share, abs_tol=tolerance):
            yield f"{path}: {found!r}, expected {expected!r}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['kind']}-{case['name']}")
def test_a_numeric_case_comes_out_as_expected(case):
    found = dict(answer(case))

    if "masses" in case["expected"]:
        found["masses"] = [one for one in found["masses"] if one[2] > 1e-6]
    assert not list(misses(case["expected"], found, case["tolerance"])), case["why"]
