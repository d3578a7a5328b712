"""A process of its own: patients' records in, a line of JSON each; a clinic's parameters out."""

import os
import sys
from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import orjson

from app.science.forecast.fitting import fit
from app.science.forecast.history import history_of
from app.science.forecast.parameters import shipped
from app.science.relief import study

NICE = 10
"""Whoever answers requests goes first."""


def fitted(lines: Iterable[bytes], provenance: str = "the clinic's own patients") -> dict[str, Any]:
    """The parameters of these patients, around the shipped ones, and how the fit went."""
    histories = [history_of(study(orjson.loads(line))) for line in lines]
    found = fit(histories, shipped(), provenance)
    return {
        "version": found.parameters.version,
        "patients": found.diagnostics.patients,
        "parameters": found.parameters.as_json(),
        "diagnostics": asdict(found.diagnostics),
    }


def main() -> None:
    """From standard input to standard output."""
    os.nice(NICE)
    sys.stdout.buffer.write(orjson.dumps(fitted(sys.stdin.buffer)))


if __name__ == "__main__":
    main()
