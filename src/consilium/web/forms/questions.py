"""What a patient types: a question, its change, its withdrawal."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from consilium.questions.models import Question
from consilium.questions.rules import STATEMENTS_OF_A_QUESTION
from consilium.topics.models import Topic
from consilium.web import languages
from consilium.web.forms.alike import AlikeForm, difference_line
from consilium.web.forms.statements import Line, StatementLines, suggestions
from consilium.web.forms.text import long_text, one_line

# The topics with most questions are offered as check boxes; the others are named in a text field.
TOPICS_OFFERED = 12
TOPICS_PER_QUESTION = 5
# Each number of so many digits fits into 64 bits.
_DIGITS = 18


class QuestionTextForm(forms.Form):
    """Title and details of a question."""

    title = one_line(
        label=_("Your question"),
        limit=Question.TITLE_LIMIT,
        help_text=_("One sentence that a doctor can answer. Example: “Can I have laser treatment while taking isotretinoin?”"),
        missing=_("Enter your question"),
        too_long=_("Shorten your question to %(limit_value)d characters or fewer. It has %(show_value)d now."),
    )
    body = long_text(
        label=_("Details"),
        limit=Question.BODY_LIMIT,
        required=False,
        help_text=_(
            "Age range, conditions, medicines and past treatments help. Leave out names, dates of birth and contact details. "
            "A blank line starts a paragraph, a dash starts a list item."
        ),
        too_long=_("Shorten the details to %(limit_value)d characters or fewer. They have %(show_value)d now."),
    )


class _OfferedTopics(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # takes none when it runs
    """Topics by their numbers; more digits than a number has here are refused before they reach the database."""

    def clean(self, value: Any) -> Any:
        if any(len(number) > _DIGITS for number in value or ()):
            raise forms.ValidationError(self.error_messages["invalid_choice"], code="invalid_choice")
        return super().clean(value)


class AskForm(QuestionTextForm, AlikeForm, StatementLines):
    """A new question; `cleaned_data` has "topics", both the ticked and the named ones, and "statements": texts with kinds.

    `suggested`: how many statements the topics gave on request, None: nobody asked.
    """

    to_publish = ("consent", "choice", "same_as", "difference")

    topics = _OfferedTopics(
        label=_("Topics"),
        queryset=Topic.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Tick what your question is about. Doctors find it by its topics."),
        error_messages=dict.fromkeys(("invalid_choice", "invalid_pk_value"), _("Choose topics from the list")),
    )
    other_topics = forms.CharField(
        label=_("Other topics"),
        required=False,
        max_length=300,
        help_text=_("Treatments or conditions that are not in the list above, separated by commas. Brand names work too."),
        error_messages={"max_length": _("Shorten the other topics to %(limit_value)d characters or fewer")},
    )
    language = forms.ChoiceField(
        label=_("Language of your question"),
        choices=languages.CHOICES,
        initial="en",
        error_messages={"required": _("Choose a language")},
    )
    # Made for each form shown, so that sending it twice asks once; whoever sends none gives that up.
    once = forms.RegexField(r"^[a-z2-7]{26}$", widget=forms.HiddenInput, required=False)
    consent = forms.BooleanField(
        label=_(
            "I agree that what I wrote here about my health is published on this site. I can withdraw the question at any time."
        ),
        error_messages={"required": _("Tick the box if you agree that your question is published")},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["topics"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = Topic.objects.filter(pk__in=_offered()).order_by("folded")
        self.suggested: int | None = None
        self.statement_names = [f"statement_{n}" for n in range(1, STATEMENTS_OF_A_QUESTION + 1)]
        for n, name in enumerate(self.statement_names, len(self.taken_over) + 1):
            self.add_line(name, gettext("Statement %(n)d") % {"n": n})
        # As they stand on the page, so that the list of errors runs the same way.
        lines = [field for name in self.statement_names for field in (name, f"{name}_kind")]
        self.order_fields(["same_as", "choice", "difference", "title", "body", "topics", "other_topics", *lines])

    def statement_lines(self) -> list[Line]:
        """Those for which there is room beside the statements that are taken over, and those with text."""
        room = self.statement_names[: STATEMENTS_OF_A_QUESTION - len(self.taken_over)]
        return [self.line(name) for name in self.statement_names if name in room or self.typed(name)]

    def suggest(self, topics: Iterable[Topic]) -> None:
        """Fill the free lines with statements about these topics."""
        typed = [str(self.initial.get(name, "")) for name in self.statement_names]
        room = STATEMENTS_OF_A_QUESTION - len(self.taken_over)
        free = [name for name, text in zip(self.statement_names[:room], typed, strict=False) if not text.strip()]
        known = [*typed, *(one.text for one in self.taken_over)]
        found = list(zip(free, suggestions(topics, known), strict=False))
        for name, (text, kind) in found:
            self.initial.update({name: text, f"{name}_kind": kind})
        self.suggested = len(found)

    def clean_other_topics(self) -> list[Topic]:
        names = [name.strip() for name in self.cleaned_data["other_topics"].split(",") if name.strip()]
        found = {name: Topic.objects.named(name).first() for name in names[: TOPICS_PER_QUESTION + 1]}
        unknown = [name for name, topic in found.items() if topic is None]
        if unknown:
            raise forms.ValidationError(
                gettext("We have no topic called “%(name)s”. Leave it out, or use another word for it.")
                % {"name": "”, “".join(unknown)}
            )
        return [topic for topic in found.values() if topic is not None]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = {topic.pk: topic for topic in [*data.get("topics", []), *data.get("other_topics", [])]}
        if len(chosen) > TOPICS_PER_QUESTION:
            self.add_error("topics", gettext("Choose %(limit)d topics or fewer") % {"limit": TOPICS_PER_QUESTION})
        data["topics"] = list(chosen.values())
        said = {name: line for name in self.statement_names if (line := self.read_line(name, data))}
        data["statements"] = list(said.values())
        self._check_room(said)
        self.check_choice(data)
        return data

    def _check_room(self, said: Mapping[str, tuple[str, str]]) -> None:
        """A variant starts with the statements of the other question: what does not fit beside them is not dropped unsaid."""
        known = {one.text.casefold() for one in self.taken_over}
        more = [name for name, (text, _kind) in said.items() if text.casefold() not in known]
        room = STATEMENTS_OF_A_QUESTION - len(known)
        for name in more[room:]:
            limit = gettext("There is no room for this statement beside those that are taken over. Clear it.")
            self.add_error(name, limit)


def about(topics: Iterable[Topic]) -> dict[str, Any]:
    """What the fields of AskForm for topics show first when these are chosen."""
    offered, wanted = _offered(), list(topics)[:TOPICS_PER_QUESTION]
    named = [topic.name for topic in wanted if topic.pk not in offered and "," not in topic.name]
    return {"topics": [topic.pk for topic in wanted if topic.pk in offered], "other_topics": ", ".join(named)}


def _offered() -> list[int]:
    return list(Topic.objects.order_by("-question_count", "folded").values_list("pk", flat=True)[:TOPICS_OFFERED])


class EditQuestionForm(QuestionTextForm):
    """A new wording; `based_on` is the revision that the writer saw. A variant has its situation in it, too."""

    difference = difference_line()
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, varied: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not varied:
            del self.fields["difference"]


class UpdateQuestionForm(forms.Form):
    """An addition to a question that doctors have answered: the text they answered stays."""

    body = long_text(
        label=_("What has changed?"),
        limit=5_000,
        help_text=_("It is added below your question with today’s date. Leave out names, dates of birth and contact details."),
        missing=_("Enter what has changed"),
        too_long=_("Shorten the update to %(limit_value)d characters or fewer. It has %(show_value)d now."),
    )
    based_on = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
