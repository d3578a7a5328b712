"""`afterglow forecast check`: how the forecast does at a clinic."""

import argparse
import asyncio
import sys
from importlib import import_module
from typing import Any

import orjson

from app.cli.adding import as_owner, clinic_of
from app.cli.settings import read_settings
from app.config import Settings
from app.kit.db import Pool, open_pool
from app.kit.failed import Failed
from app.kit.logs import start_logs
from app.kit.places import Place, opened, prepare
from app.relief import forecasts, queries
from app.relief.fitting import records


def check(args: argparse.Namespace) -> None:
    """`forecast check`"""
    start_logs("WARNING", json=False)
    settings = read_settings()
    with opened(settings) as place:
        told = asyncio.run(_calibrated(place, settings, args.clinic))
    if not told.forecasts:
        raise Failed(f"{args.clinic} has no two check-ins after one infusion to hold against.")
    sys.stdout.write("\n".join(lines(told)) + "\n")


async def _calibrated(place: Place, settings: Settings, slug: str) -> Any:
    await prepare(place)
    async with as_owner(place) as db:
        clinic_id = (await clinic_of(db, slug)).clinic_id
    pool = await open_pool(place.login_url, settings)
    try:
        return await forecast_of(pool, clinic_id)
    finally:
        await pool.close()


async def forecast_of(pool: Pool, clinic_id: Any) -> Any:
    """The forecasts of a clinic, by its newest parameters, held against what came."""
    study = import_module("app.science.relief").study
    history_of = import_module("app.science.forecast.history").history_of
    calibrate = import_module("app.science.forecast.calibration").calibrate
    async with pool.confined(clinic_id) as db:
        parameters = forecasts.parameters_of(await queries.newest_fit(db))
    histories = [history_of(study(orjson.loads(line))) async for line in records(pool, clinic_id)]
    return calibrate(histories, parameters)


def lines(told: Any) -> list[str]:
    """The table, for people."""
    shown = [
        f"{told.forecasts} forecasts of the next score",
        f"Brier score {told.brier:.3f} (0 is perfect, 0.25 a coin)",
        "",
        "chance of a score above the line of loss",
        f"{'forecasts':>10}{'foretold':>10}{'came':>8}",
    ]
    shown += [f"{one.forecasts:>10}{one.expected:>10.0%}{one.came:>8.0%}" for one in told.deciles]
    shown += [
        "",
        "intervals of when relief would end",
        f"{'percent':>10}{'held':>10}{'unclear':>9}",
    ]
    for one in told.intervals:
        share = "-" if one.share is None else f"{one.share:.0%}"
        shown.append(f"{one.percent:>10}{share:>10}{one.unclear:>9}")
    notes = (
        "Held: of those of which it can be told. Unclear: relief was not seen to end, or not",
        "closely enough. The parameters may have been fitted on these very patients.",
    )
    return [*shown, "", *notes]
