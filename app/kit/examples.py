"""An example of whatever a JSON schema describes. Pure."""

from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]

REF = "#/components/schemas/"

OF_FORMAT = {
    "uuid": "0198c5a0-0000-7000-8000-000000000001",
    "date-time": "2026-11-23T16:30:00Z",
    "date": "2026-11-23",
    "uri": "https://clinic.example/hooks",
}

OF_TYPE: dict[str, Any] = {"boolean": False, "null": None, "string": "text"}


def example(schema: Schema, named: Mapping[str, Schema]) -> Any:
    """The schema's own example, or one made up from what it says.

    >>> example({"type": "array", "items": {"type": "integer", "minimum": 3}}, {})
    [3]
    """
    if "$ref" in schema:
        return example(named[schema["$ref"].removeprefix(REF)], named)
    for known in ("examples", "enum"):
        if schema.get(known):
            return schema[known][0]
    for known in ("const", "default"):
        if schema.get(known) is not None:
            return schema[known]
    for choice in ("anyOf", "oneOf", "allOf"):
        if choice in schema:
            return example(schema[choice][0], named)
    return _of_type(schema, named)


def _of_type(schema: Schema, named: Mapping[str, Schema]) -> Any:
    kind = schema.get("type", "object")
    if kind == "object":
        properties = schema.get("properties", {})
        return {name: example(one, named) for name, one in properties.items()}
    if kind == "array":
        one = [example(schema["items"], named)] if schema.get("items") else []
        return one * max(1, schema.get("minItems", 1))
    if kind in ("integer", "number"):
        return schema.get("minimum", 1)
    return OF_FORMAT.get(schema.get("format", ""), OF_TYPE[kind])


def filled(made: Any, sent: Any) -> Any:
    """What an answer looks like to a request: the fields sent come back.

    >>> filled({"id": 7, "tags": [{"a": 1, "b": 2}]}, {"tags": [{"a": 3}], "why": "misread"})
    {'id': 7, 'tags': [{'a': 3, 'b': 2}]}
    """
    if isinstance(made, dict) and isinstance(sent, dict):
        return {
            name: filled(value, sent[name]) if name in sent else value
            for name, value in made.items()
        }
    if isinstance(made, list) and made and isinstance(sent, list):
        return [filled(made[0], one) for one in sent]
    return made if sent is None else sent
