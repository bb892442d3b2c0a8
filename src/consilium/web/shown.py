"""What a page says about the author of an answer: claims of a source stay the source's, and what is unknown is said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consilium.doctors.models import Doctor
from consilium.evidence.reading import Line
from consilium.questions.models import Answer, AnswerOrigin, Comment
from consilium.questions.rules import is_own
from consilium.web import cards
from consilium.web.cards import Card, Copied, Foot
from consilium.web.stands.badges import Badge

Words = str | Promise
_LETTERS = 2


@dataclass(frozen=True)
class Byline:
    """One author. `name` is empty when no doctor is named; `signed` is then what the source wrote instead."""

    name: str
    url: str
    signed: str
    title: str
    place: str
    badge: str
    rating: Decimal | None
    reviews: int | None
    group: bool
    by_source: bool
    standing: Words

    @property
    def initials(self) -> str:
        """Up to two first letters for the round mark beside the name; empty when no doctor is named."""
        words = [word for word in self.name.split(",")[0].split() if word[0].isalpha()]
        ends = [words[0], words[-1]] if len(words) >= _LETTERS else words
        return "".join(word[0] for word in ends).upper()


@dataclass(frozen=True)
class ShownAnswer:
    """An answer with its author and the comments it had at the source; `mine`: the reader wrote it.

    `badges` say where it stands on each statement, `code` on the first one ("none": nowhere), `counted` whether that
    counts; `sources` are the works it cites; `asked_at` is where its source had the question, if that is not this one.
    """

    answer: Answer
    by: Byline
    comments: list[Comment]
    mine: bool
    badges: tuple[Badge, ...] = ()
    sources: Sequence[Line] = ()
    asked_at: str = ""

    @property
    def card(self) -> Card:
        return cards.card(self.answer, self.by, self.badges, [line.work for line in self.sources], self.copied_from)

    @property
    def copied_from(self) -> Copied | None:
        """Where it was copied from, if the question it stands below now was not: the page says there where that one is from."""
        moved = self.answer.source_id != self.answer.question.source_id
        return cards.copied(self.answer, self.asked_at) if moved else None

    @property
    def foot(self) -> Foot:
        return cards.foot(self.answer)

    @property
    def code(self) -> str:
        return self.badges[0].code if self.badges else "none"

    @property
    def counted(self) -> bool:
        return bool(self.badges) and not self.badges[0].note

    @property
    def copied(self) -> bool:
        return bool(self.badges) and self.badges[0].copied

    @property
    def cites(self) -> bool:
        """Whether it cites a source that counts."""
        return any(line.work.counts for line in self.sources)

    @property
    def specialty(self) -> str:
        """The slug of its author's specialty, as the panel counts it."""
        origin, doctor = getattr(self.answer, "origin", None), self.answer.doctor
        found = (origin and origin.specialty) or (doctor and doctor.specialty)
        return found.slug if found else ""


def byline(answer: Answer) -> Byline:
    """The author as the page shows them: the snapshot of the source when there is one, else the profile."""
    doctor, origin = answer.doctor, getattr(answer, "origin", None)
    if origin is not None:
        return _from_origin(answer, origin)
    if doctor is not None:
        return of_doctor(doctor, answer)
    signed = _signed(answer)
    return Byline("", "", signed, "", "", "", None, None, group=False, by_source=answer.is_imported, standing=_unnamed(signed))


def of_doctor(doctor: Doctor, marked: object = None) -> Byline:
    """A doctor as their profile shows them; `marked` (else the doctor) has the marks of licence_marks, if asked for."""
    return Byline(
        name=doctor.full_name, url=doctor.get_absolute_url(), signed="", title=doctor.title, place=doctor.place,
        badge=doctor.badge, rating=doctor.source_rating, reviews=doctor.source_reviews, group=doctor.is_group,
        by_source=doctor.source_id is not None and not doctor.invented, standing=standing(doctor, marked),
    )  # fmt: skip


def standing(doctor: Doctor, marked: object = None) -> Words:
    """In plain words, how far anybody has checked who this is."""
    marks = marked or doctor
    if doctor.invented:
        return _("Invented for this demonstration")
    if getattr(marks, "licensed", False):
        return _("Licence confirmed")
    if getattr(marks, "was_licensed", False):
        return _("Licence no longer confirmed")
    if doctor.is_claimed:
        return _("Licence not checked yet")
    return _("As shown by the source, not checked")


def answers(rows: Iterable[Answer], comments: Iterable[Comment], viewer: int | None) -> list[ShownAnswer]:
    """Answers of one question, each with its author and its comments; `viewer` is the reader's number."""
    below: dict[int, list[Comment]] = {}
    for comment in comments:
        if comment.answer_id is not None:
            below.setdefault(comment.answer_id, []).append(comment)
    return [ShownAnswer(row, byline(row), below.get(row.pk, []), mine=_mine(row, viewer)) for row in rows]


def _mine(answer: Answer, viewer: int | None) -> bool:
    return is_own(viewer, writer=answer.written_by_id, holder=answer.doctor.person_id if answer.doctor else None)


def _from_origin(answer: Answer, origin: AnswerOrigin) -> Byline:
    doctor, signed = answer.doctor, origin.author_text or _signed(answer)
    return Byline(
        name=doctor.full_name if doctor else "",
        url=doctor.get_absolute_url() if doctor else "",
        signed="" if doctor else signed,
        title=origin.title or (doctor.title if doctor else ""),
        place=origin.place or (doctor.place if doctor else ""),
        badge=origin.badge,
        rating=origin.rating,
        reviews=origin.review_count,
        group=doctor is not None and doctor.is_group,
        by_source=not (doctor and doctor.invented),
        standing=standing(doctor, answer) if doctor else _unnamed(signed or origin.title_line),
    )


def _signed(answer: Answer) -> str:
    return answer.source_author.name if answer.source_author else ""


def _unnamed(shown: str) -> Words:
    return _("As shown by the source, not checked") if shown else _("The source shows no author")
