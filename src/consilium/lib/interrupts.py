"""What a signal handler may set, for the thread that does the work to see."""

import threading
import time
from typing import Final

TURN_SECONDS: Final = 0.1
"""How long a waiting thread sleeps at most before it looks again."""


class Interrupt(threading.Event):
    """An Event without a lock, on which one waits in short turns.

    The kernel may give a signal to any thread, Python handles it in the main thread alone, and that one, asleep in one long
    wait, does not learn of it. And a handler that sets a plain Event while the main thread is inside that Event's lock waits
    for itself. Either way a process that was told to stop went on, once in fifty times on a busy machine.
    """

    def __init__(self) -> None:
        super().__init__()
        self._told = False

    def is_set(self) -> bool:
        return self._told

    def set(self) -> None:
        self._told = True

    def clear(self) -> None:
        self._told = False

    def wait(self, timeout: float | None = None) -> bool:
        """Until it is set, or for so many seconds; whether it is set."""
        ends = None if timeout is None else time.monotonic() + timeout
        while not self._told:
            left = TURN_SECONDS if ends is None else min(TURN_SECONDS, ends - time.monotonic())
            if left <= 0:
                break
            time.sleep(left)
        return self._told
