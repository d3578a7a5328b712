"""What can be asked on the command line."""

import argparse
import re
from typing import Any, NoReturn
from uuid import UUID
from zoneinfo import ZoneInfo

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
ROLES = ("clinician", "nurse", "admin", "auditor")
SCOPES = ("read", "write")
LONGEST_SLUG, LONGEST_NAME = 63, 200

Commands = Any
"""What argparse gives no public name: where commands are added."""


class Parser(argparse.ArgumentParser):
    """Says what was wrong in one sentence."""

    def error(self, message: str) -> NoReturn:
        """Exit 2."""
        self.exit(2, f"{self.prog}: {message}. See {self.prog} --help.\n")


def parser() -> argparse.ArgumentParser:
    """Every command. `run` of what is parsed names the module and the function that does it."""
    top = Parser(prog="afterglow", description="Records ketamine treatment and its relief.")
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    _services(commands)
    _makers(commands)
    _tools(commands)
    return top


def _command(commands: Commands, name: str, run: str, says: str) -> argparse.ArgumentParser:
    found: argparse.ArgumentParser = commands.add_parser(
        name, help=says, description=says, allow_abbrev=False
    )
    found.set_defaults(run=run)
    return found


def _services(commands: Commands) -> None:
    demo = _command(commands, "demo", "serving:demo", "serve a made-up clinic to look around in")
    serve = _command(commands, "serve", "serving:serve", "serve the HTTP API")
    for command in (serve, demo):
        command.add_argument("--host", help="address to listen on (AFTERGLOW_HOST)")
        command.add_argument("--port", type=int, help="port to listen on (AFTERGLOW_PORT)")
        command.add_argument("--workers", type=int, help="processes (AFTERGLOW_WORKERS)")
        command.add_argument(
            "--no-worker", action="store_true", help="leave background work to `afterglow worker`"
        )
    _command(commands, "worker", "serving:worker", "do the background work alone")


def _makers(commands: Commands) -> None:
    clinic = _adder(commands, "clinic", "add a clinic")
    clinic.add_argument("--slug", type=slug, required=True, help="what staff type to sign in")
    clinic.add_argument("--name", type=named, required=True)
    clinic.add_argument("--time-zone", type=zone, default="UTC", help="such as America/Denver")
    staff = _adder(commands, "staff", "add someone who works at a clinic; prints a password")
    staff.add_argument("--clinic", metavar="SLUG", required=True)
    staff.add_argument("--email", type=email, required=True)
    staff.add_argument("--role", choices=ROLES, required=True)
    staff.add_argument("--name", type=named)
    client = _adder(commands, "client", "add an API client of a clinic; prints its secret")
    client.add_argument("--clinic", metavar="SLUG", required=True)
    client.add_argument("--name", type=named, required=True)
    client.add_argument("--scope", type=scope, default="read write", help='such as "read write"')


def _adder(commands: Commands, noun: str, says: str) -> argparse.ArgumentParser:
    verbs = commands.add_parser(noun, help=says, description=says).add_subparsers(
        metavar="COMMAND", required=True
    )
    add = _command(verbs, "add", f"adding:{noun}", says)
    add.add_argument("--json", action="store_true", help="print one JSON object")
    if noun == "clinic":
        _crisis(verbs)
    if noun == "staff":
        _reset(verbs)
    return add


def _reset(verbs: Commands) -> None:
    says = "let someone in again who is locked out; prints a new password"
    reset = _command(verbs, "reset", "adding:reset", says)
    reset.add_argument("--clinic", metavar="SLUG", required=True)
    reset.add_argument("--email", type=email, required=True)
    reset.add_argument("--json", action="store_true", help="print one JSON object")


def _crisis(verbs: Commands) -> None:
    says = "set what somebody in danger is shown"
    crisis = _command(verbs, "crisis", "adding:crisis", says)
    crisis.add_argument("--slug", type=slug, required=True)
    crisis.add_argument("file", help="JSON: text, contacts, monitored, ...; - is standard input")


def _tools(commands: Commands) -> None:
    _command(commands, "migrate", "keeping:migrate", "bring the database to this version")
    _command(commands, "doctor", "doctor:doctor", "say what is configured, reachable and migrated")
    backup = _command(commands, "backup", "keeping:backup", "write the database to a file")
    backup.add_argument("file")
    restore = _command(commands, "restore", "keeping:restore", "read it into an empty database")
    restore.add_argument("file")
    _audit(commands)
    _patient(commands)
    _movers(commands)
    _command(commands, "openapi", "printing:openapi", "print the description of the HTTP API")
    relief = _command(commands, "relief", "printing:relief", "courses and episodes from a file")
    relief.add_argument(
        "file", help="patients' records, one JSON object a line; - is standard input"
    )
    _forecast(commands)


def _forecast(commands: Commands) -> None:
    says = "how good the forecast is"
    verbs = commands.add_parser("forecast", help=says, description=says).add_subparsers(
        metavar="COMMAND", required=True
    )
    says = "fit and forecast a cohort of patients in a folder"
    evaluate = _command(verbs, "evaluate", "forecasting:evaluate", says)
    evaluate.add_argument("folder", help="patients, infusions and scores as .csv.gz")
    evaluate.add_argument("out", help="where to write the forecasts, as .csv")
    says = "hold a clinic's forecasts against what came"
    check = _command(verbs, "check", "checking:check", says)
    check.add_argument("--clinic", metavar="SLUG", required=True)


def _audit(commands: Commands) -> None:
    verbs = commands.add_parser("audit", help="who did what").add_subparsers(
        metavar="COMMAND", required=True
    )
    says = "say whether the audit is as it was sealed; exits 1 if it is not"
    verify = _command(verbs, "verify", "auditing:verify", says)
    verify.add_argument("--clinic", metavar="SLUG", help="this clinic's alone")
    verify.add_argument(
        "--head", type=link, metavar="POSITION:HASH", help="a link that you noted before"
    )


def _patient(commands: Commands) -> None:
    verbs = commands.add_parser("patient", help="forget a person").add_subparsers(
        metavar="COMMAND", required=True
    )
    says = "remove a person for good and leave nameless episodes"
    erase = _command(verbs, "erase", "erasing:patient", says)
    erase.add_argument("--clinic", metavar="SLUG", required=True)
    erase.add_argument("--patient", type=UUID, metavar="ID", required=True)
    erase.add_argument("--reason", type=named, required=True, help="is kept; name nobody")


def _movers(commands: Commands) -> None:
    leaving = _command(commands, "export", "moving:export", "write a whole clinic to a file")
    leaving.add_argument("--clinic", metavar="SLUG", required=True)
    leaving.add_argument("file", nargs="?", default="-", help="- is standard output")
    says = "read a clinic that was exported, or items of batches, into a clinic"
    coming = _command(commands, "import", "moving:import_", says)
    coming.add_argument("--clinic", metavar="SLUG", required=True)
    coming.add_argument("file", help="one JSON object a line; - is standard input")


def slug(text: str) -> str:
    """A clinic's short name."""
    if not SLUG.fullmatch(text) or len(text) > LONGEST_SLUG:
        raise argparse.ArgumentTypeError("use small letters, digits and single hyphens, at most 63")
    return text


def named(text: str) -> str:
    """A name for people."""
    name = text.strip()
    if not name.isprintable() or not 0 < len(name) <= LONGEST_NAME:
        raise argparse.ArgumentTypeError("a name has 1 to 200 characters, all on one line")
    return name


def email(text: str) -> str:
    """An address to sign in with, in small letters."""
    if not EMAIL.fullmatch(text) or not text.isprintable() or len(text) > LONGEST_NAME:
        raise argparse.ArgumentTypeError("that is not an e-mail address")
    return text.lower()


def link(text: str) -> tuple[int, bytes]:
    """A link of a chain as it is noted: its position and its hash."""
    position, _, hashed = text.partition(":")
    try:
        return int(position), bytes.fromhex(hashed)
    except ValueError:
        raise argparse.ArgumentTypeError("a link is written POSITION:HASH") from None


def zone(text: str) -> str:
    """An IANA time zone."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError):
        raise argparse.ArgumentTypeError(
            "that is not an IANA time zone, like America/Denver"
        ) from None
    return text


def scope(text: str) -> str:
    """What a client may: `read`, `write` or `read write`."""
    words = set(text.split())
    if not words or words - set(SCOPES):
        raise argparse.ArgumentTypeError('a scope is "read", "write" or "read write"')
    return " ".join(word for word in SCOPES if word in words)
