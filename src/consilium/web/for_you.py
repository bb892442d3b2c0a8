"""What waits for a doctor: invitations, open rounds, stances to confirm, copied answers to speak for, retracted sources."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from consilium.consensus.models import Invitation, RoundReply
from consilium.doctors.models import Doctor, Source
from consilium.evidence.reading import Withdrawn, retracted_of
from consilium.questions.models import Answer, Question, QuestionTopic, Stance, Statement
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
    copied: list[Answer]
    retracted: list[Withdrawn]

    def __bool__(self) -> bool:
        return bool(self.invitations or self.rounds or self.waiting or self.copied or self.retracted)


def of(doctor: Doctor) -> ForYou:
    """What waits for this doctor: eight queries at most."""
    invitations = Invitation.objects.filter(doctor=doctor, state=Invitation.State.INVITED, question__state=Question.State.OPEN)
    rounds = RoundReply.objects.filter(doctor=doctor, state=RoundReply.State.WAITING, round__closed_at=None)
    rounds = rounds.filter(round__question__state__in=Question.PUBLIC)
    return ForYou(
        invitations=list(invitations.select_related("question", "specialty").order_by("-at", "-pk")[:_MOST]),
        rounds=list(rounds.select_related("round__question").order_by("-round__opened_at", "-pk")[:_MOST]),
        waiting=affirming.waiting(doctor),
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


def _copied(doctor: Doctor) -> list[Answer]:
    """Copied answers of this doctor on questions with statements, of which the doctor has not said what they mean."""
    statements = Statement.objects.active().filter(question=OuterRef("question"))
    said = Stance.objects.current().filter(doctor=doctor, statement__question=OuterRef("question"))
    rows = Answer.objects.filter(doctor=doctor, source__isnull=False, state=Answer.State.PUBLISHED)
    rows = rows.filter(Exists(statements), ~Exists(said), question__state__in=Question.PUBLIC)
    return list(rows.exclude(source__kind=Source.Kind.DEMO).select_related("question").order_by(*Answer.NEWEST)[:_MOST])
