"""The files of a data directory's PostgreSQL."""

import secrets
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from app.kit.postgres.accounts import Account, give
from app.kit.postgres.failed import PostgresFailed
from app.kit.postgres.files import sync, write
from app.kit.postgres.programs import environment, program

SUPERUSER = "postgres"

INITDB = (
    "--encoding=UTF8",
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--data-checksums",
    "--auth=scram-sha-256",
    f"--username={SUPERUSER}",
    "--no-instructions",
)
"""Sorts by code point, the same everywhere. Nobody comes in without a password."""


@dataclass(frozen=True)
class Cluster:
    """Where in a data directory PostgreSQL keeps what. The path has no symbolic links in it."""

    data_dir: Path

    @property
    def folder(self) -> Path:
        """What PostgreSQL calls its data directory. Belongs to whom it runs as."""
        return self.data_dir / "postgres"

    @property
    def password_file(self) -> Path:
        """Holds the superuser's password."""
        return self.data_dir / "postgres.password"

    @property
    def log(self) -> Path:
        """What the server says."""
        return self.data_dir / "postgres.log"

    @property
    def start_lock(self) -> Path:
        """Held alone while one starts or stops the server."""
        return self.data_dir / "postgres.start.lock"

    @property
    def users_lock(self) -> Path:
        """Held together by the processes that use the server."""
        return self.data_dir / "postgres.users.lock"

    def password(self) -> str:
        """The superuser's password. Raises PostgresFailed when it is lost."""
        if not self.password_file.exists():
            raise PostgresFailed(
                f"The password of the database in {self.folder} is lost: put back the file "
                f"{self.password_file}, or restore a backup into an empty data directory."
            )
        return self.password_file.read_text().strip()

    def exists(self) -> bool:
        """Whether there is a complete cluster."""
        return (self.folder / "PG_VERSION").exists()


def create(cluster: Cluster, account: Account, start_lock: int) -> None:
    """Make the cluster, unless it exists.

    It is made beside its place and moved there when complete and on disk, so whatever interrupts
    this, the next start begins anew. `initdb` holds on to the start lock: should we be killed, the
    next start waits until it has ended.
    """
    if cluster.exists():
        return
    if cluster.folder.exists() and any(cluster.folder.iterdir()):
        raise PostgresFailed(
            f"{cluster.folder} is not empty and not a PostgreSQL cluster: move it away, or choose "
            "another data directory."
        )
    building = cluster.data_dir / "postgres.new"
    password_file = cluster.data_dir / "postgres.new.password"
    _remove(building, password_file)
    building.mkdir(mode=0o700)
    give(building, account)
    write(password_file, _kept_password(cluster))
    give(password_file, account)
    try:
        _initdb(building, password_file, account, start_lock)
        building.rename(cluster.folder)
    finally:
        _remove(building, password_file)
    sync(cluster.data_dir)


def check_version(cluster: Cluster, ours: str) -> None:
    """Raise PostgresFailed if another major version of PostgreSQL than ours made the cluster."""
    made_by = (cluster.folder / "PG_VERSION").read_text().strip()
    if made_by != ours:
        raise PostgresFailed(
            f"PostgreSQL {made_by} made the database in {cluster.folder}, and PostgreSQL {ours} "
            "can't open it. With the Afterglow that you had before, run `afterglow backup FILE`; "
            f"then move {cluster.folder} away, and with this one run `afterglow restore FILE`."
        )


def _kept_password(cluster: Cluster) -> str:
    """The password of the file, made if there is none: a cluster never lacks its password."""
    if not cluster.password_file.exists():
        unfinished = cluster.data_dir / "postgres.password.new"
        write(unfinished, secrets.token_urlsafe(32))
        unfinished.replace(cluster.password_file)
        sync(cluster.data_dir)
    return cluster.password()


def _initdb(folder: Path, password_file: Path, account: Account, start_lock: int) -> None:
    done = subprocess.run(  # noqa: S603 - a fixed program
        [program("initdb"), f"--pgdata={folder}", f"--pwfile={password_file}", *INITDB],
        cwd="/",
        env=environment(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
        pass_fds=[start_lock],
        **account.run_as(),
    )
    if done.returncode:
        said = done.stderr.strip()[-2000:]
        raise PostgresFailed(f"Could not make a database in {folder}. PostgreSQL said:\n{said}")


def _remove(folder: Path, file: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    file.unlink(missing_ok=True)
