"""What waits for an editor, as rows to page through. Each queue empties by being worked on."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value, When

from consilium.accounts.models import Person
from consilium.consensus.imported import CODERS
from consilium.doctors.models import Claim, Source
from consilium.journal.models import Entry
from consilium.questions.models import CONDITIONAL, Answer, Coding, Merge, Question, Stance, Statement, Suggestion
from consilium.topics import facts as topics
from consilium.topics.models import Topic, TopicSpecialty

# A queue is counted no further than this.
MANY: Final = 100
TO_CODE: Final = ("question_id", "place", "id")
UNCLEAR: Final = ("-id",)
CLAIMS: Final = ("asked_at", "id")
TOPICS: Final = ("-question_count", "-id")
STATEMENTS: Final = ("-id",)
DUPLICATES: Final = Suggestion.NEWEST
MERGES: Final = ("-at", "-id")


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many rows wait: exactly, or `many` when counting stopped."""

    n: int
    many: bool


def waiting(rows: QuerySet[Any]) -> Waiting:
    """Count a queue as far as it is counted."""
    found = rows.order_by().values("pk")[: MANY + 1].count()
    return Waiting(min(found, MANY), found > MANY)


def to_code(editor: Person) -> QuerySet[Answer]:
    """Copied answers with a statement that lacks a second coder and that this editor has not coded."""
    mine = Coding.objects.filter(statement=OuterRef("pk"), answer=OuterRef(OuterRef("pk")), coder=editor.key)
    all_of_it = Coding.objects.filter(statement=OuterRef("pk"), answer=OuterRef(OuterRef("pk"))).order_by().values("statement")
    open_statements = (
        Statement.objects.active()
        .filter(question=OuterRef("question"))
        .filter(~Exists(mine), ~Exists(_declared(statement=OuterRef("pk"), answer=OuterRef(OuterRef("pk")))))
        .annotate(coders=Subquery(all_of_it.annotate(n=Count("pk")).values("n")))
        .filter(Q(coders=None) | Q(coders__lt=CODERS))
    )
    others = copies().exclude(doctor__person=editor)  # nobody reads their own answer for others
    return others.filter(Exists(open_statements)).select_related("question")


def copies() -> QuerySet[Answer]:
    """Copied answers that a reader can see, on questions with statements."""
    asked = Statement.objects.active().values("question")
    seen = Answer.objects.filter(state=Answer.State.PUBLISHED, question__state__in=Question.PUBLIC)
    return seen.filter(question__in=asked, source__isnull=False).exclude(source__kind=Source.Kind.DEMO)


def unclear() -> QuerySet[Coding]:
    """The first coding of each answer and statement whose coders differ, or of which one says "yes, if" and one "no"."""
    same = Coding.objects.filter(answer=OuterRef("answer"), statement=OuterRef("statement"))
    live = Coding.objects.filter(
        answer__state=Answer.State.PUBLISHED, answer__question__state__in=Question.PUBLIC, statement__state=Statement.State.ACTIVE
    )
    return (
        live.annotate(side=_side())
        .filter(~Exists(same.filter(pk__lt=OuterRef("pk"))))
        .filter(Exists(same.annotate(side=_side()).exclude(side=OuterRef("side"))))
        .filter(~Exists(_declared(statement=OuterRef("statement"), answer=OuterRef("answer"))))
        .select_related("answer__question", "statement")
    )


def _side() -> Case:
    """Both ways to put a condition are one side."""
    return Case(When(value__in=CONDITIONAL, then=Value("conditional")), default=F("value"))


def _declared(**where: Any) -> QuerySet[Stance]:
    """Stances that the doctor has taken with an answer: editors need not read it any more."""
    return Stance.objects.current().filter(withdrawn_at=None, **where)


def without_statements() -> QuerySet[Question]:
    """Answered questions on which nobody can take a stance yet."""
    asked = Statement.objects.active().filter(question=OuterRef("pk"))
    return Question.objects.filter(~Exists(asked), state__in=Question.PUBLIC, answer_count__gt=0)


def new_statements() -> QuerySet[Statement]:
    """Statements that their askers wrote and on which nobody has taken a stance: their wording can still change."""
    taken = Stance.objects.filter(statement=OuterRef("pk"))
    coded = Coding.objects.filter(statement=OuterRef("pk"))
    return (
        Statement.objects.active()
        .filter(created_by=F("question__asked_by"), question__state__in=Question.PUBLIC)
        .filter(~Exists(taken), ~Exists(coded))
        .select_related("question")
    )


def without_needs() -> QuerySet[Topic]:
    """Topics with questions of which nobody has said which specialties they need."""
    decided = _decided().values_list("subject", flat=True).distinct()
    bare = Topic.objects.filter(~Exists(TopicSpecialty.objects.filter(topic=OuterRef("pk"))), question_count__gt=0)
    return bare.exclude(pk__in=[int(subject.partition(":")[2]) for subject in decided])


def undecided(topic: Topic) -> bool:
    """Whether an editor has never said anything of what this topic needs."""
    return not _decided().filter(subject=f"topic:{topic.pk}").exists()


def _decided() -> QuerySet[Entry]:
    return Entry.objects.filter(fact=topics.NEEDS_CHANGED)


def claims() -> QuerySet[Claim]:
    """Requests for a profile that nobody has decided."""
    return Claim.objects.filter(state=Claim.State.REQUESTED).select_related("doctor__specialty", "doctor__city")


def duplicates() -> QuerySet[Suggestion]:
    """Pairs of questions that may ask the same, on which nobody has decided."""
    return Suggestion.objects.waiting().select_related("question__source", "other__source")


def merges() -> QuerySet[Merge]:
    """Questions that were joined, undone ones too, each with `answers`: how many moved along."""
    moved = Count("moved", filter=Q(moved__answer__isnull=False))
    return Merge.objects.select_related("question", "canonical", "by").annotate(answers=moved)


def counts(editor: Person) -> Mapping[str, Waiting]:
    """How much waits in each queue."""
    return {
        "claims": waiting(claims()),
        "duplicates": waiting(duplicates()),
        "to_code": waiting(to_code(editor)),
        "unclear": waiting(unclear()),
        "without_statements": waiting(without_statements()),
        "new_statements": waiting(new_statements()),
        "without_needs": waiting(without_needs()),
    }
