"""Every kind of record, in the order of a file: each after those it names. Checks, format, writer and loader read this list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from django.db.models import Exists, ForeignKey, Model, OuterRef, Q, QuerySet, Subquery

from consilium.accounts.models import Person
from consilium.consensus.models import Invitation, Round, RoundReply, Snapshot
from consilium.doctors.models import Claim, Credential, Doctor, Interest, Practice, Source
from consilium.evidence.models import Citation, Work
from consilium.questions.models import (
    Answer,
    Coding,
    Comment,
    Disclosure,
    Follow,
    HelpfulVote,
    Merge,
    Moved,
    Question,
    QuestionLink,
    Revision,
    SeenAnswers,
    SourceAuthor,
    Stance,
    Statement,
    Suggestion,
)
from consilium.topics.actions import shipped_specialties
from consilium.topics.models import Specialty, Topic
from consilium.transfer import records as r

# Where the word of a record is not the model's.
ATTRIBUTES: Final = {"author_key": "source_author", "at": "created_at", "follower_key": "follow__person"}


def _all() -> Q:
    return Q()


def _added_here() -> Q:
    return ~Q(slug__in=shipped_specialties())


def _whole() -> Q:
    return Q(statement=None) | Q(Exists(Statement.objects.filter(pk=OuterRef("statement"))))


@dataclass(frozen=True, slots=True)
class Kind:
    """What a record is called in a file and in a report, its table, and which rows of it belong to the content.

    `beside` and `many` name what a row needs besides the rows that its record names, `more` what is worked out for each.
    `elsewhere`: tables of fields that name what is in no column of their own.
    """

    name: str
    plural: str
    record: type[Any]
    model: type[Model]
    only: Callable[[], Q] = _all
    beside: tuple[str, ...] = ()
    many: tuple[str, ...] = ()
    more: Callable[[], dict[str, Any]] = dict
    elsewhere: Mapping[str, type[Model]] = field(default_factory=dict)

    def attribute(self, field: str) -> str:
        """The attribute of the model that holds a field of the record: "statement" for "statement_key"."""
        name = field.removesuffix("_key")
        return ATTRIBUTES[field] if field in ATTRIBUTES and not hasattr(self.model, name) else name

    def references(self) -> dict[str, type[Model]]:
        """The tables that the fields of the record name by key."""
        keys = [field.name for field in fields(self.record) if field.name.endswith("_key")]
        return {name: self.elsewhere.get(name) or self._remote(self.attribute(name)) for name in keys}

    def rows(self) -> QuerySet[Any]:
        """The rows of an export, with what their records name."""
        named = [self.attribute(name) for name in self.references() if name not in self.elsewhere]
        if isinstance(self._column("specialty"), ForeignKey):
            named.append("specialty")
        found: QuerySet[Any] = self.model._default_manager.filter(self.only()).annotate(**self.more())
        unread = [f"{name}__{text}" for name in named for text in ("body", "body_html", "about") if self._has(name, text)]
        return found.select_related(*named, *self.beside).defer(*unread).prefetch_related(*self.many)

    def _column(self, name: str) -> Any:
        return next((column for column in self.model._meta.concrete_fields if column.name == name), None)

    def _remote(self, name: str) -> type[Model]:
        remote: type[Model] = self._column(name).related_model
        return remote

    def _has(self, name: str, text: str) -> bool:
        return any(column.name == text for column in self._remote(name)._meta.concrete_fields)


KINDS: Final = (
    Kind("specialty", "specialties", r.SpecialtyRecord, Specialty, _added_here, many=("synonyms",)),
    Kind("source", "sources", r.SourceRecord, Source),
    Kind("person", "people", r.PersonRecord, Person),
    Kind("topic", "topics", r.TopicRecord, Topic, many=("synonyms", "needs__specialty", "needs__reviewed_by")),
    Kind("author", "authors", r.SourceAuthorRecord, SourceAuthor),
    Kind("practice", "practices", r.PracticeRecord, Practice),
    Kind("doctor", "doctors", r.DoctorRecord, Doctor),
    # What waits for an editor is an account's affair.
    Kind("claim", "claims", r.ClaimRecord, Claim, lambda: ~Q(state=Claim.State.REQUESTED)),
    Kind("credential", "credentials", r.CredentialRecord, Credential),
    Kind("interest", "interests", r.InterestRecord, Interest),
    Kind("question", "questions", r.QuestionRecord, Question, many=("about__topic",)),
    # Before what stands on the one question and belongs to an answer that has moved to the other.
    Kind("merge", "merges", r.MergeRecord, Merge),
    Kind("answer", "answers", r.AnswerRecord, Answer, beside=("origin__specialty",)),
    Kind("revision", "revisions", r.RevisionRecord, Revision),
    Kind("comment", "comments", r.CommentRecord, Comment),
    Kind("vote", "votes", r.VoteRecord, HelpfulVote),
    Kind("follow", "follows", r.FollowRecord, Follow),
    # Related questions are computed anew by the site that imports.
    Kind("link", "links", r.LinkRecord, QuestionLink, lambda: Q(kind=QuestionLink.Kind.DUPLICATE)),
    Kind("statement", "statements", r.StatementRecord, Statement),
    Kind("stance", "stances", r.StanceRecord, Stance),
    Kind("coding", "codings", r.CodingRecord, Coding),
    Kind("disclosure", "disclosures", r.DisclosureRecord, Disclosure),
    Kind("seen", "seen", r.SeenRecord, SeenAnswers),
    Kind("work", "works", r.WorkRecord, Work),
    Kind("citation", "citations", r.CitationRecord, Citation),
    Kind("invitation", "invitations", r.InvitationRecord, Invitation),
    Kind("round", "rounds", r.RoundRecord, Round),
    Kind("reply", "replies", r.ReplyRecord, RoundReply),
    Kind("snapshot", "snapshots", r.SnapshotRecord, Snapshot),
    Kind(
        "moved",
        "moved",
        r.MovedRecord,
        Moved,
        beside=("follow__person",),
        only=_whole,
        elsewhere={"statement_key": Statement, "follower_key": Person},
        more=lambda: {"statement_key": Subquery(Statement.objects.filter(pk=OuterRef("statement")).values("key"))},
    ),
    Kind("suggestion", "suggestions", r.SuggestionRecord, Suggestion),
)
OF: Final[dict[type[Any], Kind]] = {kind.record: kind for kind in KINDS}
# The fields of each record that name another by its key, and the other's table.
NAMED: Final[dict[type[Any], dict[str, type[Model]]]] = {kind.record: kind.references() for kind in KINDS}
