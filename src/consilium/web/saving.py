"""Forms that keep what was typed: after an error, after a refusal, after a conflict, after being signed out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from django import forms
from django.contrib.auth.views import redirect_to_login
from django.db.models import Model
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe

from consilium.lib.markdown import MARKDOWN
from consilium.lib.markdown import render as as_html
from consilium.questions.actions import EditConflict, NotAllowed

T = TypeVar("T", bound=Model)
P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]
_KEPT = "kept_text"
# Text of a visitor who was signed out waits in the session; nobody may fill the database with it.
_KEPT_LIMIT = 30_000
# Seconds; it may be about somebody's health. Signing in sets the session's own, longer time.
_KEPT_FOR = 3_600


class WrongField(Exception):
    """What was typed into `field` (its name in the form) cannot be saved; the message says why and what to do."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class NotYet(Exception):
    """The form is right, but its writer has to be asked something first, which the page does now."""


@dataclass(frozen=True)
class Outcome(Generic[T]):
    """What came of a form: `saved`, or else a page to show again with `status`; `current` is the newer wording of a conflict."""

    form: forms.Form
    saved: T | None = None
    status: int = 200
    preview: SafeString | None = None
    current: T | None = None

    def page(self, request: HttpRequest, template: str, context: Mapping[str, Any]) -> HttpResponse:
        """The form again, with whatever there is to say about it."""
        more = {"form": self.form, "preview": self.preview, "current": self.current}
        return render(request, template, {**context, **more}, status=self.status)


def attempt(request: HttpRequest, form: forms.Form, act: Callable[[dict[str, Any]], T]) -> Outcome[T]:
    """Do `act` with the form's data if it was sent and is right; the button named "preview" only shows the text."""
    if request.method != "POST" or not form.is_bound:
        return Outcome(form)
    if "preview" in request.POST:
        return _previewed(form)
    if not form.is_valid():
        return Outcome(form, status=422)
    try:
        return Outcome(form, saved=act(form.cleaned_data))
    except EditConflict as conflict:
        current: Any = conflict.current
        return Outcome(_rebased(form, current.revision, str(conflict)), status=409, current=current)
    except NotYet:
        return Outcome(form, status=422)
    except WrongField as wrong:
        form.add_error(wrong.field, str(wrong))
        return Outcome(form, status=422)
    except NotAllowed as refusal:
        form.add_error(None, str(refusal))
        return Outcome(form, status=403)


def opened(request: HttpRequest, kind: Callable[..., forms.Form], initial: Mapping[str, Any]) -> forms.Form:
    """The form as sent, or as first shown: with the text that waited while its writer signed in, if any.

    A button named "more" asks for a longer form: what was typed is shown again, unchecked.
    """
    if request.method == "POST" and "more" in request.POST:
        return kind(initial=typed(request))
    if request.method == "POST":
        return kind(request.POST)
    kept = request.session.get(_KEPT)
    if kept and kept["path"] == request.path:
        del request.session[_KEPT]
        return kind(initial={**initial, **kept["fields"]})
    return kind(initial=dict(initial))


def for_writers(view: View[P]) -> View[P]:
    """Let only people who are signed in reach the view; what a visitor has typed already waits for them."""

    @wraps(view)
    def guarded(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if request.user.is_authenticated:
            return view(request, *args, **kwargs)
        if request.method == "POST":
            _keep(request, request.path)
        return redirect_to_login(request.get_full_path())

    return guarded


def typed(request: HttpRequest) -> dict[str, Any]:
    """The fields as they were sent, by name; what was sent several times is a list."""
    sent = [(name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"]
    return {name: values if len(values) > 1 else values[0] for name, values in sent}


def carry(request: HttpRequest, path: str) -> bool:
    """What was typed on this page, or waits for it, waits for the page at `path`, which takes its place; False: nothing does."""
    if request.method == "POST":
        return _keep(request, path)
    kept = request.session.get(_KEPT)
    if not kept or kept["path"] != request.path:
        return False
    request.session[_KEPT] = {**kept, "path": path}
    return True


def _keep(request: HttpRequest, path: str) -> bool:
    fields = typed(request)
    if len(str(fields)) > _KEPT_LIMIT:
        return False
    request.session[_KEPT] = {"path": path, "fields": fields}
    if not request.user.is_authenticated:
        request.session.set_expiry(_KEPT_FOR)
    return True


def _previewed(form: forms.Form) -> Outcome[Any]:
    """The text as it will look; what only publishing needs (`to_publish`) may still be missing."""
    for name in getattr(form, "to_publish", ()):
        form.errors.pop(name, None)
    # A text that is too long may be very long, and rendering takes time with its square.
    preview = _preview(form) if "body" not in form.errors else None
    return Outcome(form, status=422 if form.errors else 200, preview=preview)


def _preview(form: forms.Form) -> SafeString:
    # Only render() makes HTML here, and it lets through its own allow-list alone.
    return mark_safe(as_html(str(form["body"].value() or ""), MARKDOWN))  # noqa: S308


def _rebased(form: forms.Form, revision: int, message: str) -> forms.Form:
    """The same text, now based on the newer wording, so that saving again is a decision and not an accident."""
    data: Any = form.data
    sent = data.copy()
    sent["based_on"] = str(revision)
    form.data = sent
    form.full_clean()
    form.add_error(None, message)
    return form
