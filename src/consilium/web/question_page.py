"""What the question page shows, read in a constant number of queries."""

from typing import Any

from django.db.models import Count, F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext_lazy as _

from consilium.accounts.models import Person
from consilium.accounts.policy import can, standing
from consilium.doctors.standing import profile_of
from consilium.questions.models import Answer, Follow, Question, QuestionLink, Viewer
from consilium.web import shown

SORTS = {"place": _("As they came"), "helpful": _("Most helpful"), "newest": _("Newest")}
_ORDERS = {"place": ("place", "id"), "helpful": ("-helpful_count", "place", "id"), "newest": Answer.NEWEST}


def questions_for(viewer: Viewer) -> QuerySet[Question]:
    """The questions this reader may see, each with `seen` (answers at the reader's last visit, if followed) and `withdrawn`."""
    seen = Follow.objects.filter(question=OuterRef("pk"), person=viewer.pk).values("seen_answers")
    withdrawn = Count("answers", filter=Q(answers__state=Answer.State.WITHDRAWN))
    return Question.objects.visible_to(viewer).on_page(viewer).annotate(seen=Subquery(seen), withdrawn=withdrawn)


def parts(question: Question, viewer: Viewer, sort: str) -> dict[str, Any]:
    """Answers with authors and comments, topics, links: four queries."""
    comments = list(question.comments.select_related("source_author").order_by("id"))
    rows = question.answers.visible_to(viewer).on_page(viewer).order_by(*_ORDERS[sort])
    links = (
        Question.objects.visible_to(viewer)
        .select_related("source")
        .filter(linked_from__question=question)
        .order_by("linked_from__rank", "pk")
    )
    linked: list[Any] = list(links.annotate(kind=F("linked_from__kind")))
    answers = shown.answers(rows, comments, viewer.pk)
    return {
        "answers": answers,
        "own_answer": next((one.answer for one in answers if one.mine), None),
        "comments": [comment for comment in comments if comment.answer_id is None],
        "topics": list(question.topics.order_by("folded")),
        "related": [link for link in linked if link.kind == QuestionLink.Kind.RELATED],
        "duplicates": [link for link in linked if link.kind == QuestionLink.Kind.DUPLICATE],
    }


def rights(question: Question, person: Person | None) -> dict[str, bool]:
    """Which buttons this reader gets: one query at most, because a state asks for a profile or for roles, never for both."""
    if person is None:
        return {}
    takes = question.takes_answers
    who = standing(signed_in=True, doctor=takes and profile_of(person) is not None, roles=frozenset() if takes else person.roles)
    owner = question.asked_by_id == person.pk
    return {
        f"may_{verb}": can(who, f"question.{verb}", question.state, owner=owner)
        for verb in ("answer", "edit", "withdraw", "follow", "reopen")
    }
