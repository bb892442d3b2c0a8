"""What search does when something happened: vectors and related questions. Following the journal is following.py's."""

import time
from typing import Final

from django.db.models import Exists, OuterRef

from consilium.journal.models import Entry
from consilium.questions import actions as questions
from consilium.questions import reactions as by_topics
from consilium.questions.models import Question, QuestionLink
from consilium.search import actions, relating, semantic
from consilium.search.changes import touched
from consilium.search.models import Vector

SWEEP_SECONDS: Final = 30.0
_last_sweep = [float("-inf")]


def expect_vectors(entry: Entry) -> None:
    """The text of a question, or of an answer to it, is new or changed."""
    if semantic.INSTALLED:
        actions.expect(touched([entry]).questions)


def relate(entry: Entry) -> None:
    """A question is new: it gets related ones by its topics; by meaning they are found when its vectors are there."""
    if _by_meaning():
        questions.relate_by_topics(int(entry.subject.partition(":")[2]))
    else:
        by_topics.relate(entry)


def relate_imported(entry: Entry) -> None:
    """A batch came in: the same, for those that lead nowhere yet."""
    if not _by_meaning():
        by_topics.relate_imported(entry)
        return
    first, last = entry.data["questions"]
    links = QuestionLink.objects.filter(question=OuterRef("pk"), kind=QuestionLink.Kind.RELATED)
    bare = Question.objects.filter(~Exists(links), pk__gte=first, pk__lte=last).order_by("pk")
    for number in list(bare.values_list("pk", flat=True)):
        questions.relate_by_topics(number)


def relate_again(entry: Entry) -> None:
    """A question has gone, come back, or joined a group: those that led to it need another one in its place."""
    if semantic.INSTALLED:
        relating.relate_again(int(entry.subject.partition(":")[2]))


def find_related() -> bool:
    """A round of the worker: the neighbours of a few questions whose vectors are new; whether there may be more to do.

    While vectors are being computed it waits: what is near a question is found once, when its neighbours are there.
    """
    if not semantic.INSTALLED or (actions.model() is not None and Vector.objects.filter(due=True).exists()):
        return False
    return relating.relate_some() > 0


def _by_meaning() -> bool:
    return semantic.INSTALLED and actions.model() is not None


def compute_vectors() -> bool:
    """A round of the worker: the vectors of a few questions; whether there may be more to do."""
    if not semantic.INSTALLED or actions.model() is None:
        return False
    if actions.embed_some():
        return True
    now = time.monotonic()
    if now - _last_sweep[0] < SWEEP_SECONDS:
        return False
    _last_sweep[0] = now
    return actions.sweep() > 0
