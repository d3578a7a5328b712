from datetime import UTC, datetime, timedelta
from uuid import UUID
from xml.etree import ElementTree as ET

import pytest

from app.picture.drawing import draw
from app.picture.scene import Ahead, Felt, Flag, Given, Levels, Peak, Scene, Score, Span
from app.science.relief import SCALES
from app.web.rendering import files

NOW = datetime(2026, 11, 23, 16, tzinfo=UTC)

DECADE = 3650
SESSIONS, ANSWERS = 60, 500

LIMIT = 150_000
"""Bytes of the page with everything that it asks for."""

REST = 22_000
"""Of these, what the page weighs beside its picture and its files: lists that don't grow."""

TITLE = "{http://www.w3.org/2000/svg}title"


def days(count):
    return NOW + timedelta(days=count)


def name(number):
    return str(UUID(int=number))


@pytest.fixture(scope="module")
def scene():
    """Treated every two months for ten years, and asked every week."""
    given = [-DECADE + DECADE / SESSIONS * n for n in range(SESSIONS)]
    ends = [*(days(one) for one in given[1:]), None]
    effects = ("nausea", "dizziness", "headache", "blurred_vision", "anxiety")
    return Scene(
        scale=SCALES["PHQ-9"],
        since=days(-DECADE - 7),
        until=days(30),
        now=NOW,
        scores=[
            Score(name(n), days(-DECADE + DECADE / ANSWERS * n), n % 28, 14) for n in range(ANSWERS)
        ],
        given=[Given(name(n), days(at), "iv", 0.5, 40) for n, at in enumerate(given)],
        spans=[
            Span(name(n), days(at), end, "lost", days(at + 2), days(at + 20.3), days(at + 27.7))
            for n, (at, end) in enumerate(zip(given, ends, strict=True))
        ],
        levels=[Levels(days(-DECADE), None, 10, 4)],
        felt=[
            Felt(one, days(at), (n + place) % 10, (n + place) % 3 > 0)
            for n, at in enumerate(given)
            for place, one in enumerate(effects)
        ],
        peaks=[Peak(days(at), 150 + n % 20, 90, 128) for n, at in enumerate(given)],
        flags=[Flag(name(n), days(at + 1), "alert", "warn") for n, at in enumerate(given[::3])]
        + [Flag(name(n), days(at - 1), "decision", "wait") for n, at in enumerate(given[::2])],
        ahead=Ahead(days(2), days(10), days(25), days(4), days(8)),
        summary="Relief is holding.",
        zone="America/Denver",
    )


def test_ten_years_leave_room_for_the_page_around_them(scene):
    drawn = draw(scene, 1100, theme=None)

    asked = sum(
        len(files()[one][0])
        for one in ("app.css", "picture.css", "app.js", "timeline.js", "icon.svg")
    )
    assert len(drawn.encode()) + asked + REST < LIMIT


def test_a_page_shows_every_answer_and_says_each(scene):
    root = ET.fromstring(draw(scene, 1100, theme=None))

    dots = [one for one in root.iter() if one.get("class") in ("score", "scores")]
    told = [
        answer for one in dots for answer in one.find(TITLE).text.removeprefix("PHQ-9 ").split("; ")
    ]
    points = sum(one.get("d", "M").count("M") for one in dots)
    assert points == len(told) == ANSWERS
    assert len(dots) < ANSWERS / 3


def test_a_picture_that_stands_alone_has_a_mark_with_its_id_for_every_answer(scene):
    root = ET.fromstring(draw(scene, 1100))

    ids = [one.get("data-id") for one in root.iter() if one.get("class") == "score"]
    assert ids == [one.id for one in scene.scores]
