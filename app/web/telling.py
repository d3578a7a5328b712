"""What relief found, in the words of the patient's page. Pure: documents in, sentences out."""

from collections.abc import Mapping
from typing import Any

from app.picture.scene import Scene, Span
from app.picture.summary import lasted
from app.science.chances import percent
from app.web.words import day, number

Json = Mapping[str, Any]


def name_of(person: Json) -> str:
    """How somebody is called."""
    names = (person["given_name"], person["family_name"])
    return " ".join(one for one in names if one) or "No name"


def glance(found: Json, scene: Scene) -> list[tuple[str, str]]:
    """The answers to what a clinician asks first: question and answer."""
    current, zone = found["current"], scene.zone
    told = []
    if current["days_since_last_infusion"] is not None:
        told.append(("Last infusion", f"{number(current['days_since_last_infusion'])} days ago"))
    if current["last_reading_at"] is not None:
        change = current["change_from_baseline_percent"]
        by = (
            ""
            if change is None
            else f", {abs(change):g}% {'below' if change <= 0 else 'above'} baseline"
        )
        at = day(current["last_reading_at"], zone)
        told.append(("Last answer", f"{scene.scale.code} {current['score']:g} on {at}{by}"))
    before = [one for one in scene.spans if one.ends_at is not None and one.well_until is not None]
    if before:
        told.append(("Relief before", ", then ".join(lasted(one) for one in before[-3:])))
    return told + expected(found)


def expected(found: Json) -> list[tuple[str, str]]:
    """The forecast and the window, or why there is none."""
    forecast, window = found.get("forecast"), found.get("window")
    told = []
    if forecast:
        middle = forecast["intervals"]["80"]
        text = f"around day {by(forecast['median_days'])}, with four chances in five from day "
        text += f"{by(middle['lower_days'])} to {by(middle['upper_days'])}"
        told.append(("Loss of relief expected", text))
        gone = forecast["probability_already_lost"]
        told.append(("Chance that it is lost already", percent(gone)))
    elif found.get("forecast_reason"):
        told.append(("No forecast", found["forecast_reason"]["says"]))
    if window and window["opens_on"] and window["closes_on"]:
        first, last = day(window["opens_on"]), day(window["closes_on"])
        told.append(("Window to talk about", first if first == last else f"{first} to {last}"))
    return told


def by(days: float | None) -> str:
    """A day since the infusion, as far as the forecast looks."""
    return "180 or later" if days is None else number(days)


def episodes(scene: Scene) -> list[dict[str, Any]]:
    """One row for each infusion of the picture, the newest first: the same facts."""
    spans = {one.infusion_id: one for one in scene.spans}
    peaks = {one.at: one for one in scene.peaks}
    rows = []
    shown = [one for one in scene.given if one.at >= scene.since]
    for one in reversed(shown):
        peak = peaks.get(one.at)
        rows.append(
            {
                "id": one.id,
                "at": one.at,
                "dose": dose(one.dose_mg, one.mg_per_kg),
                "route": one.route,
                "relief": spoken(spans.get(one.id)),
                "peak": "" if peak is None else pressure(peak.systolic, peak.diastolic),
                "felt": ", ".join(
                    felt.effect.replace("_", " ")
                    + ("" if felt.severity is None else f" {felt.severity:g}")
                    for felt in scene.felt
                    if felt.at == one.at and felt.present
                ),
            }
        )
    return rows


def spoken(span: Span | None) -> str:
    """How long one relief lasted, in words."""
    if span is None:
        return "home or merged: no episode of its own"
    if span.well_until is None:
        return {
            "no_response": "no response",
            "indeterminate": "first answer too late to tell",
            "unobserved": "no answer",
        }.get(span.status, "can't be judged")
    if span.ends_at is None and span.lost_by is None:
        return f"{lasted(span)}, holding when last seen"
    return lasted(span)


def dose(dose_mg: float | None, mg_per_kg: float | None) -> str:
    """A dose with its share of the weight.

    >>> dose(41, 0.5), dose(56, None), dose(None, None)
    ('41 mg (0.5 mg/kg)', '56 mg', 'not known')
    """
    if dose_mg is None:
        return "not known"
    return f"{dose_mg:g} mg" + ("" if mg_per_kg is None else f" ({mg_per_kg:g} mg/kg)")


def pressure(systolic: int, diastolic: int | None) -> str:
    """A pressure as it is written."""
    return f"{systolic}" if diastolic is None else f"{systolic}/{diastolic}"


def once(worklist: dict[str, Any]) -> dict[str, Any]:
    """A worklist in which no review is asked for that an open alert asks for already.

    >>> alert = {"reason": "alert", "record_ids": ["1", "2"]}
    >>> reviews = [{"reason": "review_due", "record_ids": [one]} for one in "13"]
    >>> listed = {"items": [{"reasons": [alert, one]} for one in reviews]}
    >>> [len(one["reasons"]) for one in once(listed)["items"]]
    [1, 2]
    """
    for one in worklist["items"]:
        told = {known for why in one["reasons"][:1] for known in why["record_ids"]}
        one["reasons"] = [
            why
            for why in one["reasons"]
            if why["reason"] != "review_due" or not told.intersection(why["record_ids"])
        ]
    return worklist
