"""What is raised when the PostgreSQL of a data directory can't be had."""


class PostgresFailed(Exception):
    """Says what was wrong, where, and what would be right. Never holds a password."""
