"""Which question a row of a table means: by number, key or address, or by the file that it was imported from."""

from __future__ import annotations

import re
from pathlib import PurePath

from django.db.models import QuerySet

from consilium.lib.text import slug
from consilium.questions.models import Question

NUMBER = re.compile(r"[0-9]{1,18}")


class NoQuestion(Exception):
    """No question, or no single one, is meant; the text says so in a sentence."""


def question_of(source: str) -> Question:
    """The question that `source` names."""
    found: list[Question] = []
    for rows in _tries(source):
        found = list(rows.filter(state__in=Question.PUBLIC).order_by("pk")[:4])
        if found:
            break
    if not found:
        raise NoQuestion(f"no question here was imported from {source[:80]!r}, and none has this address or number.")
    if len(found) > 1:
        numbers = ", ".join(str(one.pk) for one in found[:3]) + ("" if len(found) < 4 else " …")
        raise NoQuestion(f"several questions here come from {source[:80]!r}; write the number of one of them: {numbers}.")
    return found[0]


def _tries(source: str) -> list[QuerySet[Question]]:
    """Where to look, the surest first."""
    rows = Question.objects.all()
    if NUMBER.fullmatch(source) and int(source) < 2**63:
        return [rows.filter(pk=int(source)), *_by_file(source)]
    if source.startswith(("https://", "http://")):
        return [rows.filter(source_url=source), rows.filter(source__url=source)]
    return [rows.filter(key=source), rows.filter(source__key=source), *_by_file(source)]


def _by_file(source: str) -> list[QuerySet[Question]]:
    """A page imported with `--url` is called after its host; its key tells the file still."""
    name = PurePath(source.replace("\\", "/")).name
    stem = slug(PurePath(name).stem, 60) or "page"
    rows = Question.objects.all()
    return [rows.filter(source__name=name), rows.filter(source__key__regex=rf"^pages/{stem}-[0-9a-f]{{8}}$")]


def names_of(question: Question) -> list[str]:
    """What a row may call a question, the most telling first; the last, its key, is good on every site that has it."""
    source = question.source
    names = [source.name, question.source_url] if source else []
    return [*(name for name in names if name and name == name.strip()), question.key]
