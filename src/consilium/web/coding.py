"""One copied answer as an editor reads it: its numbered sentences, the statements, and who has read it how."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, count

from django.db import transaction
from django.utils.translation import gettext

from consilium.accounts.models import Person
from consilium.consensus.imported import UNCLEAR, Reading, agreed
from consilium.lib.markdown import plain
from consilium.lib.sentences import sentences
from consilium.questions import actions
from consilium.questions.models import Answer, Coding, Statement
from consilium.topics.models import Specialty
from consilium.web import queues
from consilium.web.forms.editor.coding import CodingForm, words_of


@dataclass(frozen=True, slots=True)
class Told:
    """How another editor reads the answer on one statement."""

    coder: str
    value: str
    quote: str
    conditions: Sequence[tuple[str, str]]  # text and specialty


@dataclass(frozen=True, slots=True)
class Sheet:
    """What the coding page shows. `lines` are the answer's lines of numbered sentences.

    `others` has, by statement, what other editors read; only for statements that this editor has read, so that each
    reads alone. `differ` are the statements on which they do not agree.
    """

    answer: Answer
    statements: Sequence[Statement]
    lines: Sequence[Sequence[tuple[int, str]]]
    mine: Sequence[Coding]
    others: Mapping[int, Sequence[Told]]
    differ: frozenset[int]

    @property
    def sentences(self) -> list[str]:
        return [text for line in self.lines for _number, text in line]


def sheet(answer: Answer, editor: Person) -> Sheet:
    """The page's content: three queries, and one more for names of specialties."""
    statements = list(Statement.objects.active().filter(question=answer.question_id).order_by("place"))
    codings = list(Coding.objects.filter(answer=answer, statement__in=statements).select_related("person").order_by("pk"))
    mine = [one for one in codings if one.coder == editor.key]
    read = {one.statement_id for one in mine}
    by_statement: dict[int, list[Coding]] = defaultdict(list)
    for one in codings:
        if one.statement_id in read:
            by_statement[one.statement_id].append(one)
    differ = [pk for pk, rows in by_statement.items() if _unclear(rows)]
    others = {pk: [row for row in rows if row.coder != editor.key] for pk, rows in by_statement.items()}
    return Sheet(answer, statements, _numbered(answer), mine, _told(others, statements), frozenset(differ))


def _unclear(rows: Sequence[Coding]) -> bool:
    return UNCLEAR in agreed(Reading(row.answer_id, row.coder, row.value) for row in rows).values()


def _numbered(answer: Answer) -> list[list[tuple[int, str]]]:
    numbers = count(1)
    lines = sentences(f"{answer.headline}\n{plain(answer.body_html)}")
    return [[(next(numbers), sentence) for sentence in line] for line in lines]


def _told(others: Mapping[int, Sequence[Coding]], statements: Sequence[Statement]) -> dict[int, list[Told]]:
    rows = list(chain(*others.values()))
    slugs = {condition["specialty"] for row in rows for condition in row.conditions if condition["specialty"]}
    nouns = dict(Specialty.objects.filter(slug__in=slugs).values_list("slug", "noun")) if slugs else {}
    words = {statement.pk: words_of(statement) for statement in statements}
    return {
        pk: [
            Told(
                called(row.coder, row.person),
                str(words[pk][row.value]),
                row.quote,
                [(condition["text"], nouns.get(condition["specialty"], "")) for condition in row.conditions],
            )
            for row in found
        ]
        for pk, found in others.items()
    }


def called(coder: str, person: Person | None, viewer: Person | None = None) -> str:
    """How editors see a coder: "you", the name of the account, else a number; a file of codings names its own."""
    if person is None:
        return coder
    if viewer is not None and person.pk == viewer.pk:
        return gettext("you")
    return person.display_name or gettext("Editor %(number)d") % {"number": person.pk}


def save(editor: Person, page: Sheet, form: CodingForm) -> bool:
    """Keep all readings, or none when one is refused; the form then says why."""
    with transaction.atomic():
        for statement, field, why in _refused(editor, page, form):
            form.refuse(statement, field, why)
        if form.errors:
            transaction.set_rollback(True)
    return not form.errors


def _refused(editor: Person, page: Sheet, form: CodingForm) -> Iterator[tuple[Statement, str, str]]:
    # Taken now: what is refused of a field also leaves the cleaned data.
    data = dict(form.cleaned_data)
    for statement in page.statements:
        try:
            actions.code(
                editor=editor, answer=page.answer, statement=statement, value=data[f"value{statement.pk}"],
                quote=data[f"quote{statement.pk}"], conditions=form.conditions(statement),
            )  # fmt: skip
        except actions.BadCoding as refusal:
            yield statement, refusal.field, str(refusal)


def following(editor: Person, answer: Answer | None) -> Answer | None:
    """The next answer for this editor to code: after this one on the list, else from its beginning."""
    rows = queues.to_code(editor).order_by(*queues.TO_CODE)
    if answer is None:
        return rows.first()
    later = rows.filter(question_id__gt=answer.question_id)
    same = rows.filter(question_id=answer.question_id, place__gt=answer.place)
    return same.first() or later.first() or rows.exclude(pk=answer.pk).first()
