"""Asking registries: a real HTTP server on this machine plays them well, badly and not at all."""

from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from importlib.metadata import version as installed
from typing import Any

import pytest

from consilium.evidence.actions import Source, cite, edit_work, load_retractions, resolve
from consilium.evidence.backends import Found, NoAnswer, client, look_up
from consilium.evidence.models import Citation, Work
from consilium.evidence.retraction_list import Notice
from consilium.journal.delivery import deliver_due
from consilium.journal.models import Delivery, Entry
from consilium.questions.models import Answer
from tests.evidence.registry import Registry, crossref, gives, pubmed, registry
from tests.evidence.test_citing import DOI, version, writer
from tests.factories import make_answer, make_person, make_question, make_verified

PMID = "30000001"


@pytest.fixture
def played(settings: Any) -> Iterator[Registry]:
    """Crossref and PubMed on this machine, switched on; a good answer about DOI until told otherwise."""
    with registry(gives(crossref())) as there:
        urls = {"metadata_crossref_url": f"{there.url}/cr", "metadata_pubmed_url": f"{there.url}/pm"}
        settings.CONFIG = settings.CONFIG.model_copy(update={"metadata": "crossref", **urls})
        yield there


@pytest.fixture
def answer(db: None) -> Answer:
    return make_answer(make_question(), doctor=make_verified())


def cited(answer: Answer, identifier: str = DOI, title: str = "") -> Work:
    (row,) = cite(person=writer(answer), answer=answer, sources=[Source(identifier, "rct", title)])
    return row.work


def deliver() -> Delivery:
    """Let the worker do all that is due; its delivery to the reaction that asks registries."""
    while deliver_due():
        pass
    return Delivery.objects.filter(reaction="evidence.resolve_cited").order_by("-pk")[:1].get()


def test_crossref_is_asked_by_the_worker_and_the_page_renewed(played: Registry, answer: Answer) -> None:
    work = cited(answer)
    assert played.asked == [], "not on the request of a reader or writer"
    before = version(answer.question)
    assert deliver().done_at is not None
    work.refresh_from_db()
    assert (work.title, work.authors) == (
        "Small doses in a rare illness: a randomised trial", "Example AM, Sample BL, Example Study Group",
    )  # fmt: skip
    assert (work.container, work.year) == ("Journal of Made-up Medicine", 2019)
    assert work.resolved_at is not None
    assert version(answer.question) > before
    assert [path for path, _headers in played.asked] == ["/cr/works/10.1000%2Ffirst.1"]


def test_pubmed_is_asked_for_its_numbers_and_gives_the_doi(played: Registry, answer: Answer) -> None:
    played.answer = gives(pubmed())
    load_retractions([Notice(DOI, "", "retracted")])
    work = cited(answer, f"PMID: {PMID}")
    deliver()
    work.refresh_from_db()
    assert (work.key, work.doi, work.year, work.retraction) == (f"pmid:{PMID}", DOI, 2019, "retracted")
    assert [path for path, _headers in played.asked] == [f"/pm/esummary.fcgi?db=pubmed&retmode=json&id={PMID}"]


def test_a_number_and_a_doi_of_one_work_become_one_work(played: Registry, answer: Answer) -> None:
    other = make_answer(answer.question, doctor=make_verified())
    right = cited(answer)
    cited(other, f"PMID: {PMID}")
    bodies = {"/cr/": crossref(), "/pm/": pubmed()}

    def both(request: BaseHTTPRequestHandler) -> None:
        gives(bodies[request.path[:4]])(request)

    played.answer = both
    deliver()
    assert list(Work.objects.values_list("pk", "pmid")) == [(right.pk, PMID)]
    assert set(Citation.objects.values_list("answer", flat=True)) == {answer.pk, other.pk}


def test_who_asks_is_told_only_as_far_as_the_operator_wishes(played: Registry, settings: Any) -> None:
    look_up(doi=DOI, pmid="")
    settings.CONFIG = settings.CONFIG.model_copy(update={"contact": "mailto:office@example.org"})
    look_up(doi=DOI, pmid="")
    settings.CONFIG = settings.CONFIG.model_copy(update={"contact": "mailto:büro@example.org"})
    look_up(doi=DOI, pmid="")
    name = f"Consilium/{installed('consilium')}"
    assert [headers["User-Agent"] for _path, headers in played.asked] == [name, f"{name} (mailto:office@example.org)", name]
    assert {name.lower() for _path, headers in played.asked for name in headers} == {
        "host", "user-agent", "accept", "accept-encoding", "connection",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("doi", "path"),
    [
        ("10.1000/../../admin", "/cr/works/10.1000%2F..%2F..%2Fadmin"),
        ("10.1000/a?b=c&d#e", "/cr/works/10.1000%2Fa%3Fb%3Dc%26d%23e"),
        ("10.1000/ä\r\nX: y", "/cr/works/10.1000%2F%C3%A4%0D%0AX%3A%20y"),
        ("10.1000/@evil.example/", "/cr/works/10.1000%2F%40evil.example%2F"),
    ],
)
def test_a_doi_is_never_more_than_one_part_of_the_path(played: Registry, doi: str, path: str) -> None:
    played.answer = gives({}, 404)
    assert look_up(doi=doi, pmid="") is None
    assert [asked for asked, _headers in played.asked] == [path]


@pytest.mark.parametrize("pmid", ["", "1&db=x", "１", "1/2"])
def test_nothing_but_digits_is_asked_of_pubmed(played: Registry, pmid: str) -> None:
    assert look_up(doi="", pmid=pmid) is None
    assert played.asked == []


def never(request: BaseHTTPRequestHandler) -> None:
    request.server.over.wait()


def drip(request: BaseHTTPRequestHandler) -> None:
    """One header for ten seconds, one letter after the other: each comes in time, all together do not."""
    request.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
    for _letter in range(500):
        if request.server.over.wait(0.02):
            break
        request.wfile.write(b"x")


@pytest.mark.parametrize("slow", [never, drip])
def test_a_registry_that_does_not_finish_is_given_up(slow: Callable[[BaseHTTPRequestHandler], None]) -> None:
    with registry(slow) as there, pytest.raises(NoAnswer, match=r"no answer within 0\.3 seconds"):
        client.get(there.url, agent="x", seconds=0.3)


def test_a_redirect_is_not_followed(played: Registry) -> None:
    with registry(gives(crossref())) as elsewhere:
        played.answer = gives(b"", 302, Location=f"{elsewhere.url}/works/x")
        with pytest.raises(NoAnswer, match="status 302"):
            look_up(doi=DOI, pmid="")
        assert elsewhere.asked == []


def no_length(request: BaseHTTPRequestHandler) -> None:
    request.send_response(200)
    request.end_headers()
    for _ in range(200):
        request.wfile.write(b" " * 10_000)


@pytest.mark.parametrize("large", [gives(b" " * 2_000_000), no_length], ids=["announced", "without length"])
def test_two_megabytes_are_not_read(played: Registry, large: Any) -> None:
    played.answer = large
    with pytest.raises(NoAnswer, match="more than 1000000 bytes"):
        look_up(doi=DOI, pmid="")


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        (gives(b"<html>"), "something else than JSON"),
        (gives({}, 500), "status 500"),
        (gives({}, 429), "status 429"),
        (gives({}, 204), "status 204"),
        (gives(crossref(), Content_Encoding="gzip"), "compressed"),
        (gives(crossref("10.1000/another")), "another work"),
        (lambda request: request.wfile.write(b"no HTTP\r\n\r\n"), "the request failed"),
        (lambda request: None, "the request failed"),
    ],
)
def test_a_bad_answer_is_tried_again_later_and_breaks_nothing(played: Registry, answer: Answer, bad: Any, words: str) -> None:
    played.answer = bad
    work = cited(answer)
    waiting = deliver()
    assert waiting.done_at is None
    assert words in waiting.last_error
    work.refresh_from_db()
    assert (work.title, work.resolved_at) == ("", None)
    assert not Delivery.objects.exclude(pk=waiting.pk).exclude(last_error="").exists()
    played.answer = gives(crossref())
    Delivery.objects.filter(pk=waiting.pk).update(due_at=waiting.entry.at)
    assert deliver().done_at is not None
    work.refresh_from_db()
    assert work.title


def test_one_silent_registry_does_not_keep_the_other_works_waiting(played: Registry, answer: Answer) -> None:
    def only_pubmed(request: BaseHTTPRequestHandler) -> None:
        gives(pubmed(articleids=[]) if request.path.startswith("/pm") else b"", 200 if request.path.startswith("/pm") else 503)(
            request
        )

    played.answer = only_pubmed
    cite(person=writer(answer), answer=answer, sources=[Source(DOI, "rct"), Source(PMID, "rct")])
    assert deliver().done_at is None
    assert Work.objects.get(pmid=PMID).title


def test_after_three_days_of_silence_nobody_asks_again(played: Registry, answer: Answer) -> None:
    played.answer = gives({}, 503)
    cited(answer)
    deliver()
    entry = Entry.objects.get(fact="citation.added")
    Entry.objects.filter(pk=entry.pk).update(at=entry.at.replace(year=entry.at.year - 1))
    Delivery.objects.update(due_at=entry.at)
    assert deliver().done_at is not None


def test_a_work_that_no_registry_knows_is_left_as_it_was_typed(played: Registry, answer: Answer) -> None:
    played.answer = gives({}, 404)
    work = cited(answer, title="As I remember it")
    assert deliver().done_at is not None
    work.refresh_from_db()
    assert (work.title, work.resolved_at) == ("As I remember it", None)


def test_a_refused_connection_is_no_answer(settings: Any) -> None:
    with registry(gives({})) as gone:
        url = gone.url
    with pytest.raises(NoAnswer, match="the request failed: ConnectError"):
        client.get(url, agent="x")


def test_what_was_typed_gives_way_to_the_registry_and_what_an_editor_set_does_not(played: Registry, answer: Answer) -> None:
    work = cited(answer, title="Small doses, I think")
    edit_work(editor=make_person(roles=("editor",)), work=work, year=2018, container="")
    edit_work(editor=make_person(roles=("editor",)), work=work, authors="The Editors")
    deliver()
    work.refresh_from_db()
    assert (work.title, work.year, work.authors) == ("Small doses in a rare illness: a randomised trial", 2018, "The Editors")


def test_an_answer_with_gaps_leaves_what_was_typed(played: Registry, answer: Answer) -> None:
    played.answer = gives(crossref(author=None, issued=None, **{"container-title": None}))
    cite(person=writer(answer), answer=answer, sources=[Source(DOI, "rct", "t", "Ada Example", "J Ex", 2019)])
    deliver()
    work = Work.objects.get()
    assert (work.authors, work.container, work.year) == ("Ada Example", "J Ex", 2019)


def test_a_work_that_is_described_is_not_asked_for_again(played: Registry, answer: Answer) -> None:
    cited(answer)
    deliver()
    other = make_answer(make_question(), doctor=make_verified())
    cited(other)
    deliver()
    assert len(played.asked) == 1


def test_an_address_is_never_asked_for(played: Registry, answer: Answer) -> None:
    cited(answer, f"{played.url.replace('127.0.0.1', 'registry.example')}/page")
    cited(answer, "https://agency.example/label.pdf")
    assert deliver().done_at is not None
    assert played.asked == []


def test_an_answer_about_a_work_that_was_renamed_meanwhile_is_dropped(answer: Answer) -> None:
    work = cited(answer)
    Work.objects.filter(pk=work.pk).update(key="doi:10.1000/second", doi="10.1000/second")
    assert resolve(work=work, found=Found("Title of the first", doi=DOI)) is None
    assert Work.objects.get().title == ""


def test_switched_off_not_one_socket_is_opened(answer: Answer, settings: Any, socket_disabled: None) -> None:
    """Off is the default. Switched on, the same steps fail for want of a socket: the fixture does look."""
    assert settings.CONFIG.metadata == "off"
    work = cited(answer)
    assert deliver().done_at is not None
    assert look_up(doi=DOI, pmid="") is None
    settings.CONFIG = settings.CONFIG.model_copy(update={"metadata": "crossref"})
    cite(person=writer(answer), answer=answer, sources=[Source("8", "rct")])
    with pytest.warns(UserWarning, match="socket"):
        waiting = deliver()
    assert waiting.done_at is None
    assert "Socket" in waiting.last_error
    work.refresh_from_db()
    assert work.title == ""
