"""A registry played on this machine: a real HTTP server that gives answers written here, in the shape of the real ones."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class Registry:
    """`answer` is what every request gets; `asked` are the requests so far, path and headers."""

    url: str
    answer: Answer
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)


@contextmanager
def registry(answer: Answer) -> Iterator[Registry]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            played.asked.append((self.path, dict(self.headers)))
            try:
                played.answer(self)
            except (BrokenPipeError, ConnectionResetError):
                self.close_connection = True

        def log_message(self, *_args: Any) -> None:
            """Nothing on the terminal."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    played = Registry(f"http://127.0.0.1:{server.server_port}", answer)
    server.daemon_threads = True
    server.over = played.over  # for answers that last until the test is over
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield played
    finally:
        played.over.set()
        server.shutdown()
        server.server_close()
        thread.join()


def gives(body: Any, status: int = 200, **headers: str) -> Answer:
    """The same answer each time; what is no bytes becomes JSON."""
    sent = body if isinstance(body, bytes) else json.dumps(body).encode()

    def answer(request: BaseHTTPRequestHandler) -> None:
        request.send_response(status)
        for name, value in {"Content-Type": "application/json", "Content-Length": str(len(sent)), **headers}.items():
            request.send_header(name.replace("_", "-"), value)
        request.end_headers()
        request.wfile.write(sent)

    return answer


def crossref(doi: str = "10.1000/first.1", **fields: Any) -> dict[str, Any]:
    """An answer to /works/<doi>."""
    message = {
        "DOI": doi,
        "type": "journal-article",
        "title": ["Small doses in a <i>rare</i> illness: a randomised trial"],
        "author": [
            {"given": "Ada Maria", "family": "Example", "sequence": "first"},
            {"given": "Bo-Li", "family": "Sample", "sequence": "additional"},
            {"name": "Example Study Group", "sequence": "additional"},
        ],
        "container-title": ["Journal of Made-up Medicine", "J Made-up Med"],
        "issued": {"date-parts": [[2019, 4, 2]]},
    }
    return {"status": "ok", "message-type": "work", "message": {**message, **fields}}


def pubmed(pmid: str = "30000001", **fields: Any) -> dict[str, Any]:
    """An answer to esummary.fcgi with retmode=json."""
    record = {
        "uid": pmid,
        "pubdate": "2019 Apr 2",
        "source": "J Made-up Med",
        "fulljournalname": "Journal of made-up medicine",
        "title": "Small doses in a rare illness: a randomised trial.",
        "authors": [{"name": "Example AM", "authtype": "Author"}, {"name": "Sample BL", "authtype": "Author"}],
        "articleids": [{"idtype": "pubmed", "value": pmid}, {"idtype": "doi", "value": "10.1000/First.1"}],
    }
    return {"header": {"type": "esummary"}, "result": {"uids": [pmid], pmid: {**record, **fields}}}
