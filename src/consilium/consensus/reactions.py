"""What the consensus does when something happened. The first column runs at once and only marks; the worker keeps states."""

from collections.abc import Iterable

from django.utils import timezone

from consilium.consensus import actions
from consilium.consensus.models import Round, Snapshot
from consilium.evidence.models import Citation, Work
from consilium.journal.models import Entry
from consilium.journal.registry import apart
from consilium.questions.models import Answer, Question, QuestionTopic, Stance

# Questions taken into memory at once; a doctor or topic may have very many.
_CHUNK = 200


def expire_question(entry: Entry) -> None:
    """Something happened on one question ("question:12", or "answer:3" of it)."""
    actions.expire(_question(entry))


def expire_doctor(entry: Entry) -> None:
    """A doctor is verified, no longer verified, or changed: every question they stand on."""
    actions.expire(_of_doctor(_number(entry)))


def expire_topic(entry: Entry) -> None:
    """A topic needs other specialties."""
    actions.expire(QuestionTopic.objects.filter(topic=_number(entry)).values_list("question", flat=True))


def expire_work(entry: Entry) -> None:
    """A source counts no longer, counts again, or is another kind of source."""
    actions.expire(_citing(_number(entry)))


def keep_question(entry: Entry) -> None:
    _keep(_question(entry))


def keep_doctor(entry: Entry) -> None:
    _keep(_of_doctor(_number(entry)))


def keep_topic(entry: Entry) -> None:
    _keep(QuestionTopic.objects.filter(topic=_number(entry)).values_list("question", flat=True))


def keep_work(entry: Entry) -> None:
    _keep(_citing(_number(entry)))


def expire_imported(entry: Entry) -> None:
    """A batch came in: `questions` holds the first and last number of its questions."""
    first, last = entry.data["questions"]
    actions.expire(Question.objects.filter(pk__gte=first, pk__lte=last, statements__isnull=False).values_list("pk", flat=True))


def keep_imported(entry: Entry) -> None:
    first, last = entry.data["questions"]
    with_statements = Question.objects.filter(pk__gte=first, pk__lte=last, statements__isnull=False)
    _keep(with_statements.distinct().values_list("pk", flat=True))


def note_invited(entry: Entry) -> None:
    """A doctor has taken a stance: an invitation is answered by it."""
    actions.note_answered(_number(entry), entry.data["doctor"])


def reconsider_split(entry: Entry) -> None:
    """When a statement's doctors have come to disagree, ask them once to look again."""
    question = Question.objects.filter(pk=_number(entry), state=Question.State.OPEN).first()
    split = Snapshot.objects.filter(statement__question=_number(entry), superseded_at=None, label="split").exists()
    if question and split and not Round.objects.filter(question=question, reason=Round.Reason.SPLIT).exists():
        actions.open_round(question=question, reason=Round.Reason.SPLIT)


def reconsider_guideline(entry: Entry) -> None:
    """An answer cites a guideline that no other answer of the question does: those who took a stance before are asked to look."""
    answer = (
        Answer.objects.filter(pk=entry.data["answer"], question__state=Question.State.OPEN).select_related("question").first()
    )
    if answer is None or not _new_guideline(answer, entry.data["works"]):
        return
    asked = Round.objects.filter(question=answer.question_id, opened_at__gte=entry.at).exists()  # by an earlier run of this
    others = Stance.objects.current().filter(statement__question=answer.question_id, withdrawn_at=None)
    if not asked and others.exclude(doctor=answer.doctor_id).exists():
        actions.open_round(question=answer.question, reason=Round.Reason.GUIDELINE)


def _new_guideline(answer: Answer, works: list[int]) -> bool:
    cited = Citation.objects.filter(work__in=works, work__kind=Work.Kind.GUIDELINE).exclude(work__retraction="retracted")
    known = cited.filter(answer__question=answer.question_id, answer__state=Answer.State.PUBLISHED).exclude(answer=answer)
    return cited.filter(answer=answer).exclude(work__in=known.values("work")).exists()


@apart
def keep_expired(entry: Entry) -> None:
    """A day began: what holds for a time only, such as the check of a licence, may have ended. One question at a time."""
    over = Snapshot.objects.filter(superseded_at=None, good_until__lte=timezone.now())
    for number in sorted(set(over.values_list("statement__question", flat=True))):
        _keep([number])


def _keep(questions: Iterable[int]) -> None:
    numbers = sorted(set(questions))
    for start in range(0, len(numbers), _CHUNK):
        for question in Question.objects.filter(pk__in=numbers[start : start + _CHUNK]):
            actions.keep(question)


def _number(entry: Entry) -> int:
    return int(entry.subject.partition(":")[2])


def _question(entry: Entry) -> list[int]:
    kind, _, number = entry.subject.partition(":")
    if kind == "question":
        return [int(number)]
    return list(Answer.objects.filter(pk=number).values_list("question", flat=True))


def _citing(work: int) -> set[int]:
    return set(Citation.objects.filter(work=work).values_list("answer__question", flat=True))


def _of_doctor(doctor: int) -> set[int]:
    stood = Stance.objects.filter(doctor=doctor).values_list("statement__question", flat=True)
    return {*stood, *Answer.objects.filter(doctor=doctor).values_list("question", flat=True)}
