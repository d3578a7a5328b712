"""`afterglow forecast evaluate`, which opens no database."""

import argparse
import csv
import os
from importlib import import_module
from pathlib import Path

from app.kit.failed import Failed

THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
"""How numpy's libraries are told to use one core: sums in parts would have other last bits."""


def evaluate(args: argparse.Namespace) -> None:
    """Fit and forecast a cohort of patients, to be scored against what became of them."""
    os.environ.update(dict.fromkeys(THREADS, "1"))
    # Here, or numpy would have started its threads, and every other command would wait for it.
    cohort = import_module("app.cli.cohort")
    folder = Path(args.folder)
    try:
        rows = list(cohort.forecasts(folder))
    except OSError as error:
        raise Failed(f"{error.filename or folder} can't be read: {error.strerror}.") from None
    except (KeyError, ValueError) as error:
        raise Failed(f"{folder} holds no cohort: {error} is missing or wrong.") from None
    try:
        with Path(args.out).open("w", newline="") as out:
            csv.writer(out, lineterminator="\n").writerows(rows)
    except OSError as error:
        raise Failed(f"{args.out} can't be written: {error.strerror}.") from None
