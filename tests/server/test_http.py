"""HTTP as clients speak it, over real sockets to the real server."""

import contextlib
import json
import socket
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from tests.server.running import HEAD, Server, running, until
from tests.server.site import FILE_BYTES

CLOSE = b"Connection: close\r\n\r\n"


def serving(notes: Path, seconds: float) -> AbstractContextManager[Server]:
    """The server, which waits this long for each part of what a client sends or takes."""
    waits = dict.fromkeys(("head_seconds", "body_seconds", "stall_seconds"), seconds)
    return running(notes, threads=2, limits={"body_bytes": 2_000_000, "memory_bytes": 10_000, **waits})


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Patient, so that no test depends on how quick the machine is."""
    with serving(tmp_path_factory.mktemp("notes"), 60.0) as server:
        yield server


@pytest.fixture(scope="module")
def hasty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Gives a client up after a second."""
    with serving(tmp_path_factory.mktemp("notes"), 1.0) as server:
        yield server


def body_of(answer: bytes) -> bytes:
    return answer.partition(b"\r\n\r\n")[2]


def test_a_page_is_answered(server: Server) -> None:
    assert server.get("/hello/") == (200, "hello")


def test_one_connection_carries_several_requests(server: Server) -> None:
    ask = b"GET /hello/" + HEAD + b"\r\n"
    answer = server.talk(ask + ask + b"GET /hello/" + HEAD + CLOSE)
    assert answer.count(b"200 OK") == 3


@pytest.mark.parametrize("path", [b"/hello/", b"/stream/", b"/file/"])
def test_head_has_the_headers_of_get_and_no_body(server: Server, path: bytes) -> None:
    head = server.talk(b"HEAD " + path + HEAD + CLOSE)
    get = server.talk(b"GET " + path + HEAD + CLOSE)
    lengths = [[line for line in answer.split(b"\r\n") if line.startswith(b"content-length")] for answer in (head, get)]
    assert head.startswith(b"HTTP/1.1 200 OK")
    assert body_of(head) == b""
    assert lengths[0] == lengths[1]


def test_a_streamed_answer_comes_in_its_pieces(server: Server) -> None:
    answer = server.talk(b"GET /stream/" + HEAD + CLOSE)
    assert b"transfer-encoding: chunked" in answer
    assert answer.count(b"7\r\nline ") == 5
    assert answer.endswith(b"0\r\n\r\n")


def test_http_1_0_gets_a_stream_without_chunks(server: Server) -> None:
    answer = server.talk(b"GET /stream/ HTTP/1.0\r\n\r\n")
    assert body_of(answer) == b"line 0\nline 1\nline 2\nline 3\nline 4\n"


def test_a_file_longer_than_a_block_arrives_whole(server: Server) -> None:
    assert body_of(server.talk(b"GET /file/" + HEAD + CLOSE)) == bytes(range(250)) * (FILE_BYTES // 250)


def test_a_body_with_a_length(server: Server) -> None:
    answer = server.talk(b"POST /echo/" + HEAD + b"Content-Length: 5\r\n" + CLOSE + b"hello")
    assert b"x-length: 5" in answer
    assert body_of(answer) == b"hello"


def test_a_body_in_chunks_gets_its_counted_length(server: Server) -> None:
    answer = server.talk(
        b"POST /echo/" + HEAD + b"Transfer-Encoding: chunked\r\n" + CLOSE + b"5\r\nhello\r\n3\r\nabc\r\n0\r\n\r\n"
    )
    assert b"x-length: 8" in answer
    assert body_of(answer) == b"helloabc"


def test_a_body_larger_than_the_memory_for_it_is_whole(server: Server) -> None:
    body = bytes(range(256)) * 4000
    answer = server.talk(b"POST /echo/" + HEAD + b"Content-Length: %d\r\n" % len(body) + CLOSE + body)
    assert body_of(answer) == body


def test_a_client_that_asks_first_is_told_to_continue(server: Server) -> None:
    with server.connect(b"POST /echo/" + HEAD + b"Content-Length: 5\r\nExpect: 100-continue\r\n" + CLOSE) as connection:
        assert connection.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        connection.sendall(b"hello")
        answer = b"".join(iter(lambda: connection.recv(65_536), b""))
    assert body_of(answer) == b"hello"


@pytest.mark.parametrize(
    ("announced", "end"),
    [(b"Content-Length: 3000000\r\n\r\n", b""), (b"Transfer-Encoding: chunked\r\n\r\n2dc6c0\r\n", b"\r\n0\r\n\r\n")],
    ids=["announced", "chunked"],
)
def test_a_body_over_the_limit_is_refused_in_words(server: Server, announced: bytes, end: bytes) -> None:
    answer = server.talk(b"POST /echo/" + HEAD + announced + b"a" * 3_000_000 + end)
    assert answer.startswith(b"HTTP/1.1 413 ")
    assert b"This is larger than 2 MB" in answer


def test_a_client_that_asks_first_is_told_before_it_sends_too_much(server: Server) -> None:
    answer = server.talk(b"POST /echo/" + HEAD + b"Content-Length: 3000000\r\nExpect: 100-continue\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 413 ")


@pytest.mark.parametrize(
    "head", [b"GET / HTTP/1.1\r\nX-Slow: a", b"GET /hello/" + HEAD + b"\r\n", b""], ids=["stops", "pauses", "silent"]
)
def test_a_connection_without_a_whole_request_is_closed(hasty: Server, head: bytes) -> None:
    assert hasty.talk(head).count(b"200 OK") == head.count(b"/hello/")


def test_a_head_beyond_all_measure_is_refused(server: Server) -> None:
    with server.connect(b"GET /hello/" + HEAD) as connection:
        with contextlib.suppress(ConnectionError):  # the refusal may come while we are still sending
            for number in range(100):
                connection.sendall(b"X-%d: " % number + b"a" * 10_000 + b"\r\n")
        assert connection.recv(100).startswith(b"HTTP/1.1 431 ")


def test_a_body_that_stops_is_refused_in_words(hasty: Server) -> None:
    answer = hasty.talk(b"POST /echo/" + HEAD + b"Content-Length: 5\r\n\r\nhel")
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"did not arrive whole in time" in answer


@pytest.mark.parametrize(
    "headers",
    [
        b"Content-Length: 5\r\nContent-Length: 6\r\n",
        b"Content-Length: abc\r\n",
        b"Content-Length: -1\r\n",
        b"Content-Length: +5\r\n",
        b"Transfer-Encoding: gzip\r\n",
        b"Transfer-Encoding : chunked\r\n",
        b"Bad\nName: x\r\n",
    ],
)
def test_framing_that_two_servers_might_read_differently_is_refused(server: Server, headers: bytes) -> None:
    assert server.talk(b"POST /echo/" + HEAD + headers + CLOSE + b"hello").startswith(b"HTTP/1.1 400 ")


def test_chunks_win_over_a_length_and_the_connection_ends(server: Server) -> None:
    answer = server.talk(
        b"POST /echo/"
        + HEAD
        + b"Content-Length: 50\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\nGET /hello/"
        + HEAD
        + b"\r\n"
    )
    assert b"x-length: 3" in answer
    assert answer.count(b"HTTP/1.1 ") == 1


def test_two_cookies_are_two_headers(server: Server) -> None:
    answer = server.talk(b"GET /cookies/" + HEAD + CLOSE)
    assert answer.count(b"set-cookie: ") == 2


def test_what_django_is_told_of_a_request(server: Server) -> None:
    answer = server.talk(
        b"GET /environ/?q=a%20b&c HTTP/1.1\r\nHost: example.org:81\r\nX-Two: one\r\nX-Two: two\r\n"
        b"Cookie: a=1\r\nCookie: b=2\r\nContent-Type: text/plain\r\n" + CLOSE
    )
    environ = json.loads(body_of(answer))
    assert environ == environ | {
        "REQUEST_METHOD": "GET",
        "SCRIPT_NAME": "",
        "PATH_INFO": "/environ/",
        "QUERY_STRING": "q=a%20b&c",
        "REMOTE_ADDR": "127.0.0.1",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": str(server.port),
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "HTTP_HOST": "example.org:81",
        "HTTP_X_TWO": "one,two",
        "HTTP_COOKIE": "a=1; b=2",
        "CONTENT_TYPE": "text/plain",
    }
    assert "CONTENT_LENGTH" not in environ


def test_a_path_in_any_script_arrives(server: Server) -> None:
    assert server.get("/name/%E3%83%9C%E3%83%88%D8%B3%C3%A9%20%2F") == (200, "ボトسé /")


def test_a_path_that_is_no_utf_8_does_not_break_the_server(server: Server) -> None:
    assert server.get("/name/%FF%FE")[0] in {200, 400, 404}


def test_a_client_cannot_pose_as_another(server: Server) -> None:
    said = {
        "X_Forwarded_For": "192.0.2.1",
        "X_Forwarded_Proto": "https",
        "X_Forwarded_Host": "evil.example",
        "X_Real_IP": "192.0.2.1",
    }
    environ = json.loads(server.get("/environ/", **said)[1])
    assert environ["REMOTE_ADDR"] == "127.0.0.1"
    assert environ["wsgi.url_scheme"] == "http"
    assert not [key for key in environ if "FORWARDED" in key or "REAL_IP" in key]


def test_a_header_with_an_underscore_cannot_take_the_place_of_another(server: Server) -> None:
    answer = server.talk(b"GET /environ/" + HEAD + b"X_Request_Id: forged\r\nX-Request-Id: real\r\n" + CLOSE)
    assert json.loads(body_of(answer))["HTTP_X_REQUEST_ID"] == "real"


@pytest.mark.parametrize("path", [b"/fails/", b"/explodes/"])
def test_a_failure_is_a_500_that_tells_nothing(server: Server, path: bytes) -> None:
    answer = server.talk(b"GET " + path + HEAD + CLOSE)
    assert answer.startswith(b"HTTP/1.1 500 ")
    assert b"secret" not in answer
    assert b"Traceback" not in answer
    assert server.get("/hello/") == (200, "hello")


def test_a_failure_in_the_middle_ends_short_of_the_length(server: Server) -> None:
    assert body_of(server.talk(b"GET /breaks/" + HEAD + b"\r\n")) == b"a few bytes"


def test_a_stream_is_closed_in_its_thread_when_the_client_leaves(server: Server) -> None:
    with server.connect(b"GET /endless/left/" + HEAD + b"\r\n") as connection:
        assert connection.recv(1000)
    until((server.notes / "left").exists)
    begun, ended = (server.notes / "left").read_text().split(", ")
    assert begun == ended


def test_a_client_that_takes_nothing_is_given_up(hasty: Server) -> None:
    with hasty.connect(b"GET /endless/stalled/" + HEAD + b"\r\n"):
        until((hasty.notes / "stalled").exists)


def test_clients_that_read_slowly_hold_no_thread(server: Server) -> None:
    readers: list[socket.socket] = []
    try:
        for number in range(8):
            reader = server.connect(b"GET /endless/reader-%d/" % number + HEAD + b"\r\n")
            reader.recv(1000)
            readers.append(reader)
        assert server.get("/hello/") == (200, "hello")
    finally:
        for reader in readers:
            reader.close()


def test_a_client_that_leaves_in_the_middle_of_its_body_does_no_harm(server: Server) -> None:
    for _ in range(20):
        server.connect(b"POST /echo/" + HEAD + b"Content-Length: 5\r\n\r\nhel").close()
    assert server.get("/hello/") == (200, "hello")
