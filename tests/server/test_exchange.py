"""One WSGI call: what the application is owed by PEP 3333."""

import io
from collections.abc import Callable, Iterator
from typing import Any
from wsgiref.validate import validator

import pytest

from consilium.server import environ
from consilium.server.exchange import FILE_BLOCK, Exchange, FileBlocks

SCOPE: Any = {
    "type": "http",
    "http_version": "1.1",
    "method": "GET",
    "path": "/",
    "raw_path": b"/",
    "query_string": b"",
    "headers": [(b"host", b"localhost")],
    "client": ("127.0.0.1", "50000"),
    "server": ("127.0.0.1", "8000"),
}
Start = Callable[..., Callable[[bytes], None]]


class Pieces:
    """An iterable that remembers whether it was closed."""

    def __init__(self, *pieces: bytes) -> None:
        self._pieces = pieces
        self.closed = 0

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._pieces)

    def close(self) -> None:
        self.closed += 1


def call(application: Callable[..., Any], method: str = "GET") -> Exchange:
    return Exchange(application, environ.build(SCOPE | {"method": method}, io.BytesIO(b"body"), 4, environ.Proxies()))


def everything(exchange: Exchange) -> bytes:
    piece, more = exchange.begin()
    pieces = [piece]
    while more:
        piece, more = exchange.go_on()
        pieces.append(piece)
    return b"".join(pieces)


def test_the_call_is_one_that_the_reference_validator_accepts() -> None:
    def application(environ: dict[str, Any], start_response: Start) -> list[bytes]:
        assert environ["wsgi.input"].read(4) == b"body"
        start_response("200 OK", [("Content-Type", "text/plain")])
        return [b"hel", b"lo"]

    validated: Callable[..., Any] = validator(application)  # type: ignore[arg-type]
    assert everything(call(validated)) == b"hello"


def test_pieces_come_one_by_one_and_the_answer_is_closed_once() -> None:
    pieces = Pieces(b"one", b"", b"two")

    def application(environ: dict[str, Any], start_response: Start) -> Pieces:
        start_response("200 OK", [])
        return pieces

    exchange = call(application)
    assert [exchange.begin(), exchange.go_on()] == [(b"one", True), (b"two", True)]
    assert pieces.closed == 0
    assert exchange.go_on() == (b"", False)
    exchange.close()
    assert pieces.closed == 1


def test_the_status_may_be_set_as_late_as_the_first_piece() -> None:
    def application(environ: dict[str, Any], start_response: Start) -> Iterator[bytes]:
        start_response("404 Not Found", [("X-Name", "é")])
        yield b"late"

    exchange = call(application)
    assert exchange.begin() == (b"late", True)
    assert (exchange.status, exchange.headers) == (404, [(b"x-name", b"\xe9")])


def test_what_is_written_comes_before_what_is_returned() -> None:
    def application(environ: dict[str, Any], start_response: Start) -> list[bytes]:
        start_response("200 OK", [])(b"written, ")
        return [b"returned"]

    assert everything(call(application)) == b"written, returned"


def test_head_draws_no_piece_but_closes() -> None:
    pieces = Pieces(b"never sent")

    def application(environ: dict[str, Any], start_response: Start) -> Pieces:
        start_response("200 OK", [("Content-Length", "10")])
        return pieces

    assert call(application, "HEAD").begin() == (b"", False)
    assert pieces.closed == 1


def test_a_failure_closes_what_was_begun() -> None:
    class Broken(Pieces):
        def __iter__(self) -> Iterator[bytes]:
            raise ValueError("why")

    pieces = Broken()

    def application(environ: dict[str, Any], start_response: Start) -> Pieces:
        start_response("200 OK", [])
        return pieces

    with pytest.raises(ValueError, match="why"):
        call(application).begin()
    assert pieces.closed == 1


def test_an_application_that_never_starts_its_answer_is_a_failure() -> None:
    with pytest.raises(RuntimeError, match="start_response"):
        call(lambda environ, start_response: [b"no status"]).begin()


@pytest.mark.parametrize("size", [0, 1, FILE_BLOCK - 1, FILE_BLOCK, FILE_BLOCK + 1, 3 * FILE_BLOCK])
def test_a_file_is_whole_at_every_size(size: int) -> None:
    file = io.BytesIO(b"f" * size)

    def application(environ: dict[str, Any], start_response: Start) -> FileBlocks:
        start_response("200 OK", [])
        return FileBlocks(file, 4096)

    assert everything(call(application)) == b"f" * size
    assert file.closed
