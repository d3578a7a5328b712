import json
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from app.science.relief import extract
from tests.science.relief.makers import START, infusion, mood, on_day, patient, phq9

days = st.one_of(st.integers(-35, 250), st.integers(-70, 500).map(lambda half: half / 2))
named = st.integers(0, 10**6).map(str)
infusions = st.lists(st.builds(infusion, days, named), unique_by=lambda one: one["id"], max_size=8)
scores = st.lists(
    st.one_of(
        st.builds(phq9, days, st.integers(0, 27), named),
        st.builds(mood, days, st.integers(0, 10), named),
    ),
    unique_by=lambda one: one["id"],
    max_size=25,
)
BASICS = [phq9(-1, 18), phq9(3, 8), phq9(10, 7), phq9(17, 12)]


def only(episodes):
    (episode,) = episodes
    return episode


@given(infusions, scores, st.randoms())
def test_the_order_records_arrive_in_does_not_matter(given_infusions, given_scores, random):
    shuffled = patient(
        random.sample(given_infusions, len(given_infusions)),
        random.sample(given_scores, len(given_scores)),
    )

    assert extract(shuffled) == extract(patient(given_infusions, given_scores))


@given(infusions, scores)
def test_the_same_records_give_the_same_bytes(given_infusions, given_scores):
    record = patient(given_infusions, given_scores)

    assert json.dumps(extract(record)) == json.dumps(extract(json.loads(json.dumps(record))))


@given(infusions, scores)
def test_a_record_sent_twice_counts_once(given_infusions, given_scores):
    once = patient(given_infusions, given_scores)
    twice = patient(given_infusions * 2, given_scores * 2)

    assert extract(twice) == extract(once)


@given(infusions, scores)
def test_relief_never_outlasts_what_was_seen(given_infusions, given_scores):
    for episode in extract(patient(given_infusions, given_scores))["episodes"]:
        if episode["status"] in {"held", "lost"}:
            onset = episode["onset"]
            assert 0 <= onset["lower"] <= onset["upper"] <= episode["lower"] <= 550
        if episode["status"] == "lost":
            assert episode["lower"] < episode["upper"]


def test_a_late_score_gives_what_it_would_have_given_in_time():
    late = phq9(17, 12, recorded_at=on_day(40))
    record = patient([infusion(0)], [*BASICS[:3], late])

    before = extract(record | {"known_at": on_day(39)})
    after = extract(record | {"known_at": on_day(40)})

    assert before == extract(patient([infusion(0)], BASICS[:3]))
    assert after == extract(patient([infusion(0)], [*BASICS[:3], late]))
    assert only(after["episodes"])["status"] == "lost"


def test_a_corrected_score_gives_what_the_right_one_would_have_given():
    wrong = phq9(17, 21)
    right = phq9(17, 6, "right", supersedes="s17", recorded_at=on_day(18))
    always = phq9(17, 6, "right")

    found = extract(patient([infusion(0)], [*BASICS[:3], wrong, right]))

    assert found == extract(patient([infusion(0)], [*BASICS[:3], always]))


def test_a_withdrawn_score_leaves_nothing():
    gone = {"id": "gone", "supersedes": "s17", "deleted": True, "value": None}

    found = extract(patient([infusion(0)], [*BASICS, gone]))

    assert found == extract(patient([infusion(0)], BASICS[:3]))


def test_a_voided_infusion_is_as_if_never_given():
    voided = infusion(12, supersedes="i12", deleted=True, recorded_at=on_day(20)) | {"id": "void"}

    found = extract(patient([infusion(0), infusion(12), voided], BASICS))

    assert found == extract(patient([infusion(0)], BASICS))


def test_an_episode_says_which_scores_it_rests_on():
    ratings = [mood(-1, 2), mood(3.1, 6), mood(3.2, 8), mood(4, 7)]

    phq = extract(patient([infusion(0)], [*BASICS, phq9(10.1, 6, "later")]))
    rating = extract(patient([infusion(0)], ratings))

    assert only(phq["courses"])["baseline_ids"] == ["s-1"]
    assert only(phq["episodes"])["rests_on"] == ["s3", "later", "s17"]
    assert only(rating["episodes"])["rests_on"] == ["s3.1", "s3.2", "s4"]


def test_an_infusion_at_home_ends_the_interval_and_has_no_episode():
    at_home = infusion(12, setting="home")

    found = extract(patient([infusion(0), at_home, infusion(20)], BASICS))

    clinic, next_at_clinic = found["episodes"]
    assert (clinic["infusion_id"], next_at_clinic["infusion_id"]) == ("i0", "i20")
    assert (clinic["status"], clinic["censor_reason"]) == ("held", "next_infusion")
    assert clinic["rests_on"] == ["s3", "s10"]
    assert next_at_clinic["index_in_course"] == 3


def test_infusions_at_home_keep_a_course_together():
    treated_at_home = [infusion(day, setting="home") for day in (50, 100)]

    found = extract(patient([infusion(0), *treated_at_home, infusion(150)], BASICS))

    assert len(found["courses"]) == 1


def test_an_infusion_at_home_is_not_merged_into_one_at_the_clinic():
    at_home = infusion(0.3, setting="home")

    found = extract(patient([infusion(0), at_home], BASICS))

    assert only(found["episodes"])["status"] == "unobserved"


def test_a_clinician_can_force_and_forbid_a_course():
    forced = patient([infusion(0), infusion(14, starts_course=True)], BASICS)
    forbidden = patient([infusion(0), infusion(120, starts_course=False)], BASICS)

    assert [course["index"] for course in extract(forced)["courses"]] == [1, 2]
    assert [course["index"] for course in extract(forbidden)["courses"]] == [1]


def test_a_stated_baseline_goes_with_the_course_that_holds_its_infusion():
    stated = {"instrument": "PHQ-9", "value": 24, "first_infusion_id": "i200", "id": "b"}
    later = [phq9(199, 14), phq9(203, 11)]
    early_arrival = infusion(198)

    found = extract(
        patient([infusion(0), infusion(200), early_arrival], BASICS + later, baselines=[stated])
    )

    first, second = found["courses"]
    assert (first["baseline"], first["baseline_source"]) == (18, "score")
    assert (second["baseline"], second["baseline_source"]) == (24, "explicit")
    assert second["baseline_ids"] == ["b"]


def test_the_clinic_s_clock_may_be_a_time_zone():
    record = patient([infusion(0)], [phq9(-1, 18), {**phq9(0, 8, "d"), "t": "2026-07-15"}])

    found = extract(record | {"policy": {"timezone": "Europe/Paris", "response_window_days": 300}})

    noon_in_paris = (START.replace(month=7, day=15, hour=10) - START) / timedelta(days=1)
    assert only(found["episodes"])["onset"]["upper"] == noon_in_paris
