"""The forecast of a patient, and the window to talk about the next infusion.

Off until the clinic accepted what it is for. numpy is read at the first forecast and not before: a
process that makes none stays small.
"""

import asyncio
import sys
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime, timedelta
from importlib import import_module
from typing import Any
from uuid import UUID

from app.alerts import queries as alerts
from app.alerts.tables import EvidenceStatus
from app.clinics.queries import chosen, forecast_accepted
from app.kit.db import Db, Row
from app.relief import queries
from app.science.forecast.window import WHY, Policy, recommend
from app.science.relief import Findings
from app.science.safety import RULES

NOT_ACCEPTED = "intended_use_not_accepted"

SAYS = {NOT_ACCEPTED: "An admin of the clinic has not accepted what the forecast is for."}

PREDICT = "app.science.forecast.predict"

Json = dict[str, Any]


async def outlook(db: Db, findings: Findings, now: datetime, patient_id: UUID | None) -> Json:
    """`forecast`, and `window` for a patient; where there is no forecast, what says why."""
    if await forecast_accepted(db) is None:
        return nothing(NOT_ACCEPTED, SAYS[NOT_ACCEPTED])
    found = await foretold(db, findings, now)
    if hasattr(found, "reason"):
        return nothing(found.reason, found.says)
    told = {"forecast": forecast(found), "forecast_reason": None, "window": None}
    if patient_id is None:
        return told
    unclosed = await alerts.unclosed(db, patient_id)
    return told | {"window": window(found, findings, await chosen(db), unclosed)}


def nothing(reason: str, says: str) -> Json:
    """No forecast, hence no window."""
    return {"forecast": None, "forecast_reason": {"name": reason, "says": says}, "window": None}


async def foretold(db: Db, findings: Findings, now: datetime) -> Any:
    """A Forecast or a Refusal of app.science.forecast, by the newest parameters of the clinic."""
    if PREDICT not in sys.modules:  # half a second, which no other request should wait for
        await asyncio.to_thread(import_module, PREDICT)
    history = import_module("app.science.forecast.history").history_of(findings)
    parameters = parameters_of(await queries.newest_fit(db))
    return import_module(PREDICT).forecast(history, parameters, now)


def parameters_of(fit: Row | None) -> Any:
    """The parameters of a fit, or those that come with the software."""
    science = import_module("app.science.forecast.parameters")
    if fit is None:
        return science.shipped()
    try:
        return science.parameters_from(fit["parameters"])
    except (KeyError, TypeError, ValueError):  # of an older model: the next night brings new ones
        return science.shipped()


def forecast(found: Any) -> Json:
    """A forecast as the API shows it."""
    told = asdict(found)
    told["intervals"] = {str(one.pop("percent")): one for one in map(dict, told["intervals"])}
    told["probability_score_above_limit"] = {
        str(days): chance for days, chance in told["probability_score_above_limit"]
    }
    told["as_of"] = told.pop("now")
    return told


def window(found: Any, findings: Findings, choices: Mapping[str, Any], unclosed: list[Row]) -> Json:
    """The window to talk about the next infusion, and what stands in its way."""
    policy = Policy.chosen(choices)
    zone = findings.patient.policy.zone()
    infused_on = found.infused_at.astimezone(zone).date()
    told = recommend(found.probability_lost_by_day, found.days_since_infusion, infused_on, policy)
    latest_on = infused_on + timedelta(days=int(policy.max_interval_days))
    return {
        "opens_on": told.opens_on,
        "closes_on": told.recommended_on,
        "latest_on": max(filter(None, (latest_on, told.recommended_on))),
        "mode": policy.mode,
        "threshold": policy.threshold,
        "probability_lost_by_close": told.probability_lost_by_recommended,
        "probability_lost_now": told.probability_lost_now,
        "check_in_first": told.alert is not None,
        "reasons": [{"name": name, "says": WHY[name]} for name in told.reasons],
        "held_by": held_by(unclosed),
        "parameters": asdict(policy),
    }


def held_by(unclosed: list[Row]) -> list[Json]:
    """The alerts that hold the next dose until somebody has reviewed and closed them."""
    return [
        {"rule": one["rule"], "alert_id": one["id"], "sentence": one["sentence"]}
        for one in unclosed
        if one["rule"] in RULES
        and "next_dose" in RULES[one["rule"]].holds
        and one["evidence_status"] != EvidenceStatus.VOIDED
    ]
