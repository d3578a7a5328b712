"""What the OpenAPI document says of every path alike: a problem, and how to sign in. Data alone."""

from typing import Any

Json = dict[str, Any]

PROBLEM: Json = {
    "type": "object",
    "description": "A refusal, as RFC 9457 has it. It repeats nothing that the caller sent.",
    "required": ["type", "title", "status", "detail", "instance"],
    "properties": {
        "type": {"type": "string", "pattern": "^/problems/[a-z-]+$"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string"},
        "instance": {"type": ["string", "null"], "description": "The request's id"},
        "errors": {
            "type": "array",
            "description": "What is wrong where",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "properties": {
                    "pointer": {"type": "string", "description": "RFC 6901"},
                    "detail": {"type": "string"},
                },
            },
        },
        "current_version": {"type": "integer", "minimum": 1},
        "existing_id": {"type": "string", "format": "uuid"},
        "merged_into_id": {"type": "string", "format": "uuid"},
        "rules": {
            "type": "array",
            "description": "Safety rules, or criteria of discharge, that want a reason",
            "items": {"type": "string"},
        },
    },
}

SECURITY: Json = {
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "description": "From /oauth2/token, /v1/login or a redeem",
    },
    "client": {
        "type": "http",
        "scheme": "basic",
        "description": "A client's id and secret, at /oauth2/token",
    },
}
