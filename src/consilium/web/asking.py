"""The form for a new question, with statements suggested from the topics that are chosen in it."""

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from consilium.accounts.models import Person
from consilium.questions import actions
from consilium.questions.models import Question
from consilium.web import saving
from consilium.web.forms.questions import AskForm

_TOPICS = ("topics", "other_topics")


def opened(request: HttpRequest, initial: Mapping[str, Any]) -> AskForm:
    """The form as sent or first shown; the button "more" fills in statements about its topics and checks nothing else."""
    form = saving.opened(request, AskForm, initial)
    assert isinstance(form, AskForm)
    if "more" not in request.POST:
        return form
    sent = AskForm(request.POST)
    for name in [name for name in sent.errors if name not in _TOPICS]:
        del sent.errors[name]
    if sent.errors:
        return sent
    form.suggest(sent.cleaned_data["topics"])
    return form


def publish(person: Person, data: dict[str, Any]) -> Question:
    """Ask what the form says."""
    return actions.ask(
        person=person, title=data["title"], body=data["body"], language=data["language"], topics=data["topics"],
        statements=data["statements"], key=data["once"],
    )  # fmt: skip
