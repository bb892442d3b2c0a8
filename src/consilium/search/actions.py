"""Computing the vectors of questions: piece by piece, outside of any transaction, by the worker."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final

import structlog
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from consilium.journal.actions import record
from consilium.questions.models import QuestionLink
from consilium.search import facts, gathering, semantic
from consilium.search.documents import Kind, QuestionText
from consilium.search.models import Vector, overdue

if TYPE_CHECKING:
    from consilium.search.embedding import Model

log = structlog.get_logger(__name__)

PIECE: Final = 32
"""Questions whose vectors are computed at once."""
SWEEP: Final = 1_000
"""Questions that one look for overdue ones marks at most."""
LEADING: Final = 1_000
"""Questions that are looked at anew because some that they lead to have changed or gone."""
_loading = threading.Lock()
_models: dict[Path, Model] = {}


def model_folder() -> Path:
    """Where the language model of this node is."""
    return Path(settings.DATA) / "model"


def model() -> Model | None:
    """The language model, loaded at the first use; None where it is not installed, not built or cannot be loaded."""
    folder = model_folder()
    if not semantic.INSTALLED or not (folder / "model.onnx").exists():
        return None
    with _loading:
        if folder not in _models:
            try:
                _models[folder] = semantic.load_model(folder)
            except semantic.NoModel as error:
                log.warning("search.no_model", reason=str(error)[:200])
                return None
    return _models[folder]


def expect(questions: Iterable[int]) -> None:
    """Mark the vectors of these questions as due."""
    numbers = gathering.visible(questions)
    Vector.objects.bulk_create(
        [Vector(question_id=number, due=True) for number in sorted(numbers)],
        update_conflicts=True, unique_fields=["question"], update_fields=["due"],
    )  # fmt: skip


def sweep() -> int:
    """Mark what nobody marked: content of an import, vectors of another model. How many questions that were."""
    numbers = list(overdue(semantic.MODEL).values_list("pk", flat=True)[:SWEEP])
    expect(numbers)
    return len(numbers)


def embed_some() -> int:
    """Compute the vectors of some questions that are due; how many were looked at. 0 without the model."""
    loaded = model()
    if loaded is None:
        return 0
    began = timezone.now()
    due = list(Vector.objects.filter(due=True).order_by("question")[:PIECE])
    if not due:
        return 0
    texts = [one for one in gathering.documents(Kind.QUESTION, [row.pk for row in due]) if isinstance(one, QuestionText)]
    held = {row.pk: (row.model, row.digest) for row in due}
    anew = [text for text in texts if held[text.number] != (semantic.MODEL, text.meant)]
    titles = loaded.vectors([text.title.text for text in anew])
    wholes = loaded.vectors([text.whole for text in anew])
    rows = [
        Vector(
            question_id=text.number, model=semantic.MODEL, digest=text.meant, title=semantic.packed(title),
            whole=semantic.packed(whole),
        )
        for text, title, whole in zip(anew, titles, wholes, strict=True)
    ]  # fmt: skip
    _keep(rows=rows, looked_at=[row.pk for row in due], began=began)
    return len(due)


@transaction.atomic
def _keep(*, rows: Sequence[Vector], looked_at: Sequence[int], began: object) -> None:
    """Store vectors. What was changed while they were computed is found by the next sweep: `looked_at` is when it was read."""
    held = set(Vector.objects.select_for_update().filter(pk__in=looked_at).values_list("pk", flat=True))
    Vector.objects.filter(pk__in=held).update(due=False, looked_at=began)
    kept = [row for row in rows if row.pk in held]  # a question may have been deleted meanwhile
    Vector.objects.bulk_update(kept, ["model", "digest", "title", "whole", "related_at"])
    if kept:
        look_again(row.pk for row in kept)
        record(facts.EMBEDDED, subject="vectors", questions=[row.pk for row in kept])


def look_again(questions: Iterable[int]) -> None:
    """Mark those that lead to these questions: they may be better led elsewhere now."""
    leading = QuestionLink.objects.filter(other__in=list(questions), kind=QuestionLink.Kind.RELATED).order_by("pk")
    Vector.objects.filter(pk__in=list(leading.values_list("question", flat=True)[:LEADING])).update(related_at=None)
