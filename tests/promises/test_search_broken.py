"""Whatever is wrong with the search index or the language model: every page answers, the state says what is reduced, and one
command repairs it; the process that follows the journal survives, and mends what it can."""

import ctypes
import os
import random
import resource
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from consilium.doctors.models import Doctor
from consilium.questions.models import Question
from consilium.search import actions, folder, opening, reading, vector_index
from consilium.search.following import Follower, rebuild
from consilium.search.model_files import GRAPH, VOCABULARY
from consilium.search.state import Reduced
from consilium.search.text_index import BrokenIndex
from tests.factories import make_answer, make_doctor, make_person, make_question, make_topic
from tests.promises.site import Site
from tests.search.conftest import _own_node, built_model, catch_up, with_model

__all__ = ["_own_node", "built_model", "with_model"]  # fixtures

NOBODY = AnonymousUser()
in_process = [pytest.mark.django_db, pytest.mark.usefixtures("with_model")]


@pytest.fixture
def place(settings: Any) -> Path:
    """The folder of an index with one question, its vectors, a doctor and a topic."""
    doctor, topic = make_doctor("Ottilie Brandauer", person=make_person()), make_topic("Examplosis")
    question = make_question("Is tamoxifen safe?", topics=(topic,))
    make_answer(question, doctor=doctor)
    actions.expect([question.pk])
    actions.embed_some()
    where: Path = settings.DATA / "search"
    rebuild(where)
    return where


def works() -> bool:
    """Whether the question is found by its words and by its meaning, and nothing is said to be reduced."""
    opening.forget()
    found = reading.find("tamoxifen", viewer=NOBODY)
    near, _state = reading.alike("Is tamoxifen safe?", viewer=NOBODY)
    return len(found.numbers) == 1 and bool(near) and near[0].probable and not found.state.reduced


def pages() -> list[str]:
    """Addresses that do not answer as they should; a signed-in visitor sees them all."""
    client = Client()
    client.force_login(make_person(), "allauth.account.auth_backends.AuthenticationBackend")
    addresses = [
        "/", "/ask/", "/search/", "/search/?q=tamoxifen", "/search/?q=tamoxifen&sort=newest", "/topics/", "/doctors/",
        "/topics/examplosis/", "/feed.atom", "/sitemap.xml", reverse("v1:api_questions"),
        *(one.get_absolute_url() for rows in (Question, Doctor) for one in rows.objects.all()[:1]),
    ]  # fmt: skip
    wrong = [f"{address}: {status}" for address in addresses if (status := client.get(address).status_code) != 200]
    for address, query in (("/search/suggest/", {"q": "tamox"}), ("/ask/alike/", {"title": "Is tamoxifen safe?"})):
        status = client.get(address, query, headers={"HX-Request": "true"}).status_code
        wrong += [f"{address}: {status}"] * (status != 200)
    return wrong


def remove(path: Path) -> None:
    path.unlink()


def empty(path: Path) -> None:
    path.write_bytes(b"")


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def garble(path: Path) -> None:
    path.write_bytes(random.Random(4).randbytes(path.stat().st_size))


class TestEveryFile:
    pytestmark = in_process

    @pytest.mark.parametrize("harm", [remove, empty, cut, garble])
    def test_harmed_it_breaks_no_page_and_reindex_repairs_it(self, place: Path, harm: Callable[[Path], None]) -> None:
        generation = current(place)
        kept = place.parent / "kept"
        shutil.copytree(generation, kept)
        files = [path.relative_to(kept) for path in sorted(kept.rglob("*")) if path.is_file() and path.suffix != ".lock"]
        assert len(files) > 8
        for file in files:
            shutil.rmtree(generation)
            shutil.copytree(kept, generation)
            harm(generation / file)
            opening.forget()
            found = reading.find("tamoxifen", viewer=NOBODY)
            reading.alike("Is tamoxifen safe?", viewer=NOBODY)
            assert found.state.words or Reduced.BROKEN_INDEX in found.state.reduced, file
            assert len(found.numbers) == 1 or found.state.reduced or file.suffix in {".idx", ".term", ".pos"}, file
        assert pages() == []
        call_command("reindex", verbosity=0)
        assert works()


class TestReduced:
    pytestmark = in_process

    def reduced(self) -> tuple[Reduced, ...]:
        opening.forget()
        assert pages() == []
        found = reading.state()
        assert found.remedies
        return found.reduced

    def test_the_index_is_gone(self, place: Path) -> None:
        shutil.rmtree(place)
        assert self.reduced() == (Reduced.NO_INDEX,)
        call_command("reindex", verbosity=0)
        assert works()

    def test_it_goes_while_pages_are_read(self, place: Path) -> None:
        assert works()
        shutil.rmtree(place)
        assert pages() == []
        call_command("reindex", verbosity=0)
        assert works()

    def test_the_pointer_is_noise(self, place: Path) -> None:
        (place / folder.CURRENT).write_bytes(b"\xff\xfe\x00")
        assert self.reduced() == (Reduced.NO_INDEX,)
        call_command("reindex", verbosity=0)
        assert works()

    def test_vectors_have_another_dimension(self, place: Path) -> None:
        graph = vector_index.Index(ndim=10, metric="cos", dtype="f16")
        for path in current(place).rglob("*.usearch"):
            graph.save(str(path))
        assert self.reduced() == (Reduced.BROKEN_VECTORS,)
        assert len(reading.find("tamoxifen", viewer=NOBODY).numbers) == 1
        call_command("reindex", verbosity=0)
        assert works()

    def test_vectors_are_of_another_release_of_the_library(self, place: Path) -> None:
        for path in current(place).rglob("*.usearch"):
            content = bytearray(path.read_bytes())
            at = content.index(b"usearch")
            content[at : at + 13] = b"usearch" + b"\xff" * 6
            path.write_bytes(content)
        assert set(self.reduced()) <= {Reduced.BROKEN_VECTORS}
        assert len(reading.find("tamoxifen", viewer=NOBODY).numbers) == 1
        call_command("reindex", verbosity=0)
        assert works()

    @pytest.mark.parametrize("name", [GRAPH, VOCABULARY])
    @pytest.mark.parametrize("harm", [remove, empty, cut, garble])
    def test_the_model_is_harmed(
        self,
        place: Path,
        built_model: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        name: str,
        harm: Callable[[Path], None],
    ) -> None:
        copy = tmp_path / "model"
        shutil.copytree(built_model, copy)
        harm(copy / name)
        monkeypatch.setattr(actions, "model_folder", lambda: copy)
        assert self.reduced() == (Reduced.NO_MODEL,)
        assert len(reading.find("tamoxifen", viewer=NOBODY).numbers) == 1
        assert actions.embed_some() == 0
        shutil.rmtree(copy)
        shutil.copytree(built_model, copy)  # `consilium model build`
        assert works()


class TestWriting:
    pytestmark = in_process

    def test_a_full_disk_leaves_the_index_as_it_was(self, place: Path) -> None:
        for number in range(40):
            make_question(f"Is remedy {number} safe? " + " ".join(f"word{number}x{n}" for n in range(10)))
        with full_disk(), pytest.raises(CommandError):
            call_command("reindex", verbosity=0)
        assert len(list(place.glob("g-*"))) == 1, "nothing is left of what did not fit"
        follower = Follower(place)
        with full_disk(), pytest.raises((BrokenIndex, OSError)):
            catch_up(follower)
        follower.close()
        assert pages() == []
        assert len(reading.find("tamoxifen", viewer=NOBODY).numbers) == 1
        catch_up(follower)
        follower.close()
        assert len(reading.find("word7x3", viewer=NOBODY).numbers) == 1

    def test_a_disk_that_can_only_be_read(self, place: Path) -> None:
        make_question("Is remedy seven safe?")
        follower = Follower(place)
        assert works()
        with read_only(place):
            assert len(reading.find("tamoxifen", viewer=NOBODY).numbers) == 1, "an index that is open stays open"
            opening.forget()
            assert pages() == []
            state = reading.state()
            assert state.reduced == (Reduced.BROKEN_INDEX,)
            assert "nothing can be written in" in state.remedies[-1]
            with pytest.raises(CommandError, match="cannot be written"):
                call_command("reindex", verbosity=0)
            with pytest.raises((BrokenIndex, OSError)):
                catch_up(follower)
            follower.close()
            assert pages() == []
        catch_up(follower)
        follower.close()
        assert len(reading.find("seven", viewer=NOBODY).numbers) == 1

    def test_no_folder_can_be_made(self, place: Path) -> None:
        shutil.rmtree(place)
        place.write_text("a file in its place")
        assert pages() == []
        assert reading.state().reduced == (Reduced.NO_INDEX,)
        with pytest.raises(CommandError, match="cannot be written"):
            call_command("reindex", verbosity=0)
        place.unlink()
        call_command("reindex", verbosity=0)
        assert works()

    @pytest.mark.parametrize("part", ["words/meta.json", "vectors/vectors.json"])
    def test_the_follower_builds_anew_what_it_cannot_read_once(self, place: Path, part: str) -> None:
        garble(current(place) / part)
        follower = Follower(place)
        catch_up(follower)
        assert works()
        garble(current(place) / part)
        follower.close()
        with pytest.raises(BrokenIndex):
            catch_up(follower)
        follower._mend_again = 0.0
        catch_up(follower)
        follower.close()
        assert works()

    def test_the_follower_sees_that_its_files_are_gone(self, place: Path) -> None:
        follower = Follower(place)
        catch_up(follower)
        shutil.rmtree(current(place))
        with pytest.raises(BrokenIndex):
            follower.step()
        follower.close()
        catch_up(follower)
        follower.close()
        assert works()


def current(place: Path) -> Path:
    found = folder.current(place)
    assert found is not None
    return found


@contextmanager
def full_disk(room: int = 2_000) -> Iterator[None]:
    """No file can grow beyond `room` bytes; what comes back is what a full disk gives."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@contextmanager
def read_only(place: Path) -> Iterator[None]:
    """Nothing below `place` can be written, by root neither: this thread gives up the right to pass over permissions."""
    below = [place, *place.rglob("*")]
    for path in below:
        path.chmod(0o555 if path.is_dir() else 0o444)
    libc, header = ctypes.CDLL(None, use_errno=True), (ctypes.c_uint32 * 2)(0x20080522, 0)  # see capset(2)
    rights = (ctypes.c_uint32 * 6)()
    assert libc.capget(header, rights) == 0, os.strerror(ctypes.get_errno())
    effective = rights[0]
    rights[0] = effective & ~(1 << 1)  # CAP_DAC_OVERRIDE
    assert libc.capset(header, rights) == 0, os.strerror(ctypes.get_errno())
    try:
        yield
    finally:
        rights[0] = effective
        assert libc.capset(header, rights) == 0, os.strerror(ctypes.get_errno())
        for path in below:
            path.chmod(0o755 if path.is_dir() else 0o644)


@pytest.mark.slow
def test_a_site_without_the_extra_serves_and_mends_its_index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No library of the extra can be imported; the index is removed while the site serves."""
    blocker = tmp_path / "blocker"
    blocker.mkdir()
    (blocker / "sitecustomize.py").write_text(
        "import sys\nfor name in ('numpy', 'usearch', 'onnxruntime', 'tokenizers'):\n    sys.modules[name] = None\n"
    )
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(blocker), *filter(None, [os.environ.get("PYTHONPATH")])]))
    site = Site(tmp_path / "data")
    made = site.prepare(doctors=1, questions=2, answers=1)
    site.start()
    try:
        number = made["questions"][0]
        for path in ("/", f"/q/{number}/", "/topics/", "/doctors/", "/search/?q=treatment", "/ask/"):
            status = site.get(path)[0]
            assert status in {200, 301, 302}, path
        until(lambda: f"/q/{number}/" in site.get("/search/?q=treatment")[1])
        (tmp_path / "data" / "search").rename(tmp_path / "gone")
        assert site.get("/search/?q=treatment")[0] == 200
        until((tmp_path / "data" / "search" / folder.CURRENT).exists)
        until(lambda: "not available" not in site.get("/search/?q=treatment")[1])
    finally:
        site.kill()


def until(condition: Callable[[], bool], seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited too long"
        threading.Event().wait(0.1)
