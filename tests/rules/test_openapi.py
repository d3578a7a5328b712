import json

import jsonschema_rs
import pytest

from app.kit.errors import Refusal
from app.kit.openapi import body_of, models_of, routes
from app.kit.problems import published
from tests.rules.surface import built, document, endpoints, operations

REF = "#/components/schemas/"

EXEMPT = {"/healthz", "/readyz", "/metrics"}
"""For machines that watch; not of the JSON API."""


def valid(schema, value):
    whole = {"$ref": schema["$ref"]} if "$ref" in schema else schema
    validator = jsonschema_rs.Draft202012Validator(
        whole | {"components": document()["components"]}, validate_formats=True
    )
    return [
        f"{list(error.instance_path)}: {error.message}" for error in validator.iter_errors(value)
    ]


def test_the_document_is_openapi_31_and_each_operation_has_a_name_of_its_own():
    names = [operation["operationId"] for _, _, operation in operations()]

    assert document()["openapi"].startswith("3.1")
    assert sorted(names) == sorted(set(names))


def test_the_document_holds_every_path_of_the_json_api():
    told = {(method.upper(), path) for path, method, _ in operations()}

    assert {one for one in endpoints() if one[1] not in EXEMPT} <= told


@pytest.mark.parametrize("model", models_of(built()), ids=lambda model: model.__name__)
def test_a_body_has_an_example_that_its_model_takes(model):
    schema = document()["components"]["schemas"][model.__name__]

    for one in schema["examples"]:
        model.model_validate(one)


def test_every_body_and_every_answer_has_an_example_that_its_schema_allows():
    wrong = {}
    for path, method, operation in operations():
        bodies = operation.get("requestBody", {}).get("content", {})
        answers = {
            f"{status} {kind}": content
            for status, answer in operation["responses"].items()
            for kind, content in answer.get("content", {}).items()
        }
        for name, content in {**bodies, **answers}.items():
            if content.get("schema"):
                found = valid(content["schema"], content["example"])
                if found:
                    wrong[f"{method} {path} {name}"] = found

    assert wrong == {}


def test_every_operation_declares_its_refusals_as_problems():
    for path, _, operation in operations():
        declared = {int(status) for status in operation["responses"]}

        assert {400, 404, 405, 408, 413, 415, 422, 429, 503} <= declared, path
    for name, response in document()["components"]["responses"].items():
        assert list(response["content"]) == ["application/problem+json"], name
        for example in response["content"]["application/problem+json"]["examples"].values():
            assert valid({"$ref": REF + "Problem"}, example["value"]) == []


def test_what_asks_for_a_caller_says_so():
    for path, method, operation in operations():
        if operation.get("security") == [{"bearer": []}]:
            assert {"401", "403"} <= set(operation["responses"]), path
            if method != "get":
                assert "409" in operation["responses"], path


def test_a_change_declares_that_it_needs_the_version():
    for path, method, operation in operations():
        if method == "patch":
            assert {"412", "428"} <= set(operation["responses"]), path
            assert "If-Match" in [one["name"] for one in operation["parameters"]], path
            assert "application/merge-patch+json" in operation["requestBody"]["content"], path


def test_whatever_a_client_may_ask_for_takes_whom_it_acts_for():
    said = {
        (path, method)
        for path, method, operation in operations()
        if "X-Acting-For" in [one["name"] for one in operation.get("parameters", ())]
    }

    assert {("/v1/patients/{patient_id}/timeline", "get"), ("/v1/batch", "post")} <= said
    assert said.isdisjoint({("/v1/me", "get"), ("/v1/check-ins", "post"), ("/v1/staff", "get")})
    assert ("/v1/instruments", "get") not in said


def test_retry_after_is_declared_where_trying_again_is_right():
    for status in (429, 503):
        assert "Retry-After" in document()["components"]["responses"][f"Problem{status}"]["headers"]


def test_records_declare_their_version_and_where_they_are():
    patient = document()["paths"]["/v1/patients"]["post"]["responses"]["201"]

    assert set(patient["headers"]) == {"ETag", "Location"}


def test_bounds_are_told_as_minimum_and_maximum():
    text = json.dumps(document())
    schemas = document()["components"]["schemas"]

    pressure = schemas["VitalsIn"]["properties"]["systolic_mmhg"]["anyOf"][0]
    dose = schemas["InfusionPatch"]["properties"]["dose_mg"]["anyOf"][0]
    assert (pressure["minimum"], pressure["maximum"]) == (30, 320)
    assert dose["maximum"] == 2000
    assert not [bound for bound in ("ge", "le", "gt", "lt", "multiple_of") if f'"{bound}":' in text]


def test_every_late_body_is_described():
    for route in routes(built()):
        if body_of(route) is not None:
            for method in route.methods:
                operation = document()["paths"][route.path_format][method.lower()]
                assert "requestBody" in operation, route.path_format


def test_refusals_have_names_of_their_own():
    found, waiting = {Refusal}, [Refusal]
    while waiting:
        below = waiting.pop().__subclasses__()
        found.update(below)
        waiting.extend(below)

    assert sorted(kind.name for kind in found) == list(published())


@pytest.mark.parametrize("name", sorted(published()))
async def test_what_a_problem_means_is_served_to_anyone(http, name):
    answer = await http.get(f"/problems/{name}")

    assert answer.status_code == 200
    assert answer.json()["type"] == f"/problems/{name}"


async def test_an_unknown_problem_is_not_found(http):
    answer = await http.get("/problems/nonsense")

    assert answer.status_code == 404
    assert answer.json()["type"] == "/problems/not-found"
