"""Questions of the demo that an editor of the demo has joined to others, once: what visitors made of that stays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from consilium.accounts.models import Person
from consilium.questions.actions import merge
from consilium.questions.models import Merge, Question


def join_questions(entries: Iterable[Mapping[str, Any]]) -> None:
    """Join what names another question in `merged_into`, unless either is gone or the two were joined before."""
    editor = Person.objects.get(key="demo/editor")
    for entry in entries:
        if "merged_into" not in entry:
            continue
        keys = [f"demo/question/{entry[name]}" for name in ("id", "merged_into")]
        question, canonical = (Question.objects.filter(key=key, state__in=Question.PUBLIC).first() for key in keys)
        if question and canonical and not Merge.objects.filter(question=question).exists():
            merge(person=editor, question=question, canonical=canonical, note="They ask the same.")
