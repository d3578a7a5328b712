import pytest
from pydantic import BaseModel, ConfigDict
from pydantic_core._pydantic_core import list_all_errors

from app.kit.bodies import IN_OUR_WORDS, Unread, parse
from app.kit.errors import Invalid, Malformed

OURS = {"value_error", "assertion_error"}
"""Worded by our own validators."""

NEVER_OF_A_BODY = {"needs_python_object", "no_such_attribute"}


class Note(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = ""


def test_what_pydantic_words_with_a_piece_of_what_was_sent_is_worded_by_us():
    repeating = {
        one["type"]
        for one in list_all_errors()
        if any(
            part in one["message_template_python"] for part in ("error}", "{tag}", "{tz_actual}")
        )
    }

    assert repeating - OURS - NEVER_OF_A_BODY <= set(IN_OUR_WORDS)


@pytest.mark.parametrize(
    ("sent", "pointers"),
    [
        ({"txt": 1}, ["/txt"]),
        ({"Ada Moreau": 1}, [""]),
        ({"text": 1}, ["/text"]),
        ([], [""]),
    ],
)
def test_a_pointer_names_fields_and_nobody(sent, pointers):
    with pytest.raises(Invalid) as refused:
        parse(Note, sent)

    assert [one["pointer"] for one in refused.value.facts["errors"]] == pointers


@pytest.mark.parametrize(
    "raw", [b'{"text": NaN}', b'{"text": "\\ud800"}', b"\xff", b"{", b"[" * 5000]
)
def test_what_is_no_json_is_malformed(raw):
    with pytest.raises(Malformed):
        Unread(Note, raw).read()


def test_no_body_is_an_empty_one():
    assert Unread(Note, b"").read() == Note()
