"""What is raised when the PostgreSQL of a data directory can't be had."""

from app.kit.failed import Failed


class PostgresFailed(Failed):
    """Says what was wrong, where, and what would be right. Never holds a password."""
