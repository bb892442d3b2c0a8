"""What runs in each worker process: the shell around Django, and the worker's own start and end."""

import asyncio
import gc
import multiprocessing
import os
import signal
import threading
from multiprocessing.connection import Connection
from typing import Any

from asgiref.typing import ASGIReceiveCallable, ASGISendCallable
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from consilium.server.crew import Crew
from consilium.server.environ import Proxies
from consilium.server.limits import Limits
from consilium.server.shell import Shell


def load(threads: int, limits: Limits, proxies: Proxies, ready: Connection) -> "Worker":
    """Build the ASGI application of one worker; called by granian in the worker's process."""
    crew = Crew(threads)
    return Worker(Shell(get_wsgi_application(), crew, limits, proxies), crew, ready)


def warm_up() -> None:
    """Import all that answering needs, and take what is loaded out of the garbage collector's rounds."""
    get_resolver().url_patterns  # noqa: B018 - importing the views is the purpose
    gc.collect()
    gc.freeze()


class Worker:
    """The ASGI application: requests go to the shell; start and end are dealt with here."""

    def __init__(self, shell: Shell, crew: Crew, ready: Connection) -> None:
        self._shell = shell
        self._crew = crew
        self._ready = ready

    async def __call__(self, scope: Any, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] == "http":
            await self._shell.http(scope, receive, send)
        elif scope["type"] == "lifespan":
            await self._live(receive, send)

    async def _live(self, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Start, wait for the order to stop, stop. granian has closed every connection before it gives that order."""
        await receive()
        warm_up()
        _leave_terminal_signals_to_the_parent()
        threading.Thread(target=_end_with_parent, name="parent-watch", daemon=True).start()
        self._ready.send_bytes(b"ready")
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._crew.close()
        await send({"type": "lifespan.shutdown.complete"})


def _leave_terminal_signals_to_the_parent() -> None:
    # Ctrl-C and a closed terminal reach the whole process group; a worker that stopped by itself would look like one
    # that crashed.
    asyncio.get_running_loop().remove_signal_handler(signal.SIGINT)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)


def _end_with_parent() -> None:
    """A parent that is killed cannot say so; its workers must not keep the port."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os.kill(os.getpid(), signal.SIGTERM)
