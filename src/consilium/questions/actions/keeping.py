"""Keeping what a question shows true: its version, its counts, its topics, its state."""

from collections.abc import Callable, Collection, Iterable
from typing import Final, TypeVar

from django.db import transaction
from django.db.models import Count, F, Max, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from consilium.accounts.models import Person
from consilium.doctors.models import Doctor
from consilium.journal.actions import record
from consilium.questions import facts
from consilium.questions.actions.errors import NotAllowed, require
from consilium.questions.models import Answer, Disclosure, Question, QuestionTopic, SeenAnswers, Stance
from consilium.topics.models import Topic

T = TypeVar("T")
_TRIES: Final = 5


def hold(question: Question) -> Question:
    """The question as it is now, locked until the transaction ends; NotAllowed if its asker has deleted it meanwhile."""
    held = Question.objects.select_for_update().filter(pk=question.pk).first()
    if held is None:
        raise NotAllowed(_("This question is gone: the person who asked has taken it back."))
    return held


def hold_all(questions: Iterable[int]) -> dict[int, Question]:
    """These questions as they are now, with all whose pages name them, locked until the transaction ends. They are locked in
    the order of their numbers, so that two actions on several questions cannot wait for each other."""
    wanted = list(questions)
    concerned = Q(pk__in=wanted) | Q(variant_of__in=wanted) | Q(variants__in=wanted) | Q(links__other__in=wanted)
    roots = Question.objects.filter(pk__in=wanted).exclude(variant_of=None).values("variant_of")
    numbers = set(Question.objects.filter(concerned | Q(variant_of__in=roots)).values_list("pk", flat=True))
    return {row.pk: row for row in Question.objects.select_for_update().filter(pk__in=numbers).order_by("pk")}


def settled(take: Callable[[], T | None]) -> T:
    """What `take` locks. It gives None when what it had read was no longer so once it had its locks: they are let go, and it
    tries again, so that they are always taken in the one order: doctors, questions, answers, each by number."""
    for _try in range(_TRIES):
        with transaction.atomic():
            taken = take()
            if taken is not None:
                return taken
            transaction.set_rollback(True)
    raise NotAllowed(_("Others are changing this page at the moment. Try again."))


def hold_answer(answer: Answer) -> Answer:
    """The answer as it is now, locked until the transaction ends, with its doctor, its question and all questions on which a
    stance was taken with it. An editor may be moving it to another question just now: then this waits."""

    def take() -> Answer | None:
        hold_doctors(Doctor.objects.filter(answers=answer.pk).values_list("pk", flat=True))
        places = _places(answer)
        list(Question.objects.select_for_update().filter(pk__in=places).order_by("pk").values_list("pk"))
        if _places(answer) != places:
            return None
        return Answer.objects.select_for_update(of=("self",)).select_related("doctor", "question").get(pk=answer.pk)

    return settled(take)


def hold_doctors(doctors: Iterable[int]) -> None:
    """Lock these profiles; before any question, because whoever changes a profile renews pages of questions."""
    list(Doctor.objects.select_for_update(no_key=True).filter(pk__in=list(doctors)).order_by("pk").values_list("pk"))


def doctors_of(questions: Collection[int]) -> set[int]:
    """Doctors who have answered, stand or disclosed something on these questions, or have read their answers."""
    answered = Answer.objects.filter(question__in=questions, doctor__isnull=False).values_list("doctor", flat=True)
    return set(
        answered.union(
            Stance.objects.filter(statement__question__in=questions).values_list("doctor", flat=True),
            Disclosure.objects.filter(question__in=questions).values_list("doctor", flat=True),
            SeenAnswers.objects.filter(question__in=questions).values_list("doctor", flat=True),
        )
    )


def _places(answer: Answer) -> set[int]:
    stood = Stance.objects.current().filter(answer=answer.pk).values_list("statement__question", flat=True)
    return {*Answer.objects.filter(pk=answer.pk).values_list("question", flat=True), *stood}


def bump(questions: Iterable[int]) -> None:
    """Renew the page of these questions; call it in the transaction of the change that shows there."""
    Question.objects.filter(pk__in=list(questions)).update(version=F("version") + 1, changed_at=timezone.now())


def recount(question: int) -> None:
    """Set answer count and time of the last answer from the rows, here and in the topics' lists."""
    found = Answer.objects.filter(question=question, state=Answer.State.PUBLISHED).aggregate(n=Count("id"), last=Max("listed_at"))
    Question.objects.filter(pk=question).update(answer_count=found["n"], last_answer_at=found["last"])
    QuestionTopic.objects.filter(question=question).update(answer_count=found["n"])


def recount_doctors(doctors: Iterable[int]) -> None:
    """Set how many answers the pages of these doctors list: none that stayed with a question that was joined to another.

    Rows whose figure is right are not written.
    """
    listed = Answer.objects.filter(doctor=OuterRef("pk"), state=Answer.State.PUBLISHED, question__state__in=Question.PUBLIC)
    number = Coalesce(Subquery(listed.order_by().values("doctor").annotate(n=Count("pk")).values("n")), 0)
    Doctor.objects.filter(pk__in=list(doctors)).exclude(answer_count=number).update(answer_count=number)


@transaction.atomic
def set_topics(*, question: Question, topics: Iterable[Topic]) -> None:
    """Say what a question is about; counts of the topics follow."""
    wanted = {topic.pk for topic in topics}
    present = set(question.about.values_list("topic", flat=True))
    question.about.filter(topic__in=present - wanted).delete()
    QuestionTopic.objects.bulk_create(
        QuestionTopic(question=question, topic_id=pk, listed_at=question.listed_at, answer_count=question.answer_count)
        for pk in sorted(wanted - present)
    )
    Topic.objects.filter(pk__in=present - wanted).update(question_count=F("question_count") - 1)
    Topic.objects.filter(pk__in=wanted - present).update(question_count=F("question_count") + 1)


@transaction.atomic
def reopen(*, person: Person, question: Question) -> None:
    """Let doctors answer an imported or closed question."""
    why = _("Only an editor can open this question for new answers.")
    held = hold(question)
    require(person, "question.reopen", held.state, why=why)
    held.state = Question.State.OPEN
    held.save(update_fields=["state"])
    bump([held.pk])
    record(facts.REOPENED, subject=f"question:{held.pk}", actor=person.pk)
