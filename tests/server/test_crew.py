"""Threads that go on with what they began."""

import asyncio
import threading
from collections.abc import Iterator
from contextvars import ContextVar

import pytest

from consilium.server.crew import Crew, Errand

LANGUAGE: ContextVar[str] = ContextVar("LANGUAGE", default="unset")


@pytest.fixture
def crew() -> Iterator[Crew]:
    crew = Crew(3)
    yield crew
    crew.close()


def test_all_parts_of_an_errand_are_done_in_one_thread(crew: Crew) -> None:
    async def go() -> list[set[str]]:
        errands = [crew.errand() for _ in range(30)]
        seen: list[set[str]] = [set() for _ in errands]
        for _ in range(5):
            for place, name in enumerate(await asyncio.gather(*(errand.do(thread_name) for errand in errands))):
                seen[place].add(name)
        return seen

    assert {len(names) for names in asyncio.run(go())} == {1}


def test_several_threads_work_at_once(crew: Crew) -> None:
    together = threading.Barrier(3, timeout=10)

    async def go() -> None:
        await asyncio.gather(*(crew.errand().do(together.wait) for _ in range(3)))

    asyncio.run(go())  # fewer threads would leave the barrier broken


def test_what_one_errand_sets_the_next_does_not_see(crew: Crew) -> None:
    async def go() -> tuple[str, str]:
        first = crew.errand()
        await first.do(lambda: LANGUAGE.set("fr"))
        others = [await crew.errand().do(LANGUAGE.get) for _ in range(10)]
        return await first.do(LANGUAGE.get), "".join(set(others))

    assert asyncio.run(go()) == ("fr", "unset")


@pytest.mark.parametrize("failure", [ValueError("why"), SystemExit(1), StopIteration()])
def test_a_failure_reaches_who_waits_and_the_thread_lives_on(failure: BaseException) -> None:
    crew = Crew(1)

    def fail() -> None:
        raise failure

    async def go() -> str:
        with pytest.raises(Exception):  # noqa: B017, PT011 - which one is the test below
            await crew.errand().do(fail)
        return await crew.errand().do(thread_name)

    assert asyncio.run(go()) == "django-0"
    crew.close()


def test_new_errands_are_not_kept_waiting_by_those_that_never_end() -> None:
    crew = Crew(1)

    async def go() -> str:
        endless = [crew.errand() for _ in range(5)]
        parts = [asyncio.ensure_future(_again_and_again(errand)) for errand in endless]
        await endless[0].do(thread_name)
        answer = await asyncio.wait_for(crew.errand().do(thread_name), 10)
        for part in parts:
            part.cancel()
        return answer

    assert asyncio.run(go()) == "django-0"
    crew.close()


async def _again_and_again(errand: Errand) -> None:
    while True:
        await asyncio.gather(errand.do(thread_name), errand.do(thread_name))


def test_close_lets_the_queue_run_empty() -> None:
    crew = Crew(1)
    done: list[int] = []

    async def go() -> None:
        waiting = [crew.errand().do(lambda number=number: done.append(number)) for number in range(50)]  # type: ignore[misc]
        crew.close()
        await asyncio.gather(*waiting)

    asyncio.run(go())
    assert done == list(range(50))


def thread_name() -> str:
    return threading.current_thread().name
