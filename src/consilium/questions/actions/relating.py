"""Which questions are worth reading beside a question. Worked out from other rows, so nothing is told to the journal."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby

from django.db import transaction

from consilium.questions import rules
from consilium.questions.actions.keeping import bump
from consilium.questions.models import Question, QuestionLink, QuestionTopic

# Candidates taken from each end of each topic's list; enough to choose from, whatever the topic's size.
_CANDIDATES = 200
_TOPICS = 10
# Of how many candidates at a time it is asked whether they are visible.
_LOOKED_AT = 50


@transaction.atomic
def set_related(related: Mapping[int, Sequence[int]]) -> set[int]:
    """Store the related questions of these questions, best first, and renew the pages that now show others, which are returned.

    In seven queries, however many there are. Of what was deleted meanwhile nothing is stored.
    """
    there = set(Question.objects.select_for_update().filter(pk__in=related).order_by("pk").values_list("pk", flat=True))
    wanted = {number: list(others) for number, others in related.items() if number in there}
    stored = related_of(wanted)
    changed = {number: others for number, others in wanted.items() if others != stored.get(number, [])}
    alive = set(
        Question.objects.filter(pk__in={one for others in changed.values() for one in others}).values_list("pk", flat=True)
    )
    QuestionLink.objects.filter(question__in=changed, kind=QuestionLink.Kind.RELATED).delete()
    QuestionLink.objects.bulk_create(
        QuestionLink(question_id=number, other_id=other, kind=QuestionLink.Kind.RELATED, rank=rank)
        for number, others in changed.items()
        for rank, other in enumerate(others)
        if other in alive
    )
    bump(changed)
    return set(changed)


def related_of(questions: Collection[int]) -> dict[int, list[int]]:
    """The related questions that are stored, best first."""
    rows = QuestionLink.objects.filter(question__in=questions, kind=QuestionLink.Kind.RELATED)
    pairs = rows.order_by("question", "rank").values_list("question", "other")
    return {number: [other for _, other in own] for number, own in groupby(pairs, key=lambda pair: pair[0])}


@transaction.atomic
def relate_by_topics(question: int) -> list[int]:
    """Store those that share most topics with a question, and return them."""
    wanted = sharing_topics(question, rules.RELATED_LIMIT)
    set_related({question: wanted})
    return wanted


def sharing_topics(question: int, limit: int) -> list[int]:
    """Visible questions that share topics with a question, most alike first; looked for at both ends of each topic's list."""
    topics = list(QuestionTopic.objects.filter(question=question).values_list("topic", flat=True)[:_TOPICS])
    rows = {row for topic in topics for row in _ends(topic) if row[0] != question}
    answers = {number: count for number, _, count in rows}
    ranked = rules.most_related(((number, topic) for number, topic, _ in rows), answers, len(answers))
    found: list[int] = []
    for start in range(0, len(ranked), _LOOKED_AT):
        part = ranked[start : start + _LOOKED_AT]
        seen = set(Question.objects.filter(pk__in=part, state__in=Question.PUBLIC).values_list("pk", flat=True))
        found += [number for number in part if number in seen]
        if len(found) >= limit:
            break
    return found[:limit]


def _ends(topic: int) -> Iterable[tuple[int, int, int]]:
    rows = QuestionTopic.objects.filter(topic=topic)
    for order in (QuestionTopic.NEWEST, QuestionTopic.MOST_ANSWERED):
        yield from rows.order_by(*order).values_list("question", "topic", "answer_count")[:_CANDIDATES]
