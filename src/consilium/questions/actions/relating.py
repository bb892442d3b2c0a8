"""Which questions are worth reading beside a question. Worked out from other rows, so nothing is told to the journal."""

from collections.abc import Iterable, Sequence

from django.db import transaction

from consilium.questions import rules
from consilium.questions.actions.keeping import bump
from consilium.questions.models import Question, QuestionLink, QuestionTopic

# Candidates taken from each end of each topic's list; enough to choose from, whatever the topic's size.
_CANDIDATES = 200
_TOPICS = 10


@transaction.atomic
def set_related(*, question: int, others: Sequence[int]) -> bool:
    """Store the related questions of a question, best first, and renew its page; false when they are what they were."""
    if not Question.objects.select_for_update().filter(pk=question).values_list("pk"):
        return False  # its asker has deleted it meanwhile
    stored = QuestionLink.objects.filter(question=question, kind=QuestionLink.Kind.RELATED)
    if list(stored.order_by("rank").values_list("other", flat=True)) == list(others):
        return False
    there = set(Question.objects.filter(pk__in=others).values_list("pk", flat=True))
    stored.delete()
    QuestionLink.objects.bulk_create(
        QuestionLink(question_id=question, other_id=other, kind=QuestionLink.Kind.RELATED, rank=rank)
        for rank, other in enumerate(others)
        if other in there
    )
    bump([question])
    return True


@transaction.atomic
def relate_by_topics(question: int) -> list[int]:
    """Store those that share most topics with a question, and return them."""
    wanted = sharing_topics(question, rules.RELATED_LIMIT)
    set_related(question=question, others=wanted)
    return wanted


def sharing_topics(question: int, limit: int) -> list[int]:
    """Visible questions that share topics with a question, most alike first; looked for at both ends of each topic's list."""
    topics = list(QuestionTopic.objects.filter(question=question).values_list("topic", flat=True)[:_TOPICS])
    pairs = {pair for topic in topics for pair in _ends(topic) if pair[0] != question}
    visible = Question.objects.filter(pk__in={pk for pk, _ in pairs}, state__in=Question.PUBLIC)
    answers = dict(visible.values_list("pk", "answer_count"))
    return rules.most_related((pair for pair in pairs if pair[0] in answers), answers, limit)


def _ends(topic: int) -> Iterable[tuple[int, int]]:
    rows = QuestionTopic.objects.filter(topic=topic)
    for order in (QuestionTopic.NEWEST, QuestionTopic.MOST_ANSWERED):
        yield from rows.order_by(*order).values_list("question", "topic")[:_CANDIDATES]
