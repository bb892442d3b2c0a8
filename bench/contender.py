"""One server under test, as a program: `python -m bench.contender shell|granian-wsgi THREADS` (settings from the environment)."""

import socket
import sys

import django
from django.core.wsgi import get_wsgi_application
from granian import Granian
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels

from consilium.server.run import Options, serve


def application() -> object:
    """What granian's WSGI mode loads in its worker."""
    return get_wsgi_application()


def granian_wsgi(threads: int) -> None:
    """granian's own WSGI mode: as fast as it gets, but a slow client holds a thread."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = Granian(
        "bench.contender:application",
        factory=True,
        address="127.0.0.1",
        port=port,
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=threads,
        http=HTTPModes.http1,
        log_level=LogLevels.error,
    )
    print(f"http://127.0.0.1:{port}", flush=True)
    server.serve()


def main() -> None:
    django.setup()
    kind, threads = sys.argv[1], int(sys.argv[2])
    if kind == "granian-wsgi":
        granian_wsgi(threads)
    else:
        serve(Options("127.0.0.1", 0, workers=1, threads=threads), announce=lambda address: print(address, flush=True))


if __name__ == "__main__":
    main()
