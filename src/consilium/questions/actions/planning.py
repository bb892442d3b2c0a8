"""What joining one question to another does, before it is done: the action does this, and editors read it first."""

from collections.abc import Collection
from dataclasses import dataclass

from consilium.questions.models import Answer, Coding, Follow, Question, Stance, Statement


@dataclass(frozen=True)
class Plan:
    """`question` is joined to `canonical`.

    `answers` move along; `answered` stay because who wrote them has answered there, `asked` because they ask there. `same`
    leads from statements here to those there with the same words; it is empty when the two are `apart`. `stances` and
    `codings` move with their statements; `left` are stances that stay and count no more. `people` follow the other question
    from then on.
    """

    question: Question
    canonical: Question
    answers: list[Answer]
    answered: list[Answer]
    asked: list[Answer]
    same: dict[int, int]
    stances: list[Stance]
    left: list[Stance]
    codings: list[Coding]
    people: list[int]

    @property
    def both(self) -> tuple[Question, Question]:
        return self.question, self.canonical

    @property
    def apart(self) -> bool:
        """Whether the two ask in different situations: then no stance moves."""
        return apart(self.question, self.canonical)

    @property
    def mark(self) -> str:
        """Changes when something else would move or stay than before; votes and followers do not matter."""
        parts = (self.answers, self.answered, self.asked, self.stances, self.left, self.codings)
        numbers = ["-".join(str(row.pk) for row in rows) for rows in parts]
        pairs = "-".join(f"{here}.{there}" for here, there in sorted(self.same.items()))
        return "_".join([str(self.question.pk), str(self.canonical.pk), *numbers, pairs])


def plan(question: Question, canonical: Question) -> Plan:
    """Read what would happen; nothing is changed."""
    there = {_voice(row) for row in canonical.answers.filter(state=Answer.State.PUBLISHED)} - {None}
    rows = list(question.answers.filter(state=Answer.State.PUBLISHED).select_related("doctor").order_by("place", "pk"))
    answered = [row for row in rows if _voice(row) in there]
    own = askers(canonical)
    asked = [row for row in rows if row.doctor and row not in answered and row.doctor.person_id in own]
    answers = [row for row in rows if row not in answered and row not in asked]
    same = same_statements(question, canonical)
    numbers = {row.pk for row in answers}
    stances = _stances(own, same, numbers)
    follows = Follow.objects.filter(question=question).exclude(person__follows__question=canonical)
    return Plan(
        question=question, canonical=canonical, answers=answers, answered=answered, asked=asked, same=same, stances=stances,
        left=_left(question, {row.pk for row in stances}),
        codings=list(Coding.objects.filter(answer__in=numbers, statement__in=same).order_by("pk")),
        people=list(follows.order_by("pk").values_list("person", flat=True)),
    )  # fmt: skip


def _voice(row: Answer) -> tuple[str, int] | None:
    """Who speaks in an answer, once on a page: its doctor, or else the author that its source names. None: unknown."""
    if row.doctor_id is not None:
        return "doctor", row.doctor_id
    return ("author", row.source_author_id) if row.source_author_id is not None else None


def askers(question: Question) -> set[int]:
    """Who asked this question, or one that was joined to it: nobody answers their own."""
    found = {question.asked_by_id}
    level = [question.pk]
    while level:
        rows = list(Question.objects.filter(merged_into__in=level).values_list("pk", "asked_by"))
        level = [pk for pk, _person in rows]
        found.update(person for _pk, person in rows)
    return {person for person in found if person is not None}


def same_statements(question: Question, canonical: Question) -> dict[int, int]:
    """Pairs of active statements with the same words, in the same language and of the same kind; none in different situations:
    there the same words would say something else."""
    if apart(question, canonical):
        return {}
    there = {_words(row): row.pk for row in canonical.statements.active()}
    return {row.pk: there[_words(row)] for row in question.statements.active() if _words(row) in there}


def apart(question: Question, canonical: Question) -> bool:
    """Whether the two ask in different situations, so that no stance on the one is a stance on the other."""
    return _plain(question.difference) != _plain(canonical.difference)


def _plain(text: str) -> str:
    return " ".join(text.casefold().split())


def _words(row: Statement) -> tuple[str, str, str]:
    return _plain(row.text), row.kind, row.language


def _stances(own: Collection[int], same: dict[int, int], answers: Collection[int]) -> list[Stance]:
    """Stances of the answers that move, and co-signatures without an answer; not where the doctor has one there already."""
    current = Stance.objects.current().filter(statement__in=same).select_related("doctor").order_by("pk")
    taken = set(Stance.objects.current().filter(statement__in=same.values()).values_list("doctor", "statement"))
    return [
        row
        for row in current
        if (row.answer_id in answers or row.answer_id is None)
        and (row.doctor_id, same[row.statement_id]) not in taken
        and row.doctor.person_id not in own
    ]


def _left(question: Question, moving: Collection[int]) -> list[Stance]:
    here = Stance.objects.current().filter(statement__question=question, statement__state=Statement.State.ACTIVE)
    return [row for row in here.filter(withdrawn_at=None).order_by("pk") if row.pk not in moving]
