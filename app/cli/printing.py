"""`afterglow openapi` and `relief`, which open no database."""

import argparse
import json
import sys
from contextlib import nullcontext
from importlib import import_module
from pathlib import Path

from app.kit.failed import Failed
from app.science.relief import lines


def relief(args: argparse.Namespace) -> None:
    """Courses and episodes of each patient of a file, one JSON object a line."""
    try:
        with nullcontext(sys.stdin) if args.file == "-" else Path(args.file).open() as patients:
            for line in lines(patients):
                sys.stdout.write(f"{line}\n")
    except OSError as error:
        raise Failed(f"{args.file} can't be read: {error.strerror}.") from None
    except ValueError as error:
        raise Failed(f"{args.file}: {error}.") from None


def openapi(_: argparse.Namespace) -> None:
    """The description of the HTTP API, as /openapi.json serves it."""
    # Here, or `relief` would wait for the web framework to be imported.
    service = import_module("app.main").create_app(import_module("app.config").Settings(), "")
    sys.stdout.write(json.dumps(service.openapi(), indent=2) + "\n")
