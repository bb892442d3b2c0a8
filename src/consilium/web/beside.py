"""Questions that a question's page names beside its answers: related ones, the same in another situation, joined ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q, QuerySet

from consilium.questions.models import Question, QuestionLink, Viewer
from consilium.web import gate

SHOWN: Final = 10
"""Variants, and joined questions, that the page names; there is a page of all variants."""
ORDER: Final = ("id",)


@dataclass(frozen=True)
class Beside:
    """`rows`: those with a bar. `root`: what this one is a variant of; `variants`: the same in other situations, the root
    first; `more`: there are further ones; `joined`: those that were joined to it.
    """

    rows: Sequence[Any]
    related: Sequence[Any]
    duplicates: Sequence[Any]
    root: Any
    variants: Sequence[Any]
    more: bool
    joined: Sequence[Any]


def of(question: Question, viewer: Viewer) -> Beside:
    """All of them in one query, whatever their number."""
    found: list[Any] = list(_rows(question, viewer).order_by("link__rank", "pk"))
    root = question.variant_of_id or question.pk
    group = {row.pk: row for row in found if root in {row.pk, row.variant_of_id}}
    visible = [row for row in found if row.merged_into_id != question.pk and row.pk not in group]
    variants = sorted(group.values(), key=lambda row: (row.pk != root, row.pk))
    joined = [row for row in found if row.merged_into_id == question.pk]
    return Beside(
        rows=[*visible, *variants],
        related=[row for row in visible if row.kind == QuestionLink.Kind.RELATED],
        duplicates=[row for row in visible if row.kind == QuestionLink.Kind.DUPLICATE],
        root=group.get(root), variants=variants[:SHOWN], more=len(variants) > SHOWN, joined=joined[:SHOWN],
    )  # fmt: skip


def group_of(question: Question, viewer: Viewer) -> QuerySet[Question]:
    """The question that leads a group of variants, and all of them, as this viewer may see them."""
    root = question.variant_of_id or question.pk
    return Question.objects.visible_to(viewer).filter(Q(pk=root) | Q(variant_of=root))


def _rows(question: Question, viewer: Viewer) -> QuerySet[Question]:
    linked = QuestionLink.objects.filter(question=question).values("other")
    root = question.variant_of_id or question.pk
    # Each part is a lookup in an index of its own; as one condition with OR it would be a look at every question.
    variants = Question.objects.visible_to(viewer).filter(variant_of=root).exclude(pk=question.pk).order_by("pk")
    joined = Question.objects.filter(merged_into=question, state=Question.State.DUPLICATE).order_by("pk")
    some = [Question.objects.filter(pk__in=rows.values("pk")[: SHOWN + 1]).values("pk") for rows in (variants, joined)]
    leading = Question.objects.filter(pk=root).exclude(pk=question.pk).values("pk")
    wanted = linked.union(leading, *some, all=True)
    readable = Question.objects.visible_to(viewer).filter(pk=OuterRef("pk"))
    rows = Question.objects.filter(Exists(readable) | Q(merged_into=question), pk__in=wanted).select_related("source")
    rows = rows.annotate(link=FilteredRelation("linked_from", condition=Q(linked_from__question=question)))
    return gate.annotated(rows, viewer).annotate(kind=F("link__kind"))
