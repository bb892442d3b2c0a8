"""What questions do when something happened. Called by the journal's delivery alone; each may run twice."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from consilium.journal.models import Entry
from consilium.questions import rules
from consilium.questions.actions import bump
from consilium.questions.models import Answer, Question, QuestionLink, QuestionTopic, Stance

# Candidates taken from each end of each topic's list; enough to choose five from, whatever the topic's size.
_CANDIDATES = 200
_TOPICS = 10


def renew_pages_of_doctor(entry: Entry) -> None:
    """A doctor's name, badge, rating or verification changed: every question they answered or stand on shows it."""
    answered = Answer.objects.filter(doctor=_number(entry)).values_list("question", flat=True)
    stood = Stance.objects.filter(doctor=_number(entry)).values_list("statement__question", flat=True)
    bump({*answered, *stood})


def end_stances_of_doctor(entry: Entry) -> None:
    """A profile was taken back from its account: nobody who holds it later has said what was said under it."""
    Stance.objects.current().filter(doctor=_number(entry), withdrawn_at=None).update(withdrawn_at=timezone.now())


def renew_pages_of_topic(entry: Entry) -> None:
    """A topic was renamed: every question about it shows it."""
    bump(QuestionTopic.objects.filter(topic=_number(entry)).values_list("question", flat=True))


def relate(entry: Entry) -> None:
    """A question is new or changed: find its related ones, and let them find it."""
    question = _number(entry)
    for number in [question, *_relate(question)]:
        _relate(number)


def relate_imported(entry: Entry) -> None:
    """A batch came in: `questions` holds the first and last number of its questions."""
    first, last = entry.data["questions"]
    for number in Question.objects.filter(pk__gte=first, pk__lte=last).order_by("pk").values_list("pk", flat=True).iterator():
        _relate(number)


def _number(entry: Entry) -> int:
    return int(entry.subject.partition(":")[2])


@transaction.atomic
def _relate(question: int) -> list[int]:
    """Store the related questions of one question, renew its page if they changed, return them."""
    if not Question.objects.filter(pk=question).exists():
        return []
    wanted = _related(question)
    stored = QuestionLink.objects.filter(question=question, kind=QuestionLink.Kind.RELATED)
    if list(stored.order_by("rank").values_list("other", flat=True)) == wanted:
        return wanted
    stored.delete()
    QuestionLink.objects.bulk_create(
        QuestionLink(question_id=question, other_id=other, kind=QuestionLink.Kind.RELATED, rank=rank)
        for rank, other in enumerate(wanted)
    )
    bump([question])
    return wanted


def _related(question: int) -> list[int]:
    topics = list(QuestionTopic.objects.filter(question=question).values_list("topic", flat=True)[:_TOPICS])
    pairs = {pair for topic in topics for pair in _ends(topic) if pair[0] != question}
    visible = Question.objects.filter(pk__in={pk for pk, _ in pairs}, state__in=Question.PUBLIC)
    answers = dict(visible.values_list("pk", "answer_count"))
    return rules.most_related((pair for pair in pairs if pair[0] in answers), answers)


def _ends(topic: int) -> Iterable[tuple[int, int]]:
    rows = QuestionTopic.objects.filter(topic=topic)
    for order in (QuestionTopic.NEWEST, QuestionTopic.MOST_ANSWERED):
        yield from rows.order_by(*order).values_list("question", "topic")[:_CANDIDATES]
