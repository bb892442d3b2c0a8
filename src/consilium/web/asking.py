"""The form for a new question, with statements suggested from the topics that are chosen in it, and questions like it."""

from collections.abc import Callable
from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext

from consilium.accounts.models import Person
from consilium.lib.ids import new_key
from consilium.questions import actions
from consilium.questions.models import Question
from consilium.web import access, alike, languages, saving
from consilium.web.forms.alike import ANSWERED
from consilium.web.forms.questions import TOPICS_PER_QUESTION, AskForm, about

_FIELDS_OF_MORE = ("topics", "other_topics")


def opened(request: HttpRequest, person: Person) -> AskForm:
    """The form as sent or first shown; the button "more" fills in statements about its topics and checks nothing else.

    ?title= and ?topic= bring along what was typed or read elsewhere, ?variant_of= the question to ask for another situation.
    """
    root = _root(request, person)
    kind = partial(AskForm, viewer=person, root=root)
    if root is None and "variant_of" in request.GET:
        return _alone(request, kind)
    form = saving.opened(request, kind, _brought(request, root) | {"language": _language(person, root), "once": new_key()})
    assert isinstance(form, AskForm)
    return _with_suggestions(form, kind(request.POST)) if "more" in request.POST else form


def _with_suggestions(form: AskForm, sent: AskForm) -> AskForm:
    for name in [name for name in sent.errors if name not in _FIELDS_OF_MORE]:
        del sent.errors[name]
    if sent.errors:
        return sent
    form.suggest(sent.cleaned_data["topics"])
    return form


def instead(request: HttpRequest, person: Person) -> HttpResponse | None:
    """The question that answers already, followed or only read, when that is what the form asks for; else None.

    Whoever reads it first finds what was typed when they ask again.
    """
    sent = request.POST
    by_choice = sent.get("choice") == ANSWERED and not {"preview", "more"} & sent.keys()
    number = sent.get("read") or sent.get(ANSWERED) or (sent.get("same_as", "") if by_choice else "")
    found = alike.chosen(number, person)
    if found is None:
        return None
    if "read" in sent:
        if not saving.carry(request, request.path):
            return None  # too long to keep: the form says so
        messages.info(request, gettext("What you typed is kept: choose “Ask a question” to go on with it."))
    else:
        with access.refusal_as_403():
            actions.follow(person=person, question=found)
        messages.success(
            request, gettext("You follow this question: new answers appear on your account page. Yours is not published.")
        )
    return redirect(found)


def publish(person: Person, form: AskForm, data: dict[str, Any]) -> Question:
    """Ask what the form says, once its writer has seen the questions that may ask the same."""
    if form.undecided:
        raise saving.NotYet
    canonical: Question | None = data["canonical"]
    # Whoever came from the other question has seen its topics ticked; to others it says what theirs is about.
    about_same = list(canonical.topics.all())[:TOPICS_PER_QUESTION] if canonical and not form.root else []
    return actions.ask(
        person=person, title=data["title"], body=data["body"], language=data["language"], topics=data["topics"] or about_same,
        statements=data["statements"], key=data["once"], variant_of=canonical, difference=data["difference"],
    )  # fmt: skip


def _alone(request: HttpRequest, kind: Callable[..., AskForm]) -> AskForm:
    """The form when the question that it was to stand beside is gone: what was said of the situation joins the details."""
    gone = gettext(
        "The question you wanted to ask for another situation cannot be read any more. You can ask yours as a new one."
    )
    if request.method == "POST":
        fields = request.POST.copy()
        parts = [fields.get(name, "").strip() for name in ("body", "difference")]
        fields["body"] = "\n\n".join(part for part in parts if part)
        form: Any = kind(fields)
        form.add_error(None, gone)
    else:
        form = saving.opened(request, kind, {"once": new_key()})
    form.gone = gone
    return cast("AskForm", form)


def _root(request: HttpRequest, person: Person) -> Question | None:
    found = alike.chosen(request.GET.get("variant_of", ""), person)
    return alike.root_of(found, person) if found else None


def _brought(request: HttpRequest, root: Question | None) -> dict[str, Any]:
    if root is None:
        return {"title": request.GET.get("title", ""), "other_topics": request.GET.get("topic", "")}
    return {"title": root.title, **about(root.topics.order_by("folded"))}


def _language(person: Person, root: Question | None) -> str:
    known = {code for code, _name in languages.CHOICES}
    return root.language if root is not None and root.language in known else person.language
