"""How a session may move, and what each standing takes. Pure: no database, no clock."""

from app.infusions.schemas import InfusionIn
from app.infusions.schemas.sessions import Standing
from app.kit.errors import IllegalMove

MOVES = {
    Standing.PLANNED: {Standing.IN_PROGRESS, Standing.COMPLETED, Standing.CANCELLED},
    Standing.IN_PROGRESS: {Standing.COMPLETED, Standing.STOPPED, Standing.CANCELLED},
    Standing.COMPLETED: set(),
    Standing.STOPPED: set(),
    Standing.CANCELLED: set(),
}
"""Where a session may go from where it is; API, section 5."""

BEGUN = frozenset({Standing.IN_PROGRESS, Standing.COMPLETED, Standing.STOPPED})
"""A session that is here has a start."""

OVER = frozenset({Standing.COMPLETED, Standing.STOPPED})
"""A session that is here was given, and is given no more."""


def may_move(was: str, to: str) -> None:
    """Raise IllegalMove where no move leads from one standing to another."""
    if was != to and Standing(to) not in MOVES[Standing(was)]:
        raise IllegalMove


def judge(was: str, sent: InfusionIn) -> None:
    """Raise IllegalMove for a move that there isn't, or that lacks what it takes.

    An appointment becomes a completed session only along with its start, end and dose; a session
    is cancelled only where nothing was given.
    """
    may_move(was, sent.status)
    whole = begun(sent) and sent.ended_at is not None and sent.dose_mg is not None
    if (was, sent.status) == (Standing.PLANNED, Standing.COMPLETED) and not whole:
        raise IllegalMove("A planned session is completed with its start, end and dose.")
    if was != sent.status == Standing.CANCELLED and sent.dose_mg:
        raise IllegalMove("Something was given: stop the session instead.")


def begun(sent: InfusionIn) -> bool:
    """Whether the session says when it started."""
    return sent.started_at is not None or sent.started_on is not None


def contradictions(sent: InfusionIn) -> list[tuple[str, str]]:
    """What of a session contradicts its standing, by pointer."""
    found = []
    if sent.status in BEGUN and not begun(sent):
        found.append(("/started_at", "a session with this status has started_at or started_on"))
    if sent.status == Standing.PLANNED:
        given = ("started_at", "started_on", "ended_at", "dose_mg")
        text = "is none of a planned session: send the status along with it"
        found += [(f"/{one}", text) for one in given if getattr(sent, one) is not None]
    if sent.status == Standing.IN_PROGRESS and sent.ended_at is not None:
        found.append(("/ended_at", "is none of a session in progress"))
    if sent.status == Standing.CANCELLED and sent.dose_mg:
        found.append(("/dose_mg", "is none of a cancelled session"))
    return found
