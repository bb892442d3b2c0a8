"""What waits for a doctor: invitations, open rounds, stances to confirm, what merges moved or left, copies to speak for,
retracted sources."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils import timezone

from consilium.consensus.models import Invitation, RoundReply
from consilium.doctors.models import Doctor, Source
from consilium.evidence.reading import Withdrawn, retracted_of
from consilium.questions.models import REVERSIBLE, Answer, Merge, Moved, Question, QuestionTopic, Stance, Statement
from consilium.topics.models import Topic
from consilium.web import affirming
from consilium.web.affirming import Held

_MOST = 20  # of each kind; the others appear when these are done


@dataclass(frozen=True)
class ForYou:
    """Lists for the account page; each is empty when nothing waits."""

    invitations: list[Invitation]
    rounds: list[RoundReply]
    waiting: list[tuple[Question, list[Held]]]
    moved: list[Question]
    stayed: list[Answer]
    copied: list[Answer]
    retracted: list[Withdrawn]

    def __bool__(self) -> bool:
        return any((self.invitations, self.rounds, self.waiting, self.moved, self.stayed, self.copied, self.retracted))


def of(doctor: Doctor) -> ForYou:
    """What waits for this doctor: ten queries at most."""
    invitations = Invitation.objects.filter(doctor=doctor, state=Invitation.State.INVITED, question__state=Question.State.OPEN)
    rounds = RoundReply.objects.filter(doctor=doctor, state=RoundReply.State.WAITING, round__closed_at=None)
    rounds = rounds.filter(round__question__state__in=Question.PUBLIC)
    waiting = affirming.waiting(doctor)
    return ForYou(
        invitations=list(invitations.select_related("question", "specialty").order_by("-at", "-pk")[:_MOST]),
        rounds=list(rounds.select_related("round__question").order_by("-round__opened_at", "-pk")[:_MOST]),
        waiting=waiting,
        moved=_moved(doctor, {question.pk for question, _held in waiting}),
        stayed=_stayed(doctor),
        copied=_copied(doctor),
        retracted=retracted_of(doctor),
    )


def treatments(doctor: Doctor) -> list[Topic]:
    """The treatments this doctor has answered on, taken a stance on, or spoken of before."""
    answered = Answer.objects.filter(doctor=doctor).values("question")
    stood = Stance.objects.filter(doctor=doctor).values("statement__question")
    about = QuestionTopic.objects.filter(Q(question__in=answered) | Q(question__in=stood)).values("topic")
    rows = Topic.objects.filter(Q(pk__in=about) | Q(pk__in=doctor.interests.values("topic")), kind=Topic.Kind.TREATMENT)
    return list(rows.order_by("folded"))


def _moved(doctor: Doctor, but: Collection[int]) -> list[Question]:
    """Questions to which a merge brought an answer of this doctor, or that took the place of one they had co-signed, with a
    statement of which the doctor has said nothing; `own_answer` is the number of their answer there."""
    written = Q(answer__source=None) | Q(answer__source__kind=Source.Kind.DEMO)
    came = Moved.objects.filter(written, merge__undone_at=None, answer__question=OuterRef("pk"), answer__doctor=doctor)
    came = came.filter(answer__state=Answer.State.PUBLISHED)
    left = Stance.objects.current().filter(doctor=doctor, withdrawn_at=None, answer=None)
    left = left.filter(statement__state=Statement.State.ACTIVE, statement__question__merged_into=OuterRef("pk"))
    said = Stance.objects.current().filter(doctor=doctor, statement=OuterRef("pk"))
    unsaid = Statement.objects.active().filter(~Exists(said), question=OuterRef("pk"))
    own = Answer.objects.filter(doctor=doctor, state=Answer.State.PUBLISHED, source=None, question=OuterRef("pk"))
    rows = Question.objects.filter(Exists(came) | Exists(left), Exists(unsaid), state=Question.State.OPEN)
    rows = rows.exclude(pk__in=but).exclude(asked_by__isnull=False, asked_by=doctor.person)
    return list(rows.annotate(own_answer=Subquery(own.values("pk")[:1])).order_by(*Question.NEWEST)[:_MOST])


def _stayed(doctor: Doctor) -> list[Answer]:
    """Answers of this doctor that stayed with a question that was joined to another one; told while that can be undone."""
    lately = Merge.objects.filter(question=OuterRef("question"), undone_at=None, at__gt=timezone.now() - REVERSIBLE)
    rows = Answer.objects.filter(Exists(lately), doctor=doctor, state=Answer.State.PUBLISHED)
    rows = rows.filter(question__state=Question.State.DUPLICATE)
    return list(rows.select_related("question__merged_into").order_by(*Answer.NEWEST)[:_MOST])


def _copied(doctor: Doctor) -> list[Answer]:
    """Copied answers of this doctor on questions with statements, of which the doctor has not said what they mean."""
    statements = Statement.objects.active().filter(question=OuterRef("question"))
    said = Stance.objects.current().filter(doctor=doctor, statement__question=OuterRef("question"))
    rows = Answer.objects.filter(doctor=doctor, source__isnull=False, state=Answer.State.PUBLISHED)
    rows = rows.filter(Exists(statements), ~Exists(said), question__state__in=Question.PUBLIC)
    return list(rows.exclude(source__kind=Source.Kind.DEMO).select_related("question").order_by(*Answer.NEWEST)[:_MOST])
