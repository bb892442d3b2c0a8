"""Reading a whole request body before anything of ours waits for it."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO

from asgiref.typing import ASGIReceiveCallable, HTTPScope

from consilium.server.limits import Limits


class Gone(Exception):
    """The client closed the connection before the request was whole."""


class TooLarge(Exception):
    """The body is longer than allowed."""


class TooSlow(Exception):
    """The body took longer than allowed."""


@dataclass(slots=True)
class Body:
    """A body, read from its start; close it when the request is done. `length` is None if the request has none."""

    file: IO[bytes] = field(default_factory=BytesIO)
    length: int | None = None

    def close(self) -> None:
        self.file.close()


async def read(scope: HTTPScope, receive: ASGIReceiveCallable, limits: Limits) -> Body:
    """The whole body, within the limits; raises Gone, TooLarge or TooSlow."""
    announced = _announced(scope)
    if announced is None:
        return Body()
    if announced > limits.body_bytes:
        raise TooLarge
    body = Body(SpooledTemporaryFile(max_size=limits.memory_bytes))  # noqa: SIM115 - Body.close() closes it
    try:
        async with asyncio.timeout(limits.body_seconds):
            body.length = await _pour(receive, body.file.write, limits.body_bytes)
    except TimeoutError:
        body.close()
        raise TooSlow from None
    except BaseException:
        body.close()
        raise
    body.file.seek(0)
    return body


async def drain(receive: ASGIReceiveCallable, limits: Limits) -> None:
    """Read on and throw away, within the same limits: who is still sending does not look at an answer."""
    with suppress(Gone, TooLarge, TimeoutError):
        async with asyncio.timeout(limits.body_seconds):
            await _pour(receive, len, limits.body_bytes)


def _announced(scope: HTTPScope) -> int | None:
    """The length the client announces; 0 if it will be known at the end (chunked), None if there is no body."""
    length: int | None = None
    for name, value in scope["headers"]:
        if name == b"transfer-encoding":
            return 0
        if name == b"content-length":
            length = int(value)  # granian has refused whatever is no number
    return length


async def _pour(receive: ASGIReceiveCallable, put: Callable[[bytes], object], most: int) -> int:
    """Give every piece to `put` and return the total; raise TooLarge past `most`, Gone at a disconnect."""
    total = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        piece = message["body"]
        total += len(piece)
        if total > most:
            raise TooLarge
        put(piece)
        if not message["more_body"]:
            return total
