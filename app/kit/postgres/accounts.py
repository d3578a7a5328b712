"""The user whom PostgreSQL runs as. It refuses to run as root."""

import logging
import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from app.kit.postgres.failed import PostgresFailed

log = logging.getLogger(__name__)

SYSTEM_USERS = ("afterglow", "postgres", "_postgres", "nobody")
"""Whom root runs PostgreSQL as: the first of these that the machine has."""


class RunAs(TypedDict, total=False):
    """The arguments of `subprocess.Popen` that change the user."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """A user and their main group."""

    name: str
    uid: int
    gid: int

    def run_as(self) -> RunAs:
        """How to start a program as this user; nothing to do when that is who we are."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}


def account_for(folder: Path, data_dir: Path) -> Account:
    """Who runs the cluster in `folder`.

    An ordinary user does so themselves. Root leaves it to whom the cluster belongs to, or for a
    new one to whom the data directory belongs to, or to a system user if that is root.
    """
    owner = (folder if folder.exists() else data_dir).stat().st_uid
    me = os.geteuid()
    if me not in {0, owner}:
        raise PostgresFailed(
            f"The database in {folder} belongs to {_user(owner).name}: run Afterglow as that user."
        )
    if owner:
        return _user(owner)
    if folder.exists():
        raise PostgresFailed(
            f"The database in {folder} belongs to root, as whom PostgreSQL refuses to run: give "
            f"it to another user, such as: chown -R {_system_user().name} {folder}"
        )
    return _system_user()


def let_through(path: Path, account: Account) -> None:
    """Let the account pass through the folders that lead to `path`.

    That is o+x on those that it can't pass, so that it finds what it knows by name; never o+r, so
    that it can't look around.
    """
    if account.uid == os.geteuid():
        return
    for folder in reversed(path.parents):
        mode = stat.S_IMODE(folder.stat().st_mode)
        if not _passable(folder, account):
            folder.chmod(mode | stat.S_IXOTH)
            log.warning(
                "Let other users pass through %s (o+x), as PostgreSQL runs as %s",
                folder,
                account.name,
            )


def give(path: Path, account: Account) -> None:
    """Make what root has just made the account's own."""
    if account.uid != os.geteuid():
        os.chown(path, account.uid, account.gid, follow_symlinks=False)


def _passable(folder: Path, account: Account) -> bool:
    found = folder.stat()
    if found.st_uid == account.uid:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.gid:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _user(uid: int) -> Account:
    try:
        found = pwd.getpwuid(uid)
    except KeyError:  # containers run as users that have no name
        return Account(str(uid), uid, os.getegid() or uid)
    return Account(found.pw_name, uid, found.pw_gid)


def _system_user() -> Account:
    for name in SYSTEM_USERS:
        try:
            found = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(name, found.pw_uid, found.pw_gid)
    raise PostgresFailed(
        f"PostgreSQL refuses to run as root and there is no user called {' or '.join(SYSTEM_USERS)}"
        ": add one of them, or run Afterglow as an ordinary user."
    )
