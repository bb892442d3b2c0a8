"""The ASGI application that granian runs: body first, then Django in a thread, then the answer at the client's pace."""

import asyncio

import structlog
from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope

from consilium.server import body, environ
from consilium.server.crew import Crew, Errand
from consilium.server.exchange import Application, Exchange
from consilium.server.limits import Limits

log = structlog.get_logger(__name__)


class Shell:
    """Answers HTTP requests with a WSGI application."""

    def __init__(self, application: Application, crew: Crew, limits: Limits, proxies: environ.Proxies) -> None:
        self._application = application
        self._crew = crew
        self._limits = limits
        self._proxies = proxies

    async def http(self, scope: HTTPScope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        """Answer one request."""
        try:
            content = await body.read(scope, receive, self._limits)
        except body.Gone:
            return
        except body.TooLarge:
            limit = f"{self._limits.body_bytes / 1_000_000:g} MB"
            await _refuse(send, 413, f"This is larger than {limit}, the most that one request may carry. Send less at once.")
            # Draining would invite a client that waits for "100 Continue" to send the body after all.
            if not any(name == b"expect" for name, _ in scope["headers"]):
                await body.drain(receive, self._limits)
            return
        except body.TooSlow:
            await _refuse(send, 408, "The request did not arrive whole in time. Check the connection and send it again.")
            return
        try:
            await self._answer(scope, content, receive, send)
        finally:
            content.close()

    async def _answer(self, scope: HTTPScope, content: body.Body, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        exchange = Exchange(self._application, environ.build(scope, content.file, content.length, self._proxies))
        errand = self._crew.errand()
        try:
            piece, more = await errand.do(exchange.begin)
        except Exception:
            log.exception("server.failed")  # the path may name a person; the trace is enough
            await _refuse(send, 500, "Something went wrong on our side. Try again in a moment.")
            return
        await send({"type": "http.response.start", "status": exchange.status, "headers": exchange.headers, "trailers": False})
        if more:
            await self._stream(exchange, errand, piece, receive, send)
        else:
            await send({"type": "http.response.body", "body": piece, "more_body": False})

    async def _stream(
        self, exchange: Exchange, errand: Errand, piece: bytes, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Send part after part, each made only when the client has taken the one before.

        If the application fails on the way, an answer with a Content-Length ends short, and the client sees that;
        one without seems whole, for ASGI has no word for "broken off".
        """
        gone = asyncio.ensure_future(_until_gone(receive))
        more = True
        try:
            while more and not gone.done():
                async with asyncio.timeout(self._limits.stall_seconds):
                    await send({"type": "http.response.body", "body": piece, "more_body": True})
                piece, more = await errand.do(exchange.go_on)
            if not gone.done():
                await send({"type": "http.response.body", "body": piece, "more_body": False})
        except TimeoutError:
            log.info("server.stalled")
        except Exception:
            log.exception("server.failed")  # the status is on its way; a short body is all the client can be told
        finally:
            gone.cancel()
            await errand.do(exchange.close)


async def _until_gone(receive: ASGIReceiveCallable) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _refuse(send: ASGISendCallable, status: int, sentence: str) -> None:
    """Answer without Django, and close: what else the client has sent is not known."""
    text = f"{sentence}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-content-type-options", b"nosniff"),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})
    await send({"type": "http.response.body", "body": text, "more_body": False})
