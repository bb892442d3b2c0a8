"""Which specialties questions need, topic by topic."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from consilium.accounts.models import Person
from consilium.topics import actions
from consilium.topics.models import Topic, TopicSpecialty
from consilium.web import lists, queues
from consilium.web.forms.editor.needs import NeedForm
from consilium.web.views.editor.acting import done, sent_to
from consilium.web.views.editor.guard import for_editors, must


@for_editors
@require_http_methods(["GET", "HEAD"])
def topics(request: HttpRequest) -> HttpResponse:
    """Topics of which nobody has said which specialties they need."""
    page = lists.page_of(request, queues.without_needs(), queues.TOPICS)
    return render(request, "editor/topics.html", {"page": page})


@for_editors
@require_http_methods(["GET", "HEAD", "POST"])
def needs(request: HttpRequest, slug: str) -> HttpResponse:
    """One topic: the specialties it needs, and a form for another one."""
    person = must(request, "topic.needs")
    found = get_object_or_404(Topic, slug=slug)
    form = NeedForm(sent_to(request, "need"))
    if done(form, lambda data: actions.set_need(topic=found, actor=person.pk, **data)) or _dropped(request, person, found):
        messages.success(request, gettext("Saved. The pages of this topic’s questions follow at once."))
        return redirect("web:editor_needs", slug)
    rows = TopicSpecialty.objects.filter(topic=found).select_related("specialty").order_by("-role", "specialty__noun")
    context = {"topic": found, "needs": list(rows), "form": form, "decided": not queues.undecided(found)}
    return render(request, "editor/needs.html", context, status=422 if form.errors else 200)


def _dropped(request: HttpRequest, person: Person, topic: Topic) -> bool:
    """Whether a specialty was taken off, or "none" was confirmed."""
    if sent_to(request, "none") is not None:
        actions.need_nothing(topic=topic, actor=person.pk)
        return True
    sent: Any = sent_to(request, "drop")
    if sent is None:
        return False
    for need in topic.needs.select_related("specialty"):
        if need.specialty.slug == sent.get("specialty"):
            actions.drop_need(topic=topic, specialty=need.specialty, actor=person.pk)
    return True
