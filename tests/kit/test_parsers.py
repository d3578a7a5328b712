"""Whatever is sent, a parser gives what it promises or refuses as it promises, and nothing else.

`make fuzz` tries far more.
"""

import json
import os
from contextlib import suppress
from datetime import UTC, datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from app.access.addresses import network
from app.exchange import changes
from app.exchange.schemas import BatchIn
from app.infusions.schemas import InfusionIn
from app.kit import values
from app.kit.bodies import Unread, expected
from app.kit.errors import Invalid, Malformed, Refusal
from app.kit.paging import cursor_of, instant_key, key_of
from app.patients.schemas import PatientIn
from app.web.cookies import session_of

TRIES = settings(
    max_examples=60 * int(os.environ.get("FUZZ_EXAMPLES", "1")), deadline=None, database=None
)

INSTANTS = st.datetimes(timezones=st.just(UTC))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)
CURSORS = (
    st.text()
    | st.lists(st.text() | INSTANTS | st.uuids(), max_size=4).map(lambda key: cursor_of(*key))
    | JSON.map(lambda value: cursor_of(json.dumps(value)))
)


@TRIES
@given(CURSORS)
def test_a_cursor_is_a_key_or_refused(cursor):
    with suppress(Invalid):
        assert all(isinstance(part, str) and "\x00" not in part for part in key_of(cursor))


@TRIES
@given(CURSORS)
def test_a_cursor_in_time_is_an_instant_and_an_id_or_refused(cursor):
    try:
        at, record_id = instant_key(cursor)
    except Invalid:
        return
    assert (at.tzinfo, type(record_id)) == (UTC, UUID)


@TRIES
@given(INSTANTS, st.uuids())
def test_a_cursor_we_gave_leads_back(at, record_id):
    assert instant_key(cursor_of(at, record_id)) == (at, record_id)


NOW = changes.Place(7, UUID(int=7))


@TRIES
@given(
    CURSORS | st.tuples(st.uuids(), st.integers().map(str), st.uuids()).map(lambda k: cursor_of(*k))
)
def test_a_place_in_the_changes_is_one_that_can_be_or_refused(cursor):
    try:
        _, at = changes.place(cursor, NOW)
    except Invalid:
        return
    assert 0 <= at.xid < 2**63


@TRIES
@given(st.text() | st.integers().map(str) | st.integers().map(lambda n: f'W/"{n}"'))
def test_if_match_is_a_version_or_never_matches(header):
    found = expected(header)

    assert found is None or 0 <= found < 2**31


@pytest.mark.parametrize("of", [values.Number, values.Whole, values.Text, values.Note])
@TRIES
@given(value=JSON)
def test_a_value_is_what_a_column_takes_or_refused(of, value):
    try:
        found = TypeAdapter(of).validate_python(value)
    except ValidationError:
        return
    assert not isinstance(value, bool)
    if isinstance(found, str):
        assert "\x00" not in found
    else:
        assert abs(found) <= values.LARGEST


@pytest.mark.parametrize("of", [values.Instant, values.Day, values.Zone])
@TRIES
@given(
    text=st.text()
    | st.datetimes(timezones=st.timezones()).map(datetime.isoformat)
    | st.dates().map(str)
    | st.from_regex(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d)?(Z|[+-]\d\d:\d\d)", fullmatch=True)
)
def test_an_instant_a_day_and_a_zone_are_likely_or_refused(of, text):
    try:
        found = TypeAdapter(of).validate_python(text)
    except ValidationError:
        return
    if not isinstance(found, str):
        assert values.EARLIEST_YEAR <= found.year <= values.LATEST_YEAR
    if isinstance(found, datetime):
        assert found.utcoffset() is not None


@pytest.mark.parametrize("model", [PatientIn, InfusionIn, BatchIn])
@TRIES
@given(raw=st.binary() | JSON.map(lambda value: json.dumps(value).encode()))
def test_a_body_is_its_model_or_refused(model, raw):
    try:
        found = Unread(model, raw).read()
    except (Malformed, Invalid):
        return
    assert isinstance(found, model)


@TRIES
@given(system=st.text(max_size=250), value=st.text(max_size=250))
def test_an_identifier_is_kept_as_it_came_or_refused(system, value):
    sent = json.dumps({"identifiers": [{"system": system, "value": value}]}).encode()
    try:
        (found,) = Unread(PatientIn, sent).read().identifiers
    except Refusal:
        return
    assert (found.system, found.value) == (system, value)
    assert "\x00" not in system + value


@TRIES
@given(st.none() | st.text() | st.ip_addresses().map(str))
def test_whatever_an_address_is_it_is_counted_as_some_network(host):
    assert isinstance(network(host), str)


@TRIES
@given(st.none() | st.text() | st.from_regex(r".*\.\d{0,15}", fullmatch=True))
def test_a_cookie_is_a_session_or_none(cookie):
    found = session_of(cookie)

    assert found is None or cookie.startswith(found.token)
