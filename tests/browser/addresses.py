"""Every page there is, found as a person finds it: by links."""

import re
from collections import deque
from collections.abc import Callable
from uuid import UUID

from app.kit.openapi import routes
from tests.rules.surface import built, is_page

NOWHERE = (f"/patients/{UUID(int=0)}", "/nowhere")
"""A refusal is a page too, and so is the word that there is none."""

NOT_SEEN = {
    "/": "sends on to today",
    "/answer/{code}": "is seen on a tablet that was handed over",
    "/chair/{infusion_id}/state": "is a part of the chair, for its script",
    "/chair/{infusion_id}/events": "is news of the chair, for its script",
    "/patients/{patient_id}/record/merge/{other_id}": "is found by a search, which a form sends",
    "/static/{named}/{name}": "is what pages are made of",
}

MANY = {
    "/chair/{infusion_id}": 4,
    "/patients/{patient_id}/add/{what}": 6,
    "/records/{noun}/{record_id}": 4,
    "/records/{noun}/{record_id}/correct": 3,
}
"""Pages that differ from one address to the next, and how many are looked at."""

LINK = re.compile(r'href="(/[^"?#]*)')

PAGES = sorted(
    {
        route.path_format
        for route in routes(built())
        if is_page(route) and "GET" in route.methods and route.path_format not in NOT_SEEN
    }
)


def all_of(read: Callable[[str], str]) -> dict[str, list[str]]:
    """The addresses of each page. `read` gives a page's HTML."""
    found: dict[str, list[str]] = {page: [] for page in PAGES}
    waiting = deque(page for page in ("/today", *PAGES) if "{" not in page)
    while waiting:
        address = waiting.popleft()
        page = next((one for one in PAGES if matches(one, address)), None)
        if page is None or address in found[page] or len(found[page]) >= MANY.get(page, 1):
            continue
        found[page].append(address)
        waiting.extend(LINK.findall(read(address)))
    return found


def matches(page: str, address: str) -> bool:
    """Whether an address is one of a page.

    >>> matches("/alerts/{alert_id}", "/alerts/1"), matches("/alerts/{alert_id}", "/alerts")
    (True, False)
    """
    return re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", page), address) is not None
