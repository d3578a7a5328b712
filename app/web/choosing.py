"""What a clinic may choose as a form: shown in words, and read back as the API takes it. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from app.science.thresholds import Threshold
from app.web.entries import number

Json = Mapping[str, Any]

GROUPS = {
    "safety": "Safety rules",
    "relief": "Relief",
    "chair": "The chair",
    "window": "The window to talk about",
    "alerts": "Alerts",
    "background": "Screenings",
    "clinic": "The clinic",
}
"""By the first word of a key, in the order in which they are shown."""

TRUST = {
    "found": "read in the source",
    "found-2nd": "read at second hand",
    "recalled": "from memory, not checked",
    "derived": "worked out from a source",
    "default": "default, not guideline",
    "clinic": "of the clinic itself",
}


def grouped(items: Iterable[Json]) -> list[tuple[str, str, list[Json]]]:
    """The settings by what they are about: id, title, and which."""
    found: dict[str, list[Json]] = {name: [] for name in GROUPS}
    for one in items:
        found.setdefault(one["key"].partition(".")[0], []).append(one)
    return [(name, GROUPS.get(name, name.capitalize()), of) for name, of in found.items() if of]


def spoken(value: Any, unit: str | None = None) -> str:
    """A value in words.

    >>> spoken(0.5, "mg/kg"), spoken(True), spoken([1, 2], "days"), spoken([]), spoken(None)
    ('0.5 mg/kg', 'yes', '1, 2 days', 'none', 'not set')
    """
    if value is None:
        return "not set"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        text = ", ".join(spoken(one) for one in value)
    else:
        text = f"{value:g}" if isinstance(value, float) else str(value).replace("_", " ")
    return f"{text} {unit}" if unit and text else text or "none"


def typed(value: Any) -> str:
    """A value as it would be typed.

    >>> typed([56.0, 84]), typed(False), typed(None)
    ('56, 84', 'no', '')
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(typed(one) for one in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def read(choice: Threshold, text: str) -> Any:
    """What was typed as a value; what is none is left as it is, to be refused with its bound.

    >>> days = Threshold("a.days", [1, 5], "An example.", "nobody", "default")
    >>> read(days, "1; 2, 6"), read(days, "one")
    ([1, 2, 6], ['one'])
    >>> read(Threshold("a.flag", True, "An example.", "nobody", "default"), "no")
    False
    """
    if choice.listed:
        apart = text.replace(";", ",").replace(" ", ",").split(",")
        return [_one(choice, one) for one in apart if one]
    return _one(choice, text.strip())


def _one(choice: Threshold, text: str) -> Any:
    if choice.made_of == "flag":
        return {"yes": True, "no": False}.get(text, text)
    return text if choice.made_of in {"word", "day"} else number(text)


def bounds(choice: Json) -> str:
    """What may be chosen, in words.

    >>> bounds({"least": 1, "most": 24.0, "unit": "hours"}), bounds({"least": None, "most": None})
    ('between 1 and 24 hours', '')
    """
    least, most = choice["least"], choice["most"]
    if least is None and most is None:
        return ""
    unit = f" {choice['unit']}" if choice["unit"] else ""
    if least is None or most is None:
        return (
            f"at {'most' if least is None else 'least'} {most if least is None else least:g}{unit}"
        )
    return f"between {least:g} and {most:g}{unit}"
