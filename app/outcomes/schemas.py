"""What a clinic's treatment came to, on the wire."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from app.infusions.tables import Drug, Route
from app.kit.values import Instant
from app.records.schemas import Outward
from app.relief.schemas import Threshold

By = Literal["drug", "route", "dose_band", "phase", "instrument"]
Instrument = Annotated[str, Field(min_length=1, max_length=40, examples=["PHQ-9"])]

TOO_FEW = "fewer_than_five: no percentage is told of fewer than five patients"


class Wanted(BaseModel):
    """Which part of a clinic's treatment is asked about."""

    model_config = ConfigDict(frozen=True)

    since: Instant | None = Field(None, alias="from", description="Infusions from then; inclusive")
    before: Instant | None = Field(None, alias="to", description="Exclusive")
    drug: Literal[Drug.KETAMINE, Drug.ESKETAMINE] | None = None
    route: (
        Literal[Route.IV, Route.IM, Route.SC, Route.INTRANASAL, Route.SUBLINGUAL, Route.ORAL] | None
    ) = None
    instrument: Instrument | None = Field(
        None, description="Judge every course by it, in place of the preferred ones"
    )
    by: By | None = Field(None, description="Tell each of these apart, too")


class Rule(Outward):
    """What an outcome means, and who says so."""

    id: str = Field(examples=["response"])
    definition: str
    source: str
    version: str
    trust: Literal["found", "found-2nd", "recalled", "derived", "default", "clinic"]


class Share(Outward):
    """A count, what it is of, and the percentage with the 95% interval of Wilson."""

    count: int
    of: int
    patients: int = Field(description="Whom `of` is about")
    percent: float | None
    lower_percent: float | None
    upper_percent: float | None
    reason: str | None = Field(description=TOO_FEW, examples=["fewer_than_five"])


class Both(Outward):
    """Of those who were looked at; and if all others had failed."""

    observed: Share
    worst_case: Share


class Responses(Outward):
    """How inductions went."""

    eligible: int = Field(description="Inductions that are over")
    assessed: int = Field(description="Of these, with a baseline and a check-in in time")
    completeness: Share
    not_assessed: dict[str, int] = Field(description="Why not, and how many")
    underway: int = Field(description="Not over, or not long enough ago; beside the eligible")
    fewer_than_four_infusions: int = Field(description="Eligible all the same")
    response: Both
    remission: Both


class Median(Outward):
    """Half have lost relief after `lower_days` and by `upper_days`."""

    lower_days: float | None
    upper_days: float | None
    reason: str | None = Field(description="not_reached", examples=["not_reached"])


class RestrictedMean(Outward):
    """The mean number of days of relief within a horizon."""

    horizon_days: int
    mean_days: float | None
    reason: str | None = Field(description="not_followed_so_long")


class Curve(Outward):
    """Day by day from 0, the share that still has relief; null where nothing is known any more."""

    method: Literal["turnbull", "kaplan_meier", "joint_model"]
    patients: int
    episodes: int
    survival: list[float | None] = Field(examples=[[1.0, 0.98]])
    lower: list[float | None] = Field(description="95% band over patients", examples=[[1.0, 0.9]])
    upper: list[float | None] = Field(examples=[[1.0, 0.99]])
    least: list[float | None] | None = Field(
        description="Where the data leave it open: `survival` is half way to `most`"
    )
    most: list[float | None] | None
    at_risk: list[int] | None = Field(
        description="Known to have held so long; null for the joint model", examples=[[25, 24]]
    )
    median: Median
    restricted_means: list[RestrictedMean]


class Curves(Outward):
    """How long relief lasted: three curves of the same episodes."""

    patients: int
    episodes: int = Field(description="With relief that was seen")
    lost: int
    held: int
    held_until_next_infusion: int
    left_out: dict[str, int] = Field(description="Episodes without relief that was seen, by status")
    reason: str | None = Field(description=TOO_FEW, examples=["fewer_than_five"])
    observed: Curve | None = Field(description="Of the intervals in which relief was lost")
    at_detection: Curve | None = Field(description="As if relief were lost when that was seen")
    noise_aware: Curve | None = Field(
        description="Mean of the joint model's view of a sample; its parameters rest on simulated"
        " clinics"
    )
    noise_aware_reason: str | None = Field(
        description="fewer_than_five; intended_use_not_accepted", examples=["fewer_than_five"]
    )


class Stratum(Outward):
    """A part of the clinic's treatment, or all of it."""

    by: By | None
    value: str | None = Field(examples=["ketamine"])
    responses: Responses
    curves: Curves


class EffectOut(Outward):
    """A side effect: how many sessions were asked about it, and how many had it."""

    effect: str = Field(examples=["nausea"])
    asked: int = Field(description="Sessions in which it was recorded, as there or as absent")
    not_asked: int
    present: Share = Field(
        description="Of those asked; never_recorded_absent: it was told where it was there alone"
    )
    at_least: Share = Field(description="Of all sessions, as if none of the others had it")


class BandOut(Outward):
    """The side effects of the sessions within a band of dose."""

    dose_band: str = Field(examples=["ketamine 0.4 to <0.6 mg/kg"])
    sessions: int
    patients: int
    sessions_not_asked: int = Field(description="Of which nothing at all was asked")
    effects: list[EffectOut]


class PublishedOut(Outward):
    """What others published; no target."""

    study: str
    setting: str
    n: int
    instrument: str | None
    outcome: Literal["response", "remission", "durability"]
    told: str
    percent: float | None
    source: str
    trust: Literal["found", "found-2nd"]


class OutcomesOut(Outward):
    """What a clinic's treatment came to, by which rules, and of how many."""

    as_of: datetime
    patients: int = Field(description="Ever treated here, whatever was asked for")
    days: list[int] = Field(description="Of every curve", examples=[[0, 1]])
    rules: list[Rule]
    policy: list[Threshold]
    all: Stratum
    strata: list[Stratum]
    side_effects: list[BandOut]
    published: list[PublishedOut]
    method_version: str
    parameters_version: str | None = Field(description="Of the joint model")
