"""The queue, seen from outside."""

from app.kit import clock


async def waits(owner):
    """Seconds until the next attempt at each row that still has one."""
    rows = await owner.rows("SELECT due_at FROM outbox WHERE due_at IS NOT NULL")
    return [(row["due_at"] - clock.now()).total_seconds() for row in rows]


async def make_due(owner):
    """Let the time pass until the next attempt."""
    await owner.rows("UPDATE outbox SET due_at = now() WHERE due_at IS NOT NULL")
