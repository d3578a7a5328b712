"""What must hold of every instrument as data."""

import json

import pytest

from app.science.instruments import INSTRUMENTS, SOURCES, describe, find, get
from tests.science.instruments.cases import CASES

EVERY = tuple(INSTRUMENTS.values())
BANDED = tuple(i for i in EVERY if i.has_total and i.bands)
NO_WORDING = {
    "QIDS-SR16",
    "MADRS",
    "HAMD-17",
    "BDI-II",
    "C-SSRS",
    "CADSS",
    "CADSS-6",
    "WHO-5",
    "ICSI",
    "IPSS",
}

each = pytest.mark.parametrize("instrument", EVERY, ids=lambda i: i.code)


def has_check_digit(code):
    """LOINC's last digit is the mod 10 check digit of those before it."""
    digits, _, check = code.partition("-")
    odd = "".join(str(int(digit) * 2) for digit in digits[::-1][::2])
    total = sum(map(int, odd)) + sum(map(int, digits[::-1][1::2]))
    return (10 - total % 10) % 10 == int(check)


def loinc_codes(instrument):
    codes = [instrument.panel_loinc, instrument.total_loinc, *(i.loinc for i in instrument.items)]
    return [code for code in codes if code]


def evidence_in(described):
    """Every part of a description that says how far it can be trusted."""
    if isinstance(described, dict):
        if "trust" in described:
            yield described
        for value in described.values():
            yield from evidence_in(value)
    elif isinstance(described, list):
        for value in described:
            yield from evidence_in(value)


@pytest.mark.parametrize("shape", CASES["shape"], ids=lambda s: s["code"])
def test_each_has_its_published_number_of_items_range_and_direction(shape):
    instrument = get(shape["code"])

    assert len(instrument.scored_items) == shape["items"]
    assert (instrument.minimum, instrument.maximum) == (shape["minimum"], shape["maximum"])
    assert instrument.direction == shape["direction"]


def test_the_list_is_that_of_the_contract_in_its_order():
    assert list(INSTRUMENTS) == [shape["code"] for shape in CASES["shape"]]


def test_an_unknown_code_is_found_to_be_none_and_cannot_be_got():
    assert find("PHQ-4") is None
    assert find("PHQ-9") is get("PHQ-9")
    with pytest.raises(KeyError):
        get("PHQ-4")


@each
def test_items_are_numbered_from_one_and_unscored_ones_come_last(instrument):
    assert [item.number for item in instrument.items] == list(range(1, len(instrument.items) + 1))
    scored = [item.scored for item in instrument.items]
    assert scored == sorted(scored, reverse=True)


@pytest.mark.parametrize("case", CASES["bands"], ids=lambda c: c["code"])
def test_bands_start_where_they_were_published(case):
    bands = get(case["code"]).bands

    assert {band.name: band.low for band in bands} == case["starts"]


@pytest.mark.parametrize("instrument", BANDED, ids=lambda i: i.code)
def test_bands_cover_the_range_without_gap_or_overlap(instrument):
    covered = [total for b in instrument.bands for total in range(b.low, b.high + 1)]

    assert covered == list(range(instrument.minimum, instrument.maximum + 1))


def test_every_banded_instrument_has_its_published_bands_checked():
    assert {i.code for i in BANDED} == {case["code"] for case in CASES["bands"]}


@each
def test_every_number_says_how_far_it_can_be_trusted_and_who_says_so(instrument):
    claims = list(evidence_in(describe(instrument)))

    assert len(claims) >= len(instrument.bands) + len(instrument.cut_offs) + 3
    for claim in claims:
        assert claim["trust"] in {"found", "found-2nd", "recalled", "default", "derived"}
        assert claim["sources"]
        assert set(claim["sources"]) <= set(SOURCES)


@each
def test_what_is_found_rests_on_a_source_that_was_read(instrument):
    for claim in evidence_in(describe(instrument)):
        if claim["trust"] in {"found", "found-2nd", "derived"}:
            assert all(SOURCES[key].read for key in claim["sources"])


@each
def test_the_description_lists_every_source_it_names(instrument):
    described = describe(instrument)
    named = {key for claim in evidence_in(described) for key in claim["sources"]}

    assert named <= {source["key"] for source in described["sources"]}


@each
def test_the_description_is_plain_json(instrument):
    described = describe(instrument)

    assert json.loads(json.dumps(described, allow_nan=False)) == described


def test_every_source_is_cited_by_an_instrument():
    named = {source["key"] for i in EVERY for source in describe(i)["sources"]}

    assert named == set(SOURCES)


@each
def test_wording_is_shipped_only_where_the_licence_allows_it(instrument):
    worded = [item.wording for item in instrument.items if item.wording]

    assert bool(worded) == instrument.licence.text_redistributable
    assert bool(worded) == (instrument.code not in NO_WORDING)
    if not worded:
        assert instrument.stem is None
    if worded:
        assert len(worded) == len(instrument.items)


@each
def test_wording_of_others_goes_with_their_notice(instrument):
    if instrument.licence.text_redistributable and instrument.licence.status != "own":
        assert instrument.licence.notice
        assert describe(instrument)["licence"]["notice"] == instrument.licence.notice


def test_the_beck_inventory_names_no_item_beyond_its_number_but_two():
    named = [i.number for i in get("BDI-II").items if i.name != f"item {i.number}"]

    assert named == [2, 9]


@each
def test_every_loinc_code_has_a_right_check_digit(instrument):
    assert all(has_check_digit(code) for code in loinc_codes(instrument))


def test_a_mistyped_loinc_code_fails_its_check_digit():
    assert has_check_digit("69689-8")
    assert not has_check_digit("69689-6")


@each
def test_loinc_codes_are_the_verified_ones_and_no_others(instrument):
    nothing = {"panel": None, "total": None, "items": None}
    verified = CASES["loinc"].get(instrument.code, nothing)

    assert instrument.panel_loinc == verified["panel"]
    assert instrument.total_loinc == verified["total"]
    items = verified["items"] or [None] * len(instrument.items)
    assert [item.loinc for item in instrument.items] == items


def test_codes_come_with_the_notice_that_loinc_asks_for():
    assert "loinc.org/license" in describe(get("PHQ-9"))["loinc"]["notice"]
    assert describe(get("MADRS"))["loinc"] == {"panel": None, "total": None, "notice": None}


def test_the_difficulty_answers_of_the_phq_9_have_codes_out_of_order():
    labels = get("PHQ-9").items[9].labels

    assert [a.loinc for a in labels] == ["LA6572-7", "LA6573-5", "LA6575-0", "LA6574-3"]


@pytest.mark.parametrize("case", CASES["relief"], ids=lambda c: c["code"])
def test_relief_knows_noise_and_remission_of_these_instruments(case):
    profile = get(case["code"]).relief

    assert {key: getattr(profile, key) for key in case if key != "code"} == {
        key: value for key, value in case.items() if key != "code"
    }


def test_relief_is_measured_on_no_other_instrument():
    assert {i.code for i in EVERY if i.relief} == {case["code"] for case in CASES["relief"]}


def test_severity_counts_from_the_best_total_in_either_direction():
    assert get("PHQ-9").severity(10) == 10
    assert get("MOOD-10").severity(8) == 2
    assert get("WHO-5").severity(100) == 0
    with pytest.raises(ValueError, match="no total"):
        get("C-SSRS").severity(1)


@each
def test_scoring_version_names_the_instrument(instrument):
    assert instrument.scoring_version == f"{instrument.code.lower()}/1"


def test_the_form_says_how_far_back_it_looks():
    hours = {code: get(code).recall_hours for code in ("PHQ-9", "QIDS-SR16", "CADSS", "PCL-5")}

    assert hours == {"PHQ-9": 336, "QIDS-SR16": 168, "CADSS": 0, "PCL-5": 720}
    assert [i.number for i in get("QIDS-SR16").items if i.recall_hours == 336] == [8, 9]


def test_the_description_says_which_items_logic_may_skip():
    skippable = {
        i.code: [item["number"] for item in describe(i)["items"] if item["skippable"]]
        for i in EVERY
    }

    assert {code: numbers for code, numbers in skippable.items() if numbers} == {
        "QIDS-SR16": [6, 7, 8, 9],
        "C-SSRS": [3, 4, 5, 7],
    }
