"""The OpenAPI document: what FastAPI knows, with what it can't know added.

Bodies that are read late, the problems that every path may answer, the headers of records.
"""

from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts
from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from app.kit.declared import PROBLEM, SECURITY
from app.kit.examples import REF, example, filled
from app.kit.http import JSON, if_match
from app.kit.problems import MEDIA_TYPE, described, published

Json = dict[str, Any]

DESCRIPTION = """Records ketamine treatment for depression and measures how long the relief lasts.

Every refusal is a problem document (RFC 9457) whose `type` is served at its own path. Enumerations
going out may gain values: treat an unknown one as other.
"""

ALWAYS = (400, 404, 405, 408, 413, 415, 422, 429, 503)
"""What any path may answer, whoever asks."""

WRITES = frozenset({"post", "put", "patch", "delete"})

LATER = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)
"""Refusals that say when to try again."""

HEADERS: Json = {
    "ETag": {
        "description": "The version, quoted, for If-Match",
        "schema": {"type": "string", "pattern": '^"[0-9]+"$', "examples": ['"1"']},
    },
    "Location": {"description": "Where the new record is", "schema": {"type": "string"}},
    "Link": {"description": 'The next page, rel="next"', "schema": {"type": "string"}},
    "Retry-After": {
        "description": "Seconds to wait before trying again",
        "schema": {"type": "string", "pattern": "^[0-9]+$", "examples": ["2"]},
    },
}

SPELLED = {
    "ge": "minimum",
    "le": "maximum",
    "gt": "exclusiveMinimum",
    "lt": "exclusiveMaximum",
    "multiple_of": "multipleOf",
}
"""Bounds outside a validator: pydantic writes them down by its own names."""


def publish(service: FastAPI) -> None:
    """Serve our document in the place of FastAPI's own. It is made once, when first asked for."""

    def made() -> Json:
        if not service.openapi_schema:
            service.openapi_schema = document(service)
        return service.openapi_schema

    service.openapi = made  # type: ignore[method-assign]  # FastAPI's own way to extend it


def document(service: FastAPI) -> Json:
    """The whole document."""
    told: Json = get_openapi(
        title=service.title,
        version=service.version,
        description=DESCRIPTION,
        routes=service.routes,
    )
    schemas: Json = told["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    add_schemas(schemas, models_of(service))
    told["components"] |= {
        "securitySchemes": SECURITY,
        "headers": HEADERS,
        "responses": dict(problem_responses()),
    }
    schemas["Problem"] = PROBLEM
    spell(told)
    for route, method, operation in operations(service, told):
        add_body(operation, route)
        add_parameters(operation, route)
        guarded = if_match in calls(route.dependant)
        of_patient = "{patient_id}/" in str(route.path_format)
        add_problems(operation, method, guarded=guarded, of_patient=of_patient)
        add_headers(operation, schemas)
    add_examples(told)
    return told


def operations(service: FastAPI, told: Json) -> Iterator[tuple[RouteContext, str, Json]]:
    """Each route that the document holds, with its method and what is said of it."""
    for route in routes(service):
        for method in route.methods or ():
            operation = told["paths"].get(route.path_format, {}).get(method.lower())
            if operation is not None:
                yield route, method.lower(), operation


def routes(service: FastAPI) -> Iterator[RouteContext]:
    """Every path operation of the service."""
    for route in iter_route_contexts(service.routes):
        if isinstance(route.original_route, APIRoute):
            yield route


def calls(dependant: Dependant) -> Iterator[Callable[..., Any]]:
    """Everything that is called to answer a route: its dependencies, and theirs."""
    if dependant.call is not None:
        yield dependant.call
    for dependency in dependant.dependencies:
        yield from calls(dependency)


def body_of(route: RouteContext) -> tuple[type[BaseModel], tuple[str, ...]] | None:
    """The model and the media types of a body that is read late."""
    for call in calls(route.dependant):
        model = getattr(call, "body_model", None)
        if model is not None:
            return model, getattr(call, "body_media", (JSON,))
    return None


def models_of(service: FastAPI) -> list[type[BaseModel]]:
    """Every model that a late body has, each once."""
    found = (body_of(route) for route in routes(service))
    return list(dict.fromkeys(body[0] for body in found if body is not None))


def add_schemas(schemas: Json, models: list[type[BaseModel]]) -> None:
    """Describe the bodies. A name that means two things is a mistake of ours."""
    wanted = [(model, "validation") for model in models]
    _, made = models_json_schema(wanted, ref_template=REF + "{model}")  # type: ignore[arg-type]  # "validation" is a mode
    for name, schema in made.get("$defs", {}).items():
        assert schemas.get(name, schema) == schema, f"two schemas are called {name}"
        schemas[name] = schema
    for model in models:
        own = getattr(model, "EXAMPLE", None)
        if own is not None:
            schemas[model.__name__]["examples"] = [own]


def spell(told: Any) -> None:
    """Call the bounds of numbers what JSON Schema calls them."""
    if isinstance(told, dict):
        if told.get("type") in ("integer", "number"):
            for ours, theirs in SPELLED.items():
                if ours in told:
                    told[theirs] = told.pop(ours)
        for one in told.values():
            spell(one)
    elif isinstance(told, list):
        for one in told:
            spell(one)


def add_body(operation: Json, route: RouteContext) -> None:
    """Say what a route reads."""
    body = body_of(route)
    if body is None:
        return
    model, media = body
    schema = {"$ref": REF + model.__name__}
    operation["requestBody"] = {
        "required": any(field.is_required() for field in model.model_fields.values()),
        "content": {kind: {"schema": schema} for kind in media},
    }


def add_parameters(operation: Json, route: RouteContext) -> None:
    """Say which headers are read of a request before its endpoint is asked."""
    found = [one for call in calls(route.dependant) for one in getattr(call, "parameters", ())]
    if found:
        operation["parameters"] = [*operation.get("parameters", ()), *found]


def problem_responses() -> Iterator[tuple[str, Json]]:
    """One response for each status that a refusal has, with every refusal as an example."""
    kinds = [described(kind) for kind in published().values()]
    for status in sorted({kind.status for kind in kinds}):
        listed = {
            kind.type.rpartition("/")[2]: {
                "summary": kind.meaning,
                "value": kind.model_dump(exclude={"meaning"})
                | {"detail": kind.title, "instance": "0198c5a0-0000-7000-8000-000000000009"},
            }
            for kind in kinds
            if kind.status == status
        }
        content = {"schema": {"$ref": REF + "Problem"}, "examples": listed}
        response = {
            "description": HTTPStatus(status).phrase,
            "content": {MEDIA_TYPE: content},
        }
        if status in LATER:
            response["headers"] = {"Retry-After": {"$ref": "#/components/headers/Retry-After"}}
        yield f"Problem{status}", response


def add_problems(operation: Json, method: str, *, guarded: bool, of_patient: bool) -> None:
    """Say how a route refuses; one that is guarded reads If-Match.

    What is read under a patient is found elsewhere once the patient has been merged.
    """
    signed_in = "security" in operation
    own = {int(status) for status in operation["responses"] if status.isdigit()}
    refusals = {*ALWAYS, *(status for status in own if status >= HTTPStatus.BAD_REQUEST)}
    refusals |= {401, 403} if signed_in else {401} if method == "post" else set()
    refusals |= {409} if signed_in and (of_patient or method in WRITES) else set()
    refusals |= {412, 428} if guarded else set()
    for status in sorted(refusals):
        answer = {"$ref": f"#/components/responses/Problem{status}"}
        operation["responses"][str(status)] = answer
    operation["responses"] = dict(sorted(operation["responses"].items()))


def properties_of(answer: Json, schemas: Mapping[str, Json]) -> Json:
    """The properties of what an answer holds."""
    schema = answer.get("content", {}).get(JSON, {}).get("schema", {})
    if "$ref" in schema:
        schema = schemas[schema["$ref"].removeprefix(REF)]
    return dict(schema.get("properties", {}))


def add_headers(operation: Json, schemas: Mapping[str, Json]) -> None:
    """Say which headers an answer has: a version, a place, a next page."""
    for status, answer in operation["responses"].items():
        held = properties_of(answer, schemas)
        versioned = held.get("version", {}).get("type") == "integer"
        names = ["ETag"] if versioned else []
        names += ["Location"] if versioned and status == "201" else []
        names += ["Link"] if "next_cursor" in held else []
        if names:
            answer["headers"] = {name: {"$ref": f"#/components/headers/{name}"} for name in names}


def add_examples(told: Json) -> None:
    """An example of each body and of each answer; an answer's has the fields that were sent."""
    schemas = told["components"]["schemas"]
    sent_by: dict[str, Any] = {}
    every = [one for path in told["paths"].values() for one in path.values()]
    for operation in every:
        for content in operation.get("requestBody", {}).get("content", {}).values():
            content["example"] = example(content["schema"], schemas)
            for schema in answers(operation):
                sent_by.setdefault(str(schema["schema"]), content["example"])
    for operation in every:
        for content in answers(operation):
            made = example(content["schema"], schemas)
            content["example"] = filled(made, sent_by.get(str(content["schema"])))


def answers(operation: Json) -> list[Json]:
    """What a route answers when it doesn't refuse."""
    return [
        content
        for answer in operation["responses"].values()
        for content in answer.get("content", {}).values()
        if "schema" in content
    ]
