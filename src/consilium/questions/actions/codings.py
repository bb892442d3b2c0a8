"""Reading an answer that its doctor has not confirmed: two editors, each with the words that show it."""

from collections.abc import Sequence

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from consilium.accounts.models import Person
from consilium.journal.actions import record
from consilium.lib.markdown import plain
from consilium.questions import facts, rules
from consilium.questions.actions.errors import NotAllowed, require
from consilium.questions.actions.keeping import bump, hold
from consilium.questions.models import CONDITIONAL, Answer, Coding, ConditionJSON, Question, Statement, Value


class BadCoding(NotAllowed):
    """The coding cannot be kept; the message says why and what to do. `field` is what it is about: value, conditions, quote."""

    def __init__(self, message: str, field: str = "") -> None:
        super().__init__(message)
        self.field = field


@transaction.atomic
def code(
    *, editor: Person, answer: Answer, statement: Statement, value: str, quote: str, conditions: Sequence[ConditionJSON] = ()
) -> Coding:
    """Keep how this editor reads the answer; coding it again replaces their own earlier reading."""
    require(editor, "answer.code", answer.state, why=_("Only an editor can code answers."))
    if answer.doctor is not None and answer.doctor.person_id == editor.pk:
        raise BadCoding(_("This is your own answer. Say on its page what it means; another editor need not read it."))
    return keep_coding(
        answer=answer, statement=statement, coder=editor.key, person=editor, value=value, quote=quote, conditions=conditions
    )


@transaction.atomic
def keep_coding(
    *,
    answer: Answer,
    statement: Statement,
    coder: str,
    person: Person | None,
    value: str,
    quote: str,
    conditions: Sequence[ConditionJSON] = (),
) -> Coding:
    """The same for a coder known by name alone, as a file of codings has them. Raises BadCoding."""
    quote = quote.strip()
    hold(answer.question)  # so that the statement is not reworded meanwhile
    if not Statement.objects.active().filter(pk=statement.pk, question=answer.question_id).exists():
        raise BadCoding(_("This statement is not one of the question any more. Look at the page again."))
    check_reading(answer, value=value, quote=quote, conditions=conditions)
    wanted = {"value": value, "quote": quote, "conditions": list(conditions), "person": person}
    old = Coding.objects.filter(answer=answer, statement=statement, coder=coder).first()
    if old is not None and all(getattr(old, name) == wanted[name] for name in wanted):
        return old
    row, _created = Coding.objects.update_or_create(
        answer=answer, statement=statement, coder=coder, defaults={**wanted, "created_at": timezone.now()}
    )
    _tell(facts.ANSWER_CODED, row, person)
    return row


@transaction.atomic
def keep_codings(*, question: Question, codings: Sequence[Coding]) -> None:
    """Store many codings of one question that `check_reading` has passed; those that their coders made before are replaced."""
    Coding.objects.bulk_create(
        codings, update_conflicts=True, unique_fields=["statement", "answer", "coder"],
        update_fields=["value", "conditions", "quote", "created_at"],
    )  # fmt: skip
    bump([question.pk])
    record(facts.ANSWER_CODED, subject=f"question:{question.pk}", answers=sorted({row.answer_id for row in codings}))


@transaction.atomic
def uncode(*, editor: Person, coding: Coding) -> None:
    """Take one's own coding back."""
    require(editor, "answer.code", coding.answer.state, why=_("Only an editor can code answers."))
    if coding.coder != editor.key:
        raise NotAllowed(_("This is another editor's coding."))
    coding.delete()
    _tell(facts.CODING_REMOVED, coding, editor)


def _tell(fact: str, row: Coding, person: Person | None) -> None:
    bump([row.answer.question_id])
    record(fact, subject=f"question:{row.answer.question_id}", actor=person.pk if person else None, answer=row.answer_id)


def check_reading(answer: Answer, *, value: str, quote: str, conditions: Sequence[ConditionJSON]) -> None:
    """Raise BadCoding unless the answer can be read so, whatever the statement."""
    if not answer.is_copy:
        raise BadCoding(_("The doctor wrote this answer here and declares the stance. Only copied answers are coded."))
    if value not in Value.values:
        raise BadCoding(_("Choose what the answer says of the statement."), "value")
    if rules.conditions_problem(value, [row["text"] for row in conditions], conditional=CONDITIONAL):
        raise BadCoding(_("Write the condition that the answer names."), "conditions")
    if quote or value != Value.NOT_ADDRESSED:
        _check_quote(answer, quote)


def _check_quote(answer: Answer, quote: str) -> None:
    if not quote:
        raise BadCoding(_("Copy the words of the answer that show it."), "quote")
    if len(quote) > rules.QUOTE_LIMIT:
        why = _("The quote is too long: at most %(limit)s characters.") % {"limit": rules.QUOTE_LIMIT}
        raise BadCoding(why, "quote")
    if not any(rules.quote_found(quote, text) for text in texts_of(answer)):
        raise BadCoding(_("These words do not stand in the answer. Copy them exactly."), "quote")


def texts_of(answer: Answer) -> tuple[str, str, str]:
    """The answer as a quote may have been taken from it: what a reader sees, and as it was written."""
    shown = plain(answer.body_html)
    return f"{answer.headline} {shown}", f"{answer.headline}\n{answer.body}", shown
