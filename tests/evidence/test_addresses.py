"""Promise 25: whatever address somebody types as a source, the server opens no connection to it."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from consilium.evidence.actions import BadSource, Source, cite
from consilium.evidence.models import Work
from consilium.journal.delivery import deliver_due
from consilium.journal.models import Delivery
from tests.evidence.registry import Registry, crossref, gives, registry
from tests.evidence.test_citing import writer
from tests.factories import make_answer, make_question, make_verified

HOSTS = [
    "127.0.0.1", "127.1", "0.0.0.0", "0", "2130706433", "0x7f000001", "0177.0.0.1", "127.0.0.1.", "127.0.0.1:22", "localhost",
    "LOCALHOST", "localhost.localdomain", "ip6-localhost", "[::1]", "[::]", "[::ffff:127.0.0.1]", "[0:0:0:0:0:ffff:7f00:1]",
    "[fe80::1%25lo]", "[fd00::1]", "[64:ff9b::7f00:1]", "169.254.169.254", "[::ffff:a9fe:a9fe]", "metadata.google.internal",
    "100.100.100.200", "10.0.0.1", "10.1000", "172.16.0.1", "192.168.0.1", "100.64.0.1", "198.18.0.1", "224.0.0.1",
    "255.255.255.255", "127.0.0.1.rebind.example", "name@127.0.0.1", "doi.org@127.0.0.1", "127.0.0.1#doi.org",
    "127.0.0.1\\doi.org", "doi.org.evil.example", "①②⑦.⓪.⓪.①", "１２７.0.0.1",
]  # fmt: skip
ADDRESSES = [
    *(f"http://{host}/latest/meta-data/" for host in HOSTS),
    "http://127.0.0.1/10.1000/182", "http://169.254.169.254/doi/10.1000/182", "https://doi.org/10.1000/@127.0.0.1/",
    "https://doi.org/10.1000/../../../127.0.0.1", "https://pubmed.ncbi.nlm.nih.gov/1/../../x", "file:///etc/passwd",
    "gopher://127.0.0.1:25/_x", "dict://127.0.0.1:11211/", "//127.0.0.1/x", "jar:http://127.0.0.1!/", "data:text/plain,x",
]  # fmt: skip


@pytest.fixture
def played(settings: Any) -> Iterator[Registry]:
    with registry(gives(crossref(), 404)) as there:
        urls = {"metadata_crossref_url": f"{there.url}/cr", "metadata_pubmed_url": f"{there.url}/pm"}
        settings.CONFIG = settings.CONFIG.model_copy(update={"metadata": "crossref", **urls})
        yield there


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Where the test connects to: host and port of each."""
    made = []
    connect = asyncio.BaseEventLoop.create_connection

    async def noted(loop: Any, factory: Any, host: Any = None, port: Any = None, **more: Any) -> Any:
        made.append(f"{host}:{port}")
        return await connect(loop, factory, host, port, **more)

    monkeypatch.setattr(asyncio.BaseEventLoop, "create_connection", noted)
    return made


@pytest.mark.slow
@pytest.mark.django_db
def test_no_connection_is_opened_to_an_address_that_somebody_typed(played: Registry, connections: list[str]) -> None:
    assert len(set(ADDRESSES)) >= 50
    for address in ADDRESSES:
        answer = make_answer(make_question(), doctor=make_verified())
        try:
            cite(person=writer(answer), answer=answer, sources=[Source(address, "rct")])
        except BadSource:
            continue
    assert Work.objects.exclude(url="").count() > 10
    while deliver_due():
        pass
    assert not Delivery.objects.exclude(last_error="").exists()
    assert {path.split("10.1000")[0] for path, _headers in played.asked} == {"/cr/works/"}
    assert len(connections) == len(played.asked)
    assert set(connections) == {played.url.removeprefix("http://")}
