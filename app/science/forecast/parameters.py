"""The numbers that the forecast needs, as data: which are shipped, and how they are kept.

The shipped ones are in `shipped.json`. They were fitted on a simulated cohort, so they are a
starting point and no evidence about anyone. Relief method, sections 5.2 and 5.3.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from app.science.forecast.curves import Library
from app.science.forecast.lognormal import Lognormal

MODEL = "joint-1"
"""The model; its number rises when the same parameters would forecast something else."""


USUAL_LIBRARY = Library()


@dataclass(frozen=True, slots=True, eq=False)
class Parameters:
    """A population of patients, as the joint model of scores and loss sees it.

    Equal parameters forecast alike: they are compared by `version`, made from the numbers.
    """

    provenance: str
    """What they were fitted on."""
    patients: int
    """How many patients that were."""
    durations: Lognormal
    """What is expected of an interval beforehand; its spread is that of layer A alone."""
    depth_logits: tuple[float, ...]
    """How common each depth is."""
    shape_logits: tuple[tuple[float, ...], ...]
    """How common each shape is, by depth."""
    deeper_is_longer: float
    """Change of log T by the log of the depth."""
    depth_of_person: float
    """How strongly a patient's own depth shows."""
    person_sd: float
    """Spread of log T between patients."""
    interval_sd: float
    """Spread of log T between the intervals of one patient."""
    shift: float
    """Of log T, against `durations`."""
    level_logits: tuple[float, ...]
    """How common each level is where an infusion brought no relief."""
    no_relief: float
    """Log odds that an infusion brings no relief, for an average patient and interval."""
    no_relief_by_depth: float
    no_relief_by_duration: float
    nonresponders: float
    """The share of patients whom infusions hardly ever help."""
    nonresponder_no_relief: float
    """Log odds that an infusion brings such a patient no relief."""
    nonresponder_level_logits: tuple[float, ...]
    fluctuation: float
    """Standard deviation of severity around its curve, as a share of the baseline."""
    error_scale: float
    """Error of measurement, as a multiple of the scale's published one."""
    memory_days: float = 8.0
    """How long a fluctuation lasts."""
    spread: float = 1.05
    """How much more certain the forecast is than the samples: (on simulated clinics) they are too
    wide by this factor, on the scale of the normal deviate."""
    library: Library = USUAL_LIBRARY
    version: str = field(init=False)

    def __post_init__(self) -> None:
        numbers = {one.name: getattr(self, one.name) for one in fields(self) if one.init}
        text = json.dumps([MODEL, _plain(numbers)], sort_keys=True)
        object.__setattr__(self, "version", f"{MODEL}-{sha256(text.encode()).hexdigest()[:12]}")

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Parameters) and self.version == other.version

    def __hash__(self) -> int:
        return hash(self.version)

    def as_json(self) -> dict[str, Any]:
        """As it is kept; `parameters_from` reads it."""
        numbers = {one.name: getattr(self, one.name) for one in fields(self)}
        plain: dict[str, Any] = _plain(numbers)
        return plain


def parameters_from(kept: Mapping[str, Any]) -> Parameters:
    """Parameters as `as_json` wrote them. Raises ValueError when they are not what they say."""
    numbers = {name: _tuple(value) for name, value in kept.items() if name != "version"}
    durations, library = kept["durations"], kept["library"]
    numbers["durations"] = Lognormal(**{**durations, "beta": tuple(durations["beta"])})
    numbers["library"] = Library(**{name: tuple(values) for name, values in library.items()})
    found = Parameters(**numbers)
    if kept.get("version", found.version) != found.version:
        raise ValueError("the parameters are not those of their version")
    return found


@cache
def shipped() -> Parameters:
    """The parameters that come with the software."""
    text = files("app.science.forecast").joinpath("shipped.json").read_text()
    return parameters_from(json.loads(text))


def without_clinics(parameters: Parameters) -> Parameters:
    """The same for a clinic that is not named: an average one."""
    return replace(parameters, durations=replace(parameters.durations, delta={}))


def _plain(numbers: Mapping[str, Any]) -> Any:
    """As JSON would give it back."""
    shown = dict(numbers)
    shown["durations"] = asdict(numbers["durations"])
    shown["library"] = asdict(numbers["library"])
    return json.loads(json.dumps(shown))


def _tuple(value: Any) -> Any:
    return tuple(_tuple(each) for each in value) if isinstance(value, list) else value
