"""Write a whole database to a file, and read it back into an empty one.

With `pg_dump` and `pg_restore` 18, which are installed with Afterglow, from and to PostgreSQL 15
to 18. Owners and privileges stay behind: what is restored belongs to who restores it.
"""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import IO
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

from app.kit.failed import Failed
from app.kit.postgres.files import sync
from app.kit.postgres.programs import program

HEADER = b"PGDMP"
"""How a dump in PostgreSQL's custom format begins."""

WITHOUT = ("--no-owner", "--no-privileges")

NEWER_SETTING = b"SET transaction_timeout = 0;\n"
"""`pg_restore` 18 writes it to its preamble. PostgreSQL 15 and 16 don't know the setting, and no
other has it set in a new session."""

SOMEWHERE_ELSE = b"""DO $$ BEGIN
    IF to_regclass('public.feed') IS NOT NULL THEN
        UPDATE public.feed SET place = 'restored';
    END IF;
END $$;
"""
"""At the next migration, those who followed the database before the backup lose their cursors."""

PREAMBLE_LINES = 50
SAID_BYTES = 2000
TLS_MODES = {"require", "verify-ca", "verify-full"}

LIBPQ = {"host", "port", "user", "dbname", "connect_timeout", "application_name", "passfile"} | {
    "sslmode",
    "sslrootcert",
    "sslcert",
    "sslkey",
    "sslcrl",
    "target_session_attrs",
}
"""What PostgreSQL's programs understand in a URL. Some drivers understand more."""

IN_THE_WAY = """
WITH ours AS (
    SELECT oid FROM pg_namespace
    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), things AS (
    SELECT 'pg_class'::regclass AS kind, oid FROM pg_class WHERE relnamespace IN (TABLE ours)
    UNION ALL
    SELECT 'pg_proc'::regclass, oid FROM pg_proc WHERE pronamespace IN (TABLE ours)
    UNION ALL
    SELECT 'pg_type'::regclass, oid FROM pg_type WHERE typnamespace IN (TABLE ours)
    UNION ALL
    SELECT 'pg_namespace'::regclass, oid FROM pg_namespace
    WHERE oid IN (TABLE ours) AND nspname <> 'public'
)
SELECT count(*) FROM things WHERE NOT EXISTS (
    SELECT FROM pg_depend AS on_it
    WHERE on_it.classid = kind AND on_it.objid = things.oid AND on_it.deptype = 'e'
)
"""
"""How many things there are that neither PostgreSQL nor an extension brought along."""


class DumpFailed(Failed):
    """Says what was wrong, where, and what would be right. Never holds a password."""


class NotEmpty(DumpFailed):
    """The database to restore into has something in it."""


@dataclass(frozen=True)
class Target:
    """A database, with the password apart: others can read a command line."""

    url: str
    password: str = field(repr=False)
    tls: bool

    @classmethod
    def of(cls, url: str) -> "Target":
        """From a URL as asyncpg or SQLAlchemy takes it."""
        parts = urlsplit(url)
        login, at, where = parts.netloc.rpartition("@")
        user, _, password = login.partition(":")
        query = {
            "sslmode" if name == "ssl" else name: value for name, value in parse_qsl(parts.query)
        }
        password = query.pop("password", "") or unquote(password)
        kept = urlencode({name: value for name, value in query.items() if name in LIBPQ}, safe="/")
        plain = f"postgresql://{user}{at}{where}{parts.path}?{kept}"
        return cls(plain, password, query.get("sslmode") in TLS_MODES)

    def command(self, name: str, *options: str) -> list[str]:
        """A program that connects to the database. What comes along doesn't speak TLS."""
        if not self.tls:
            return [str(program(name)), f"--dbname={self.url}", "--no-password", *options]
        path = shutil.which(name)
        if path is None:
            raise DumpFailed(
                f"The database asks for TLS, which the {name} that comes with Afterglow doesn't "
                f"speak: install PostgreSQL's client programs, so that {name} is on the PATH."
            )
        return [path, f"--dbname={self.url}", "--no-password", *options]

    def environment(self) -> dict[str, str]:
        """Our environment, with the password, and without what changes where or how to connect."""
        changed = {"PGOPTIONS", "PGSERVICE", "PGSSLMODE", "PGHOSTADDR"}
        kept = {name: value for name, value in os.environ.items() if name not in changed}
        given = {"PGPASSWORD": self.password} if self.password else {}
        return {**kept, "LC_ALL": "C", **given}


def backup(url: str, path: Path) -> None:
    """Write the database to a file that only its owner can read.

    A file of that name is replaced, at once and only by a complete one.
    """
    target = Target.of(url)
    with _replacing(path) as file, _said() as said:
        done = subprocess.run(  # noqa: S603 - a fixed program
            target.command("pg_dump", "--format=custom", *WITHOUT),
            env=target.environment(),
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=said,
            check=False,
        )
        if done.returncode:
            raise DumpFailed(f"The database could not be dumped. pg_dump said:\n{_end_of(said)}")


def restore(url: str, path: Path) -> None:
    """Read a file that `backup` wrote into an empty database: all of it or nothing.

    Raises NotEmpty when the database has something in it, and DumpFailed.
    """
    target = Target.of(url)
    _check_file(path)
    _check_empty(target)
    with _said() as misread, _said() as refused:
        with _psql(target, refused) as psql, _script(path, misread) as script:
            feed(script, psql)
        if script.returncode > 0:  # below 0 when psql hung up
            raise DumpFailed(
                f"{path} is damaged, nothing was restored. pg_restore said:\n{_end_of(misread)}"
            )
        if psql.returncode:
            raise DumpFailed(
                f"{path} does not fit, nothing was restored. psql said:\n{_end_of(refused)}"
            )


def feed(script: "subprocess.Popen[bytes]", psql: "subprocess.Popen[bytes]") -> None:
    """Hand the script over within one transaction.

    The COMMIT is ours and comes last. Without it, as when one of us is killed, PostgreSQL takes
    everything back; `psql --single-transaction` would commit at any end of its input.
    """
    assert script.stdout
    assert psql.stdin
    with suppress(BrokenPipeError), psql.stdin as to:  # psql hangs up at the first error
        to.write(b"BEGIN;\n")
        preamble = list(islice(script.stdout, PREAMBLE_LINES))
        if NEWER_SETTING in preamble:
            preamble.remove(NEWER_SETTING)
        to.writelines(preamble)
        shutil.copyfileobj(script.stdout, to)
        if script.wait() == 0:
            to.write(SOMEWHERE_ELSE + b"COMMIT;\n")


@contextmanager
def _script(path: Path, said: IO[bytes]) -> Iterator["subprocess.Popen[bytes]"]:
    """The dump as SQL."""
    command = [str(program("pg_restore")), "--file=-", *WITHOUT, str(path)]
    with subprocess.Popen(  # noqa: S603 - a fixed program
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=said
    ) as process:
        yield process


@contextmanager
def _psql(target: Target, said: IO[bytes]) -> Iterator["subprocess.Popen[bytes]"]:
    """Runs what it reads until the first error. Terse: an error's details can hold a row."""
    quiet = ("--no-psqlrc", "--quiet", f"--output={os.devnull}", "--set=VERBOSITY=terse")
    with subprocess.Popen(  # noqa: S603 - a fixed program
        target.command("psql", *quiet, "--set=ON_ERROR_STOP=1", "--file=-"),
        env=target.environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=said,
    ) as process:
        yield process


def _check_file(path: Path) -> None:
    """Raise DumpFailed unless this is a dump with a table of contents that we can read."""
    try:
        with path.open("rb") as file:
            header = file.read(len(HEADER))
    except OSError as error:
        raise DumpFailed(f"{path} can't be read: {error.strerror}.") from error
    if header != HEADER:
        raise DumpFailed(f"{path} is not a backup: give a file that `afterglow backup` wrote.")
    listed = subprocess.run(  # noqa: S603 - a fixed program
        [program("pg_restore"), "--list", path], capture_output=True, text=True, check=False
    )
    if listed.returncode:
        raise DumpFailed(f"{path} is damaged. pg_restore said:\n{listed.stderr.strip()}")


def _check_empty(target: Target) -> None:
    done = subprocess.run(  # noqa: S603 - a fixed program
        target.command("psql", "--no-psqlrc", "-At", f"--command={IN_THE_WAY}"),
        env=target.environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise DumpFailed(f"The database can't be reached. psql said:\n{done.stderr.strip()}")
    if int(done.stdout):
        raise NotEmpty(
            f"The database has {done.stdout.strip()} tables and other things in it. Restore into "
            "an empty one: make it with CREATE DATABASE, or choose an empty data directory."
        )


@contextmanager
def _replacing(path: Path) -> Iterator[IO[bytes]]:
    """A private file that takes the place of `path` once it is complete and on disk."""
    try:
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise DumpFailed(f"Can't write to {path.parent}: {error.strerror}.") from error
    unfinished = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            os.fsync(file.fileno())
        unfinished.replace(path)
        sync(path.parent)
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def _said() -> Iterator[IO[bytes]]:
    """A file for what programs say. Read from a pipe, it could fill and hold them up."""
    with tempfile.TemporaryFile() as file:
        yield file


def _end_of(said: IO[bytes]) -> str:
    said.seek(0)
    return said.read()[-SAID_BYTES:].decode(errors="replace").strip()
