"""The demo clinic, as `make run` serves it: a morning there, and every page of it."""

import json
import re
from contextlib import ExitStack

import pytest
from playwright.sync_api import expect

from tests.browser.addresses import NOWHERE, PAGES, all_of
from tests.browser.devices import CONTRAST, SCREENS, device_of
from tests.browser.hands import Hands
from tests.browser.picture import Picture, shifted
from tests.cli.processes import serving


@pytest.fixture(scope="module")
def service(data_dir):
    with serving(data_dir, command="demo") as running:
        yield running


@pytest.fixture(scope="module")
def kept(service, data_dir):
    """What `make run` tells whoever started it."""
    return json.loads((data_dir / "demo.json").read_text())


def test_what_a_page_is_made_of_stays_where_it_was_drawn(desks, addresses, kept):
    pages = ["/today", f"/patients/{kept['patient_id']}", *addresses["/chair/{infusion_id}"]]
    moved = {}

    for screen, desk in desks.items():
        for address in pages:
            desk.open(address)
            moved[screen, address] = shifted(desk.page)

    assert {where: told for where, told in moved.items() if told} == {}


def test_a_morning_from_sign_in_to_the_decision(device, kept):
    laptop = device()
    page = laptop.page

    come_in(laptop, kept)
    name = find_who_is_fading(laptop)
    page.get_by_role("link", name="Today").click()
    record_a_pressure(page)
    meet_a_warning(laptop)
    page.get_by_role("link", name="Today").click()
    let_somebody_go_home(page)
    page.get_by_role("link", name="Today").click()
    page.get_by_role("table").get_by_role("link", name=name).click()
    decide(page)


def come_in(laptop, kept):
    page = laptop.page
    laptop.open("/")
    page.get_by_label("Clinic").fill(kept["clinic"])
    page.get_by_label("E-mail").fill(kept["email"])
    page.get_by_label("Password").fill(kept["password"])
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Today")


def find_who_is_fading(laptop):
    """Today says who needs attention and why, and their page says more."""
    page = laptop.page
    fading = page.get_by_role("row").filter(has_text="Relief is fading:").first
    expect(fading).to_contain_text("below baseline")
    laptop.shoot("morning-1-today", whole=False)
    name = fading.get_by_role("link").inner_text()
    fading.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    expect(page.get_by_role("heading", name=re.compile("fading"))).to_be_visible()
    expect(page.get_by_role("img", name=re.compile("^Timeline, "))).to_be_visible()
    laptop.shoot("morning-2-patient", whole=False)
    return name


def record_a_pressure(page):
    """From today's page it takes three taps and the digits."""
    hands = Hands(page)
    running = page.get_by_role("listitem").filter(has_text="running")
    hands.tap(running.get_by_role("link"))
    hands.tap(page.get_by_role("textbox", name="Systolic"))
    hands.type("142", "88", "84", "97")
    hands.tap(page.get_by_role("button", name="Save reading"))

    expect(page.get_by_role("status")).to_contain_text("Saved: 142/88, pulse 84, SpO₂ 97.")
    readings = page.get_by_role("region", name="Readings").get_by_role("row")
    expect(readings.nth(1)).to_contain_text("142/88")
    assert (hands.taps, hands.keys) == (3, 9)


def meet_a_warning(laptop):
    """A rule speaks the moment that a value is entered; the session is over then."""
    page = laptop.page
    page.get_by_role("textbox", name="Systolic").click()
    Hands(page).type("186", "118")
    page.get_by_role("button", name="Save reading").click()
    warnings = page.get_by_label("Warnings", exact=True).get_by_role("listitem")
    expect(warnings.filter(has_text="186/118").first).to_be_visible()
    page.evaluate("scrollTo(0, 0)")
    laptop.shoot("morning-3-chair", whole=False)
    page.get_by_role("button", name=re.compile("^Complete")).first.click()
    expect(page.get_by_text("Recovering")).to_be_visible()


def let_somebody_go_home(page):
    """What is not met is said, and passed with a reason."""
    page.get_by_role("listitem").filter(has_text="chair 1").get_by_role("link").click()
    page.get_by_role("button", name="All not asked yet").click()
    for promise in ("Walks steadily", "takes them home", "instructions", "not to drive"):
        page.get_by_role("checkbox", name=promise).check()
    page.get_by_role("textbox", name="Aldrete").fill("10")
    page.get_by_role("button", name="Let them go home").click()
    reasons = page.get_by_role("textbox", name=re.compile("^Reason: "))
    expect(reasons.first).to_be_visible()
    for reason in reasons.all():
        if reason.is_visible():
            reason.fill("Seen by the clinician, well enough")
    page.get_by_role("button", name="Let them go home").click()
    expect(page.get_by_text("Went home").first).to_be_visible()


def decide(page):
    why = "Fading, and the last infusion held for weeks"
    page.get_by_role("link", name="Decide").click()
    page.get_by_label("Repeat the infusion").check()
    page.get_by_label("Why", exact=True).fill(why)
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("listitem").filter(has_text=why)).to_be_visible()


@pytest.fixture(scope="module")
def desks(service, kept, chromium):
    """An admin, who may see every page, at each screen."""
    with ExitStack() as stack:
        found = {}
        for screen, (width, _) in SCREENS.items():
            found[screen] = stack.enter_context(device_of(chromium, service.url, width))
            found[screen].sign_in("demo", kept["admin_email"], kept["admin_password"])
        yield found


@pytest.fixture(scope="module")
def addresses(desks):
    browser = desks["laptop"].context.request
    return all_of(lambda address: browser.get(address).text()) | {one: [one] for one in NOWHERE}


@pytest.mark.parametrize("page", [*PAGES, *NOWHERE])
def test_a_page_has_no_barriers(desks, addresses, page):
    wrong = {}

    for number, address in enumerate(addresses[page]):
        for screen, desk in desks.items():
            desk.open(address)
            first, last = SCREENS[screen][1]
            desk.page.emulate_media(color_scheme=first)
            wrong[address, screen, first] = desk.barriers()
            desk.page.emulate_media(color_scheme=last)
            wrong[address, screen, last] = desk.broken(CONTRAST)
            desk.shoot(f"{'-'.join(re.findall('[a-z-]+', page))}-{number}-{screen}")

    assert addresses[page], "no page leads there"
    assert {where: found for where, found in wrong.items() if found} == {}


def test_a_patient_who_holds_the_tablet_sees_the_questions_alone(device, kept):
    tablet = device(width=820, height=1180)
    page = tablet.page
    patient = f"/patients/{kept['patient_id']}"
    tablet.sign_in(kept["clinic"], kept["email"], kept["password"], f"{patient}/assess")
    phq = page.get_by_role("listitem").filter(has=page.get_by_text("PHQ-9", exact=True))
    phq.get_by_role("button", name="Hand the tablet over").click()
    asked = tablet.barriers()
    for question in page.get_by_role("group").all():
        question.get_by_role("radio").nth(1).check()
    tablet.shoot("handed-over-questions")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    tablet.shoot("handed-over-thanks")
    thanked = tablet.barriers()

    assert asked == thanked == []
    tablet.open(patient)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.fixture
def timeline(device, kept):
    """Opens a patient's picture at a device; it, the picture, and the days shown at first."""

    def opened(**how):
        there = device(**how)
        patient = f"/patients/{kept['patient_id']}"
        there.sign_in(kept["clinic"], kept["email"], kept["password"], patient)
        return there, Picture(there.page), there.page.locator("#shown").inner_text()

    return opened


def test_dragging_over_the_picture_looks_closer_and_a_double_click_goes_back(timeline):
    laptop, picture, usual = timeline()
    given = laptop.page.get_by_role("region", name="Infusions and their relief")
    all_of_them = given.get_by_role("row").count()

    picture.drag(0.5, 0.7)

    expect(picture.shown).not_to_have_text(usual)
    assert re.search(r"\?.*from=\d{4}-\d\d-\d\d&to=\d{4}-\d\d-\d\d$", laptop.page.url)
    assert given.get_by_role("row").count() < all_of_them
    closer = picture.shown.inner_text()
    laptop.page.reload()
    expect(picture.shown).to_have_text(closer)
    picture.drag(0.2, 0.8)
    expect(picture.shown).not_to_have_text(closer)
    laptop.page.mouse.dblclick(*picture.place(0.5))
    expect(picture.shown).to_have_text(closer)


def test_the_picture_is_moved_and_walked_through_by_keys_alone(timeline):
    laptop, picture, usual = timeline()
    press = laptop.page.keyboard.press

    picture.region.focus()
    press("+")
    expect(picture.shown).not_to_have_text(usual)
    closer = picture.shown.inner_text()
    press("ArrowLeft")
    expect(picture.shown).not_to_have_text(closer)
    press("0")
    expect(picture.shown).to_have_text(usual)
    press("Enter")
    first = picture.spoken.inner_text()
    expect(picture.words).to_have_text(first)
    press("ArrowDown")
    expect(picture.spoken).not_to_have_text(first)
    assert laptop.barriers() == []
    press("Escape")

    expect(picture.words).to_be_hidden()
    expect(picture.region).to_be_focused()
    press("Tab")
    expect(laptop.page.locator("summary").first).to_be_focused()


def test_what_a_mark_says_can_be_read_and_put_away(timeline):
    laptop, picture, _ = timeline()
    answer = picture.region.locator("circle.score").last

    answer.hover(force=True)
    expect(picture.words).to_contain_text("PHQ-9")
    picture.words.hover()
    expect(picture.words).to_be_visible()
    laptop.page.keyboard.press("Escape")
    expect(picture.words).to_be_hidden()


def test_a_finger_marks_days_across_and_scrolls_up_and_down(timeline):
    tablet, picture, usual = timeline(has_touch=True)
    start = picture.place(0.6)
    above = tablet.page.evaluate("scrollY")

    picture.swipe(start, (start[0], start[1] - 200))
    tablet.page.wait_for_function("(above) => scrollY > above + 50", arg=above)
    expect(picture.shown).to_have_text(usual)
    picture.swipe(picture.place(0.9), picture.place(0.6))

    expect(picture.shown).not_to_have_text(usual)


def test_without_the_service_the_picture_stays_and_says_so(timeline):
    laptop, picture, usual = timeline()
    closer = laptop.page.get_by_role("link", name="Closer")

    laptop.cut()
    closer.click()
    expect(picture.shown).to_have_text(f"The service can't be reached. Still shown: {usual}.")
    laptop.mend()
    laptop.context.clear_cookies()
    closer.click()

    expect(picture.shown).to_contain_text("You are signed out")
    expect(picture.region.get_by_role("img")).to_be_visible()
