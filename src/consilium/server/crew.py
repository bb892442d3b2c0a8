"""A few threads for blocking work, each of which can be asked to go on with what it began."""

import asyncio
import threading
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from contextvars import Context, copy_context
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")


class Crew:
    """Threads that take new errands from one queue and later parts of an errand from a queue of their own.

    Unlike `concurrent.futures`, a later part comes back to the thread that did the first: Django's database
    connections belong to a thread, and a streamed answer must be closed where it was begun. Between two parts the
    thread is free, so a client who reads slowly holds none.
    """

    def __init__(self, size: int) -> None:
        self._lock = threading.Lock()
        self._fresh: deque[_Part] = deque()
        self._own: list[SimpleQueue[_Part | None]] = [SimpleQueue() for _ in range(size)]
        self._idle = list(range(size))
        # Daemons: a hanging request must not keep the process from ending.
        self._threads = [
            threading.Thread(target=self._work, args=(place,), name=f"django-{place}", daemon=True) for place in range(size)
        ]
        for thread in self._threads:
            thread.start()

    def errand(self) -> "Errand":
        return Errand(self)

    def add(self, part: "_Part") -> None:
        """Queue a part of an errand: the first for any thread, a later one for the thread of the first."""
        with self._lock:
            errand = part.errand
            if errand.place is None:
                if not self._idle:
                    self._fresh.append(part)
                    return
                errand.place = self._idle.pop()  # who was busy last is still warm
            elif errand.place in self._idle:
                self._idle.remove(errand.place)
            self._own[errand.place].put(part)

    def close(self, timeout: float = 5.0) -> None:
        """Let the queues run empty, then end the threads; wait at most `timeout` seconds for each."""
        for own in self._own:
            own.put(None)
        for thread in self._threads:
            thread.join(timeout)

    def _work(self, place: int) -> None:
        own = self._own[place]
        while (part := own.get()) is not None:
            part.run()
            while (part := self._next_fresh(place)) is not None:
                part.run()
                if not own.empty():
                    break  # turn and turn about: neither new requests nor streams under way wait for all of the others
        while (part := self._next_fresh(place)) is not None:
            part.run()

    def _next_fresh(self, place: int) -> "_Part | None":
        """The first part of a waiting errand; a thread that finds none, and has nothing of its own, is idle from then on."""
        with self._lock:
            if self._fresh:
                part = self._fresh.popleft()
                part.errand.place = place
                return part
            if self._own[place].empty():
                self._idle.append(place)
            return None


class Errand:
    """Blocking work in several parts, all in one thread and one context (so nothing leaks into the next request)."""

    def __init__(self, crew: Crew) -> None:
        self._crew = crew
        self.place: int | None = None
        self.context: Context = copy_context()

    def do(self, work: Callable[[], T]) -> "asyncio.Future[T]":
        """Run one part; to be awaited in the event loop that calls this."""
        loop = asyncio.get_running_loop()
        future: asyncio.Future[T] = loop.create_future()
        self._crew.add(_Part(self, work, loop, future))
        return future


class _Part:
    __slots__ = ("_future", "_loop", "_work", "errand")

    def __init__(
        self, errand: Errand, work: Callable[[], Any], loop: asyncio.AbstractEventLoop, future: "asyncio.Future[Any]"
    ) -> None:
        self.errand = errand
        self._work = work
        self._loop = loop
        self._future = future

    def run(self) -> None:
        result: Any = None
        failure: BaseException | None = None
        try:
            result = self.errand.context.run(self._work)
        except BaseException as error:  # a thread of the crew outlives whatever its work raises
            failure = error
        with suppress(RuntimeError):  # the loop is closed: the process is ending and nobody waits any more
            self._loop.call_soon_threadsafe(_settle, self._future, result, failure)


def _settle(future: "asyncio.Future[Any]", result: Any, failure: BaseException | None) -> None:
    if future.cancelled():
        return
    if failure is None:
        future.set_result(result)
    elif isinstance(failure, StopIteration | SystemExit | KeyboardInterrupt):
        # The first cannot be stored in a future, the others would end the whole worker.
        future.set_exception(RuntimeError(f"{type(failure).__name__} raised while answering"))
    else:
        future.set_exception(failure)
