from datetime import date, timedelta

import pytest

from app.science.safety import (
    Allergy,
    Condition,
    Medication,
    Numbers,
    Person,
    Screening,
    Unreviewed,
    of_session,
    stands_in_way,
)
from tests.science.safety.makers import START, chart, found, levels

DAY = START.date()
ADA = Person("female", date(1984, 5, 2))


def pregnancy(result, person=ADA, expires_on=None):
    test = Screening("test", "pregnancy", result, expires_on=expires_on)
    return levels(chart(person=person, screenings=(test,))).get("PREG")


def test_a_test_that_is_positive_or_unknown_stops_and_an_expired_one_warns():
    assert (pregnancy("positive"), pregnancy("unknown"), pregnancy("negative")) == (
        "stop",
        "stop",
        None,
    )
    assert pregnancy("not_applicable") is None
    assert pregnancy("negative", expires_on=DAY) == "warn"
    assert pregnancy("negative", expires_on=DAY + timedelta(days=1)) is None
    assert pregnancy("unknown", Person("male")) is None
    assert pregnancy("positive", Person("male")) == "stop"
    assert pregnancy("negative", Person("female", date(1960, 1, 1)), expires_on=DAY) is None


def test_a_test_that_was_never_made_is_shown_and_stops_nothing():
    def shown(person):
        told = of_session(chart(person=person), Numbers())
        return [(one.level, stands_in_way(one)) for one in told if one.rule == "PREG"]

    assert shown(ADA) == [("info", ())]
    assert shown(Person("male")) == shown(Person("female", date(1950, 1, 1))) == []


def known(*conditions, **fields):
    held = tuple(Condition(f"condition-{name}", name, **fields) for name in conditions)
    return levels(chart(conditions=held))


@pytest.mark.parametrize(
    ("name", "speaks"),
    [
        ("arteriovenous_malformation", {"CI-ABS": "stop"}),
        ("ketamine_hypersensitivity", {"CI-ABS": "stop"}),
        ("psychosis", {"CI-REL": "stop"}),
        ("recent_stroke", {"CI-REL": "stop"}),
        ("dementia", {"CI-REL": "warn"}),
        ("hyperthyroidism", {"CI-REL": "warn"}),
        ("other", {}),
    ],
)
def test_what_was_read_stops_and_what_is_recalled_warns(name, speaks):
    assert known(name) == speaks
    assert known(name, present=False) == {}


def test_some_of_what_is_over_still_counts():
    over = {"resolved_on": DAY - timedelta(days=900)}

    assert known("intracerebral_haemorrhage", **over) == {"CI-ABS": "stop"}
    assert known("cystitis", **over) == {"CI-REL": "warn"}
    assert known("recent_stroke", **over) == {}


def test_an_allergy_to_ketamine_is_a_contraindication():
    told = found(chart(allergies=(Allergy("a", "Esketamine"), Allergy("b", "penicillin"))))

    assert told["CI-ABS"].records == ("a",)


def checked(answers, expires_on=None):
    one = Screening("list", "contraindications", answers=answers, expires_on=expires_on)
    return levels(chart(screenings=(one,)))


def test_a_checklist_counts_until_it_expires_and_unknown_is_not_no():
    assert checked({"psychosis": "no"}) == {}
    assert checked({"arteriovenous_malformation": "yes"}, DAY) == {"CI-ABS": "stop"}
    assert checked({"arteriovenous_malformation": "unknown"}) == {"CI-ABS": "warn"}
    assert checked({}, DAY) == {"CI-ABS": "warn"}
    assert checked({}, DAY + timedelta(days=1)) == {}


@pytest.mark.parametrize(
    ("name", "drug_class", "speaks"),
    [
        ("Lorazepam", None, {"DDI-BZD": "info"}),
        ("Rivotril", "benzodiazepine", {"DDI-BZD": "info"}),
        ("methylphenidate", None, {"DDI-STIM": "info"}),
        ("Tranylcypromine", None, {"DDI-MAOI": "warn"}),
        ("Pregabalin", None, {"DDI-CNS": "warn"}),
        ("lamotrigine 200", None, {"DDI-LTG": "info"}),
        ("memantine", None, {"DDI-MEM": "info"}),
        ("carbamazepine", None, {"DDI-CYP": "info"}),
        ("bupropion/naltrexone", None, {"DDI-NTX": "info"}),
        ("aminophylline", None, {"DDI-THEO": "warn"}),
        ("sertraline", "ssri", {}),
    ],
)
def test_a_medication_is_known_by_its_class_or_its_generic_name(name, drug_class, speaks):
    assert levels(chart(medications=(Medication("m", name, drug_class),))) == speaks


def test_equivalents_are_added_up_as_recorded_and_never_made_up():
    def benzodiazepines(*doses):
        taken = tuple(Medication(str(n), "lorazepam", None, one) for n, one in enumerate(doses))
        return found(chart(medications=taken))["DDI-BZD"]

    assert benzodiazepines(8).level == "info"
    assert benzodiazepines(5, 5).level == "warn"
    assert benzodiazepines(5, 5).evidence["diazepam_equivalent_mg"] == 10
    unsaid = benzodiazepines(5, None)
    assert (unsaid.level, unsaid.evidence["diazepam_equivalent_mg"]) == ("info", None)
    assert unsaid.about == ("medication", "0")


def test_what_is_not_taken_on_the_day_says_nothing():
    stopped = Medication("m", "lorazepam", stopped_on=DAY - timedelta(days=1))
    to_come = Medication("n", "lorazepam", started_on=DAY + timedelta(days=1))

    assert levels(chart(medications=(stopped, to_come))) == {}


def test_an_unreviewed_bladder_symptom_holds_the_start_of_another_session():
    held = Unreviewed("alert", "BLAD", START, "Reported: blood in the urine.", "an earlier one")
    own = Unreviewed("alert", "BLAD", START, "Reported: blood in the urine.", "session")

    (told,) = (
        one for one in of_session(chart(unreviewed=(held,)), Numbers()) if one.rule == "BLAD"
    )

    assert stands_in_way(told) == ("start",)
    assert [one.rule for one in of_session(chart(unreviewed=(own,)), Numbers())] == ["CI-ABS"]
