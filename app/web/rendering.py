"""Templates, what they may use, and the files that pages refer to. No HTTP here."""

from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from app.picture.colours import DARK, LIGHT, filled
from app.web import words
from app.web.charting.lines import line

HERE = Path(__file__).parent

TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}

templates = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
templates.filters.update(
    day=words.day,
    dated=words.dated,
    instant=words.instant,
    clock=words.clock,
    moment=words.moment,
    ago=words.ago,
    number=words.number,
    plain=words.plain,
    combine=words.combine,
    query=words.query,
    said=line,
)


@cache
def files() -> dict[str, tuple[bytes, str]]:
    """Every file that a page may ask for, by name: its bytes and its type."""
    found = {
        one.name: (one.read_bytes(), TYPES[one.suffix])
        for one in sorted((HERE / "static").iterdir())
        if one.suffix in TYPES
    }
    # A picture within a page takes the page's colours; one that stands alone brings its own.
    dark = f"@media screen and (prefers-color-scheme:dark){{{filled(DARK)}}}"
    return found | {"picture.css": ((filled(LIGHT) + dark).encode(), TYPES[".css"])}


@cache
def edition() -> str:
    """A name for the files as they are: a page that is new asks for new files."""
    whole = sha256()
    for name, (content, _) in sorted(files().items()):
        whole.update(name.encode() + content)
    return whole.hexdigest()[:16]


def asset(name: str) -> str:
    """The address of a file. Raises KeyError for one that isn't there."""
    assert name in files(), f"static/{name} is missing"
    return f"/static/{edition()}/{name}"


def page(template: str, **known: Any) -> str:
    """A page as text; everything in it is escaped."""
    return templates.get_template(template).render(asset=asset, **known)
