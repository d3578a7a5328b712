"""Whatever is sent, the answer is a refusal at most, and it repeats none of it."""

import base64
import json
import os
from itertools import count
from uuid import uuid4

import pytest

from app.kit.examples import example
from tests.rules.everything import body_of, fitted, grow
from tests.rules.surface import document, operations

MARK = "zqxjkv"
"""What nobody says by chance."""

NAME = f"{MARK} {MARK}"
"""A key that could be somebody's name. One that could be a field's is repeated as a pointer."""

VALUES = [
    MARK,
    f"{MARK}\x00",
    f"'; DROP TABLE patients; -- {MARK}",
    f"2026-11-23T{MARK}",
    f"0198c5a0-0000-7000-8000-{MARK * 2}",
    MARK * 2000,
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01",
    {NAME: MARK},
    [MARK],
    [{NAME: [MARK]}],
    {},
    [],
    True,
    -1,
    0.5,
    70_000,
    10**30,
    1e308,
]

SHARE = 1 if "FUZZ_EXAMPLES" in os.environ else 3
"""Each field is sent every third of the values, the next field the next third; `make fuzz` sends
all of them to each."""

RAW = {
    "nothing": b"",
    "no JSON": MARK.encode(),
    "no UTF-8": b'{"note": "\xff\xfe"}',
    "NaN": b'{"value": NaN, "total": NaN, "dose_mg": NaN, "systolic_mmhg": NaN}',
    "Infinity": b'{"value": Infinity}',
    "a lone surrogate": b'{"note": "\\ud800", "reason": "\\ud800", "given_name": "\\ud800"}',
    "NUL": b'{"note": "\\u0000", "reason": "\\u0000", "given_name": "\\u0000"}',
    "an array": f'["{MARK}"]'.encode(),
    "a string": f'"{MARK}"'.encode(),
    "a number": b"7",
    "null": b"null",
    "a deep array": b"[" * 1000 + b"]" * 1000,
    "a deep object": b'{"note":' * 1000 + b"1" + b"}" * 1000,
    "deeper than any parser goes": b"[" * 200_000,
    "a long array": b'{"answers": [' + b"0," * 100_000 + b"0]}",
    "a long number": b'{"total": ' + b"9" * 5000 + b"}",
    "a key twice": b'{"reason": "a", "reason": "b", "note": "a", "note": "b"}',
    "a strange key": json.dumps({f"{MARK} {MARK}": 1}).encode(),
    "a byte order mark": b"\xef\xbb\xbf{}",
}

GARBAGE = [
    MARK,
    f"%00{MARK}",
    "%ff%fe",
    "..%2f..%2fetc%2fpasswd",
    f"'%20OR%20'1'='1%20{MARK}",
    "%E2%80%AE",
    "9" * 400,
    "-1",
    "0001-01-01T00:00:00%2B14:00",
    "9999-12-31T23:59:59-14:00",
    *(
        base64.urlsafe_b64encode(json.dumps(key).encode()).decode().rstrip("=")
        for key in (
            [MARK, str(uuid4())],
            ["0001-01-01T00:00:00+14:00", str(uuid4())],
            ["2026-11-23T00:00:00", str(uuid4())],
            ["\x00", str(uuid4())],
            ["\ud800", str(uuid4())],
            [str(uuid4())],
            [],
            [7, None],
            {"a": 1},
        )
    ),
]

BODIES = {
    f"{method} {path}": (method, path)
    for path, method, told in operations()
    if "requestBody" in told
}

ITEMS = {"assessment": "AssessmentIn", "vitals": "VitalsIn", "side_effect": "SideEffectIn"}
"""What a phone's items are shaped like: the document leaves them open."""


def resolved(schema):
    """The properties of a schema, or of what its array holds."""
    named = document()["components"]["schemas"]
    for one in schema.get("anyOf", [schema]):
        inner = one.get("items", one)
        if "$ref" in inner:
            inner = named[inner["$ref"].rpartition("/")[2]]
        if inner.get("properties"):
            return inner["properties"], "items" in one
    return {}, False


def spoiled(body, schema):
    """The body with one field replaced by each bad value, and one field of each field's own."""
    named = document()["components"]["schemas"]
    properties, _ = resolved(schema)
    turn = count()
    for name, told in properties.items():
        inner, listed = resolved(told)
        for value in VALUES[next(turn) % SHARE :: SHARE]:
            yield body | {name: value}
        for below in inner:
            for value in VALUES[next(turn) % SHARE :: SHARE]:
                one = example({"properties": inner}, named) | {below: value}
                yield body | {name: [one] if listed else one}
    for value in VALUES[:1]:
        yield body | {NAME: value}


def told(answer):
    """What an answer says about what was sent, when it refuses."""
    if answer.status_code >= 400:
        return answer.text
    return json.dumps([one["problem"] for one in answer.json().get("results", [])])


@pytest.mark.parametrize("name", [name for name in BODIES if not name.startswith("put")])
async def test_a_bad_field_is_refused_without_a_word_of_it(http, make, name):
    method, path = BODIES[name]
    content = document()["paths"][path][method]["requestBody"]["content"]
    media_type, told_of = next(iter(content.items()))
    if media_type == "application/x-www-form-urlencoded":
        return
    grown = await grow(http, await make.clinic())
    url, caller = path.format(**grown.ids), grown.caller_of(path)
    versioned = (
        {"If-Match": (await http.get(url, headers=caller)).headers["ETag"]}
        if method == "patch"
        else {}
    )

    for body in bad_bodies(path, fitted(body_of(path, method), grown.ids), told_of["schema"]):
        headers = caller | versioned | {"Content-Type": media_type}
        answer = await http.request(method, url, content=json.dumps(body), headers=headers)
        assert answer.status_code < 500, body
        assert MARK not in told(answer), body
        if "ETag" in answer.headers and versioned:
            versioned["If-Match"] = answer.headers["ETag"]


def bad_bodies(path, body, schema):
    if path != "/v1/check-ins":
        yield from spoiled(body, schema)
        return
    for kind, model in ITEMS.items():
        shape = document()["components"]["schemas"][model]
        for item in spoiled(fitted(shape["examples"][0], {}), shape):
            yield body | {"items": [item | {"id": str(uuid4()), "kind": kind}]}
    for value in VALUES:
        yield body | {"sent_at": value}
        yield body | {"items": [value]}
        yield body | {"items": [body["items"][0] | {"id": value}]}
        yield body | {"items": [body["items"][0] | {"kind": value}]}


async def test_a_body_that_is_no_body_is_refused(http, make):
    grown = await grow(http, await make.clinic())

    for method, path in BODIES.values():
        right = next(iter(document()["paths"][path][method]["requestBody"]["content"]))
        others = [(kind, b"{}") for kind in ("text/html", "x", "", f"{right}; charset=utf-16")]
        for kind, raw in [(right, raw) for raw in RAW.values()] + others:
            headers = grown.caller_of(path) | {"If-Match": '"1"', "Content-Type": kind}
            url = path.format(**grown.ids)
            answer = await http.request(method, url, content=raw, headers=headers)
            assert answer.status_code < 500, (path, raw[:50])
            assert not answer.content or MARK not in told(answer), (path, raw[:50])


async def test_a_bad_path_or_query_is_refused_without_a_word_of_it(http, make):
    grown, turn = await grow(http, await make.clinic()), count()

    for path, method, operation in operations():
        for one in operation.get("parameters", []):
            for bad in GARBAGE[next(turn) % SHARE :: SHARE]:
                url = path.format(**grown.ids)
                if one["in"] == "path":
                    url = path.format(**grown.ids | {one["name"]: bad})
                elif one["in"] == "query":
                    url += f"?{one['name']}={bad}"
                else:
                    continue
                body = body_of(path, method)
                answer = await http.request(method, url, json=body, headers=grown.caller_of(path))
                assert answer.status_code < 500, url
                assert answer.status_code < 400 or MARK not in answer.text, url


ODD = [b"\xff\xfe", b"\x01", b"", b'"', b"W/", b"*", b"9" * 3000, b'"1", "2"', b"-1"]

READING_HEADERS = [
    "post /v1/patients",
    "patch /v1/patients/{patient_id}",
    "post /v1/patients/{patient_id}/assessments",
    "patch /v1/assessments/{assessment_id}",
    "post /oauth2/token",
]


@pytest.mark.parametrize("name", READING_HEADERS)
async def test_a_bad_header_is_refused(http, make, name):
    method, path = BODIES[name]
    grown = await grow(http, await make.clinic())

    for header in ("If-Match", "Idempotency-Key", "Authorization", "Content-Type", "Accept"):
        for value in ODD:
            headers = {**grown.caller_of(path), "If-Match": '"7"', header: value}
            url = path.format(**grown.ids)
            answer = await http.request(method, url, json=body_of(path, method), headers=headers)
            assert answer.status_code < 500, (header, value)


@pytest.mark.parametrize(
    "basic", ["\xff", "é", "a", base64.b64encode(b"\xff:\x00").decode(), "Og=="]
)
async def test_bad_credentials_are_refused(http, basic):
    form = {"grant_type": "client_credentials"}
    headers = {"Authorization": f"Basic {basic}".encode("latin-1")}

    answer = await http.post("/oauth2/token", data=form, headers=headers)

    assert answer.status_code == 401


@pytest.mark.parametrize(
    "name", ["grant_type", "scope", "client_id", "client_secret", "refresh_token"]
)
async def test_a_bad_form_is_refused_without_a_word_of_it(http, name):
    for grant in ("client_credentials", "refresh_token", ""):
        for value in ("", MARK, f"\x00{MARK}", "é" * 5000):
            answer = await http.post("/oauth2/token", data={"grant_type": grant, name: value})

            assert 400 <= answer.status_code < 500
            assert MARK not in answer.text


async def test_text_is_never_read_as_sql(http, make, owner):
    clinic = await make.clinic()
    nurse = await clinic.staff()
    text = "'); DROP TABLE patients; -- $1 %s {} \\ ' OR '1'='1"
    sent = {"given_name": text, "identifiers": [{"system": text, "value": text}]}

    made = await http.post("/v1/patients", json=sent, headers=nurse)
    found = await http.post("/v1/patients/search", json={"name": text}, headers=nurse)
    none = await http.post("/v1/patients/search", json={"name": "%"}, headers=nurse)

    assert made.json()["given_name"] == text
    assert [one["id"] for one in found.json()["items"]] == [made.json()["id"]]
    assert none.json()["items"] == []
    assert await owner.value("SELECT count(*) FROM patients") == 1
