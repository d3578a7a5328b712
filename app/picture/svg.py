"""Elements of SVG. ElementTree escapes; nothing here writes text by hand."""

from datetime import UTC, datetime
from xml.etree.ElementTree import Element, SubElement

Value = str | float | datetime | None


def add(parent: Element, tag: str, text: str = "", **attributes: Value) -> Element:
    """A child with its attributes: `class_` is class, `data_at` is data-at; None is left out."""
    named = {
        name.rstrip("_").replace("_", "-"): written(value)
        for name, value in attributes.items()
        if value is not None
    }
    child = SubElement(parent, tag, named)
    if text:
        child.text = text
    return child


def written(value: str | float | datetime) -> str:
    """An attribute as text: numbers short, instants in UTC.

    >>> written(12.50), written(3), written("a")
    ('12.5', '3', 'a')
    """
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return (
        f"{value:g}"
        if isinstance(value, int)
        else f"{value:.2f}".rstrip("0").rstrip(".")
        if isinstance(value, float)
        else value
    )


def mark(parent: Element, tag: str, told: str, **attributes: Value) -> Element:
    """A mark that says what it is when pointed at."""
    made = add(parent, tag, "", **attributes)
    add(made, "title", told)
    return made
