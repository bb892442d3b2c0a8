"""A site with one page per thing that the server must get right; `python -m tests.server.site` serves it.

Run as a program it takes one JSON argument: port, workers, threads, limits and proxies for the server.
"""

import gc
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import django
from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.urls import path, re_path

from consilium.server.environ import Proxies
from consilium.server.limits import Limits
from consilium.server.run import CannotListen, Options, serve

FILE_BYTES = 600_000
"""Longer than two of the blocks that a file is sent in."""


def environ(request: HttpRequest) -> HttpResponse:
    return JsonResponse({key: value for key, value in request.META.items() if isinstance(value, str)})


def echo(request: HttpRequest) -> HttpResponse:
    return HttpResponse(request.body, headers={"X-Length": request.META.get("CONTENT_LENGTH", "none")})


def cookies(request: HttpRequest) -> HttpResponse:
    response = HttpResponse("two")
    response.set_cookie("first", "1")
    response.set_cookie("second", "2")
    return response


def stream(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(f"line {number}\n" for number in range(5))


def endless(request: HttpRequest, name: str) -> StreamingHttpResponse:
    """Blocks without end; how it ended is noted in a file, as `thread of the start, thread of the end`."""
    begun = threading.current_thread().name

    def blocks() -> Iterator[bytes]:
        try:
            while True:
                yield b"x" * 65_536
        finally:
            Path(os.environ["SERVER_TEST_NOTES"], name).write_text(f"{begun}, {threading.current_thread().name}")

    return StreamingHttpResponse(blocks())


def breaks(request: HttpRequest) -> StreamingHttpResponse:
    def pieces() -> Iterator[bytes]:
        yield b"a few bytes"
        raise ValueError("secret detail")

    return StreamingHttpResponse(pieces(), headers={"Content-Length": "100"})


def file(request: HttpRequest) -> FileResponse:
    notes = Path(os.environ["SERVER_TEST_NOTES"], "file")
    notes.write_bytes(bytes(range(250)) * (FILE_BYTES // 250))
    return FileResponse(notes.open("rb"))


def fails(request: HttpRequest) -> HttpResponse:
    raise ValueError("secret detail")


def slow(request: HttpRequest) -> HttpResponse:
    Path(os.environ["SERVER_TEST_NOTES"], "slow").write_text("begun")
    time.sleep(0.5)
    return HttpResponse("slow but whole")


urlpatterns = [
    path("hello/", lambda request: HttpResponse("hello")),
    path("environ/", environ),
    path("echo/", echo),
    path("cookies/", cookies),
    path("stream/", stream),
    path("endless/<str:name>/", endless),
    path("breaks/", breaks),
    path("file/", file),
    path("fails/", fails),
    path("slow/", slow),
    path("frozen/", lambda request: HttpResponse(str(gc.get_freeze_count()))),
    path("pid/", lambda request: HttpResponse(str(os.getpid()))),
    re_path(r"^name/(?P<name>.*)$", lambda request, name: HttpResponse(name)),
]


def explosive(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware that ends the thread's work in a way that Django does not turn into an error page."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if request.path == "/explodes/":
            raise SystemExit("secret detail")
        return get_response(request)

    return middleware


def beside(stop: threading.Event) -> None:
    stop.wait()
    print("the companion stopped", flush=True)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.server.settings"
    django.setup()
    given = json.loads(sys.argv[1])
    options = Options(
        host=given.get("host", "127.0.0.1"),
        port=given.get("port", 0),
        workers=given.get("workers", 1),
        threads=given.get("threads", 2),
        limits=Limits(**given.get("limits", {})),
        proxies=Proxies(given.get("proxies", [])),
        beside=beside,
    )
    try:
        serve(options, announce=lambda address: print(address, flush=True))
    except CannotListen as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
