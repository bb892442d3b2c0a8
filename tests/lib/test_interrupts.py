"""A signal is seen, whenever it comes and whichever thread it is given to."""

import ctypes
import os
import signal
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from consilium.lib.interrupts import Interrupt


@pytest.fixture
def told() -> Iterator[Interrupt]:
    """Set by SIGUSR1."""
    interrupt = Interrupt()
    before = signal.signal(signal.SIGUSR1, lambda *_: interrupt.set())
    yield interrupt
    signal.signal(signal.SIGUSR1, before)


def test_a_signal_that_another_thread_is_given_ends_the_wait(told: Interrupt) -> None:
    done = threading.Event()
    other = threading.Thread(target=done.wait, args=(20,))
    other.start()  # its number is known as soon as this returns
    timer = threading.Timer(0.05, ctypes.CDLL(None).tgkill, (os.getpid(), other.native_id, signal.SIGUSR1))
    timer.start()
    assert told.wait(20)
    done.set()
    other.join()


def test_a_handler_waits_for_nobody(told: Interrupt, monkeypatch: pytest.MonkeyPatch) -> None:
    """The signal comes while the waiting thread is in the middle of `wait`, not asleep."""
    sleep = time.sleep

    def raising(seconds: Any) -> None:
        signal.raise_signal(signal.SIGUSR1)
        sleep(seconds)

    monkeypatch.setattr(time, "sleep", raising)
    assert told.wait(20)


def test_without_a_signal_it_is_an_event() -> None:
    interrupt = Interrupt()
    assert (interrupt.is_set(), interrupt.wait(0), interrupt.wait(0.15)) == (False, False, False)
    interrupt.set()
    assert (interrupt.is_set(), interrupt.wait(), interrupt.wait(5)) == (True, True, True)
    interrupt.clear()
    assert not interrupt.is_set()
