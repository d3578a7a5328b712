"""`afterglow serve`, `demo`, `worker`: one process, or several under this one."""

import argparse
import asyncio
import logging
import os
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from importlib import import_module

from app.cli.processes import beside
from app.cli.settings import read_settings
from app.config import Settings
from app.kit.failed import Failed, Misused
from app.kit.logs import start_logs
from app.kit.places import Place, opened, prepare

log = logging.getLogger(__name__)


def serve(args: argparse.Namespace) -> None:
    """Serve until told to stop."""
    settings = settings_of(args)
    start_logs(settings.log_level)
    with listening(settings) as sock, kept_open(settings) as place:
        asyncio.run(prepare(place))
        answer(settings, place, sock, background=not args.no_worker, ready=announce(sock))


def demo(args: argparse.Namespace) -> None:
    """Serve a made-up clinic; it is made first if there is none."""
    settings = settings_of(args)
    if settings.database_url or settings.owner_url:
        raise Misused(
            "The demo clinic is made only in a database of Afterglow's own: unset "
            "AFTERGLOW_DATABASE_URL and AFTERGLOW_OWNER_URL, or use `afterglow serve`."
        )
    start_logs(settings.log_level)
    with listening(settings) as sock, kept_open(settings) as place:
        asyncio.run(prepare(place))
        tour = import_module("app.cli.touring").prepare_tour(settings, place, base_url(sock))
        ready = announce(sock, tour)
        answer(settings, place, sock, background=not args.no_worker, ready=ready)


def worker(_: argparse.Namespace) -> None:
    """Do the background work until told to stop."""
    settings = read_settings()
    start_logs(settings.log_level)
    with kept_open(settings) as place:
        asyncio.run(prepare(place))
        import_module("app.cli.working").work(settings, place.login_url)


def answer(
    settings: Settings,
    place: Place,
    sock: socket.socket,
    *,
    background: bool,
    ready: Callable[[], None],
) -> None:
    """Answer requests in this process or in several, with background work beside."""
    name = "app.cli.process" if settings.workers == 1 else "app.cli.processes"
    run = import_module(name).run
    with beside(settings, place.login_url) if background else nullcontext():
        run(settings, place.login_url, sock, ready)


def settings_of(args: argparse.Namespace) -> Settings:
    """The settings, with what the command line says before what the environment says."""
    return read_settings(host=args.host, port=args.port, workers=args.workers)


@contextmanager
def kept_open(settings: Settings) -> Iterator[Place]:
    """The database; being told twice to stop does not leave it running."""
    # A shell that starts us in the background has us ignore SIGINT; whoever sends it means it.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with opened(settings) as place:
        try:
            yield place
        finally:
            for number in (signal.SIGINT, signal.SIGTERM):
                signal.signal(number, signal.SIG_IGN)


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """A socket of our own at the address, before anything is begun. Raises Failed if it is taken.

    It takes connections once the service is ready, and refuses them until then.
    """
    where = (settings.host, settings.port)
    try:
        family, kind, _, _, address = socket.getaddrinfo(*where, type=socket.SOCK_STREAM)[0]
        sock = socket.socket(family, kind)
    except OSError as error:
        raise Failed(f"Can't listen on {settings.host}: {error.strerror}.") from None
    with sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            sock.bind(address)
        except OSError as error:
            raise Failed(
                f"Can't listen on port {settings.port} of {settings.host}: {error.strerror}. "
                "Stop what uses it, or choose another with --port."
            ) from None
        # Two may bind what nobody listens on yet, as long as both say they would share it. We do
        # not until we listen, and then share it with connections that have not quite ended.
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 0)
        yield sock


def base_url(sock: socket.socket) -> str:
    """Where the service answers."""
    host, port = sock.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def announce(sock: socket.socket, tour: str = "") -> Callable[[], None]:
    """What is said once the service takes requests."""
    url = base_url(sock)

    def ready() -> None:
        log.info("ready", extra={"url": url, "pid": os.getpid()})
        if tour:
            sys.stderr.write(tour)
            sys.stderr.flush()

    return ready
