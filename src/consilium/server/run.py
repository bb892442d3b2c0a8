"""Starting and stopping the whole server: the parent process, its workers, and the journal's delivery beside them."""

import errno
import multiprocessing
import resource
import signal
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from django.db import connections
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.http import HTTP1Settings
from granian.log import LogLevels

from consilium.lib.interrupts import Interrupt
from consilium.server.environ import Proxies
from consilium.server.limits import Limits
from consilium.server.worker import load, warm_up

HEAD_BYTES = 65_536
"""Memory for the head of a request; a head that is longer by more than one read is refused."""
CONNECTIONS = 2048
"""Open connections per worker; further ones wait in the kernel's queue. Slow clients cost one each and no thread."""
STOP_SECONDS = 10
"""For requests under way when the server is told to stop."""


class CannotListen(Exception):
    """The address cannot be listened on; the message says why."""


@dataclass(frozen=True, slots=True)
class Options:
    """Where to listen and with how much. `beside` runs in a thread of the parent until its event is set."""

    host: str
    port: int
    workers: int
    threads: int
    limits: Limits = field(default_factory=Limits)
    proxies: Proxies = field(default_factory=Proxies)
    beside: Callable[[threading.Event], None] | None = None


def serve(options: Options, announce: Callable[[str], None]) -> None:
    """Serve until SIGTERM, SIGINT or SIGHUP; call `announce` with the address as soon as it answers.

    Raises CannotListen; ends with SystemExit(1) if the workers cannot be kept alive.
    """
    address, port = claim(options.host, options.port)
    _allow_open_files(CONNECTIONS + 512)
    warm_up()
    connections.close_all()  # an open connection must not be shared by forked processes
    ready, report = multiprocessing.Pipe(duplex=False)
    stop = threading.Event()
    companion = threading.Thread(target=_accompany, args=(options, (address, port), ready, stop, announce), name="companion")
    companion.start()
    server = _granian(options, address, port)
    server.main_loop_interrupt = Interrupt()  # granian's own is a plain Event
    server.on_startup(partial(_stop_with_the_terminal, signal.getsignal(signal.SIGHUP)))
    try:
        server.serve(target_loader=partial(load, options.threads, options.limits, options.proxies, report), wrap_loader=False)
    finally:
        stop.set()
        companion.join()


def claim(host: str, port: int) -> tuple[str, int]:
    """The numeric address and port to listen on; port 0 becomes a free one. Raises CannotListen.

    Each worker listens with SO_REUSEPORT, which would let a second server of the same user share the port in
    silence; a socket without that option finds it out.
    """
    try:
        family, _, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            name = probe.getsockname()
    except OSError as error:
        raise CannotListen(_why(error, host, port)) from error
    return name[0], name[1]


def _why(error: OSError, host: str, port: int) -> str:
    if error.errno == errno.EADDRINUSE:
        return f"Port {port} is in use by another program. Stop it, or choose another port with --port."
    if error.errno == errno.EACCES:
        return f"Port {port} may be used by the administrator only. Choose one above 1023 with --port."
    return f"Cannot listen on {host}, port {port}: {error.strerror}. Choose an address of this machine with --host."


def _granian(options: Options, address: str, port: int) -> Any:
    return Granian(
        "consilium.server.worker",
        address=address,
        port=port,
        interface=Interfaces.ASGI,
        workers=options.workers,
        http=HTTPModes.http1,  # HTTP/2 needs TLS in browsers, and that is the reverse proxy's
        http1_settings=HTTP1Settings(header_read_timeout=int(options.limits.head_seconds * 1000), max_buffer_size=HEAD_BYTES),
        websockets=False,
        backlog=CONNECTIONS,
        backpressure=CONNECTIONS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        log_level=LogLevels.error,
        log_dictconfig={"handlers": {}, "loggers": {"_granian": {"propagate": True}}},
    )


def _stop_with_the_terminal(before: object) -> None:
    """granian would take SIGHUP as an order to restart its workers; `before` is what it meant, ignored under nohup."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN if before == signal.SIG_IGN else signal.getsignal(signal.SIGTERM))


def _accompany(
    options: Options, address: tuple[str, int], ready: Connection, stop: threading.Event, announce: Callable[[str], None]
) -> None:
    """Wait for all workers, say so, then do the work beside them.

    Not before: forking a process in which another thread works may copy a lock that nobody will release. For the
    same reason a worker that replaces a crashed one later is spawned afresh.
    """
    for _ in range(options.workers):
        while not ready.poll(0.1):
            if stop.is_set():
                return
        ready.recv_bytes()
    multiprocessing.set_start_method("spawn", force=True)
    while not stop.wait(0.005) and not _answers(address):
        pass
    if not stop.is_set():
        host = f"[{address[0]}]" if ":" in address[0] else address[0]
        announce(f"http://{host}:{address[1]}")
        if options.beside is not None:
            options.beside(stop)


def _answers(address: tuple[str, int]) -> bool:
    with suppress(OSError), socket.create_connection(address, timeout=1):
        return True
    return False


def _allow_open_files(wanted: int) -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
