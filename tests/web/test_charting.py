from app.web.charting.forms import ASKED, FORMS
from tests.web.charts import FILLED, HOSTILE, added, at_work, filled, kept, opened


async def test_each_form_makes_its_record_and_twice_makes_one(http, make, browser):
    headers, ada = await at_work(http, make, browser)

    for what, fields in FILLED.items():
        form = FORMS[what]
        url = f"/patients/{ada}/add/{what}"
        page = await opened(browser, url)
        sent = filled(page) | fields
        pages = [await browser.post(url, data=sent) for _ in range(2)]

        assert all(f' name="{name}"' in page.text for name in fields)
        assert [page.status_code for page in pages] == [200, 200], pages[0].text
        ours = [one for one in await kept(http, headers, ada, form.kind) if one["id"] == sent["id"]]
        assert len(ours) == 1
        assert pages[0].url.path == f"/records/{form.kind.noun}/{sent['id']}"
        assert ours[0].items() >= dict(form.fixed).items()


def test_every_form_and_every_condition_of_the_checklist_is_tried():
    possible = FORMS["condition"].kind.model.model_json_schema()["$defs"]["ConditionName"]["enum"]

    assert FILLED.keys() == FORMS.keys()
    assert set(ASKED) == set(possible) - {"other"}


async def test_a_local_time_is_the_clinics_and_a_day_alone_is_a_day(http, make, browser, owner):
    headers, ada = await at_work(http, make, browser)
    await owner.rows("UPDATE clinics SET time_zone = 'America/Denver'")
    day = {"measured_at-day": "2026-01-05"}

    await added(browser, ada, "vitals", weight_kg="80", **day, **{"measured_at-clock": "09:30"})
    await added(browser, ada, "vitals", weight_kg="81", **day, **{"measured_at-clock": ""})

    found = await kept(http, headers, ada, FORMS["vitals"].kind)
    assert {(one["measured_at"], one["measured_on"]) for one in found} == {
        ("2026-01-05T16:30:00Z", None),
        (None, "2026-01-05"),
    }


async def test_what_is_wrong_stands_beside_its_field_and_what_was_typed_stays(http, make, browser):
    _, ada = await at_work(http, make, browser, given_name=HOSTILE)
    url = f"/patients/{ada}/add/vitals"
    sent = filled(await opened(browser, url))
    told = {"systolic_mmhg": "842", "diastolic_mmhg": "88", "note": HOSTILE}

    over = await browser.post(url, data=sent | told)
    alone = await browser.post(url, data=sent | {"systolic_mmhg": "142"})

    assert over.status_code == 422
    assert 'value="842" autocomplete="off" aria-invalid="true"' in over.text
    assert 'id="systolic_mmhg-wrong">' in over.text
    assert HOSTILE not in over.text
    assert 'id="method-wrong">send both pressures' in alone.text


async def test_what_was_added_is_in_the_history_where_it_is_asked_for(http, make, browser):
    _, ada = await at_work(http, make, browser)
    await added(browser, ada, "event", kind="fall")
    await added(browser, ada, "lab", **FILLED["lab"])

    usual = await opened(browser, f"/patients/{ada}")
    asked = await opened(browser, f"/patients/{ada}?kinds=event&kinds=lab")

    assert "<strong>fall</strong>" not in usual.text
    assert "<strong>fall</strong>" in asked.text
    assert "<strong>ALT 31 U/L</strong>" in asked.text


async def test_a_doubtful_weight_is_asked_about(http, make, browser):
    headers, ada = await at_work(http, make, browser)
    await added(browser, ada, "vitals", weight_kg="80")
    url = f"/patients/{ada}/add/vitals"
    sent = filled(await opened(browser, url)) | {"weight_kg": "176"}

    doubted = await browser.post(url, data=sent)
    meant = await browser.post(url, data=sent | {"weight_confirmed": "yes"})

    assert 'name="weight_confirmed"' in doubted.text
    assert meant.status_code == 200
    assert len(await kept(http, headers, ada, FORMS["vitals"].kind)) == 2
