"""One GET to a registry whose address the operator set: a few seconds in all, no redirect, little to read."""

import asyncio
from typing import Final

import httpx

SECONDS: Final = 3.0  # for everything together: finding the machine, connecting, waiting, reading
BYTES: Final = 1_000_000
_UNKNOWN_THERE: Final = frozenset({400, 404, 410})


class NoAnswer(Exception):
    """The registry could not be asked, or what came back is no answer; asking later may help. Holds no text of it."""


def get(url: str, *, agent: str, seconds: float = SECONDS) -> bytes | None:
    """What the registry answers; None: it does not know the work. Raises NoAnswer."""
    # A loop of its own, because only a loop can end everything at once: the limits of a plain client begin anew with
    # each packet, so that a slow sender could hold the worker for ever.
    loop = asyncio.new_event_loop()
    try:
        return loop.run_until_complete(asyncio.wait_for(_get(url, agent, seconds), seconds))
    except (TimeoutError, httpx.TimeoutException):
        raise NoAnswer(f"no answer within {seconds:g} seconds") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        raise NoAnswer(f"the request failed: {type(error).__name__}") from error
    finally:
        loop.close()


async def _get(url: str, agent: str, seconds: float) -> bytes | None:
    # No proxy, password file or certificate path of the environment; no compression, which could unpack to any size.
    headers = {"User-Agent": agent, "Accept": "application/json", "Accept-Encoding": "identity"}
    async with (
        httpx.AsyncClient(headers=headers, trust_env=False, follow_redirects=False, timeout=seconds) as client,
        client.stream("GET", url) as response,
    ):
        if response.status_code in _UNKNOWN_THERE:
            return None
        if response.status_code != httpx.codes.OK:
            raise NoAnswer(f"the registry answered with status {response.status_code}")
        if response.headers.get("Content-Encoding", "identity") != "identity":
            raise NoAnswer("the registry answered in a compressed form")
        return await _read(response)


async def _read(response: httpx.Response) -> bytes:
    body = bytearray()
    async for piece in response.aiter_raw():
        body += piece
        if len(body) > BYTES:
            raise NoAnswer(f"the registry answered with more than {BYTES} bytes")
    return bytes(body)
