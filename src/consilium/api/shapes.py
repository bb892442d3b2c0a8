"""What the API gives, field by field. These descriptions are the documentation (docs.py, openapi.json).

Unknown is null, never 0 or "". Times are UTC. Nothing here names a person's account, and no shape but Question, which is
about one question alone, holds a pseudonym.
"""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from consilium.consensus.agreement import Cap, Group, Label
from consilium.consensus.counting import Reason
from consilium.evidence.models import Citation as CitationRow
from consilium.evidence.models import Work as WorkRow
from consilium.questions.models import ConditionKind, Value
from consilium.questions.models import Stance as StanceRow
from consilium.questions.models import Statement as StatementRow

Coded = Literal["yes", "yes_if", "no_unless", "no", "cannot_say", "not_addressed", "unclear", "waiting"]
State = Literal["open", "closed", "archived"]

Language = Annotated[str, Field(description="BCP 47 tag, such as en or ar.")]
Direction = Annotated[Literal["ltr", "rtl"], Field(description="Which way the language is written.")]
Side = Annotated[
    Group | None, Field(description="The position that the label points to; null unless the label is leaning, agree or strong.")
]
Verdict = Annotated[
    Label,
    Field(
        description="none: no counted stance. few: fewer than five. split: at least about a third of the doctors stand at each "
        "extreme. mixed: no clear agreement. leaning: far more stand on one side, too few to be sure. agree: most. "
        "strong: nearly all."
    ),
]


class Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Problem(Shape):
    """Why there is no answer, in one sentence."""

    detail: str


class Counts(Shape):
    """How many counted stances each position has. "Yes, if" and "no, unless" are both conditional."""

    yes: int
    conditional: int
    no: int
    cannot_say: int


class Topic(Shape):
    """What a question is about."""

    name: str
    kind: Literal["treatment", "condition", "other"]
    url: str


class Source(Shape):
    """Where a copied question or answer was copied from."""

    kind: Literal["pages", "qapage", "stackexchange", "jsonl"]
    name: str | None = Field(description="Null for a saved page of an unknown site.")
    url: str | None
    licence: str | None
    captured_at: datetime | None = Field(description="When the copy was taken.")


class Author(Shape):
    """Who wrote an answer, as the page shows them. For a copied answer this is what the source showed; nobody checked it."""

    name: str | None = Field(description="Null when no doctor is named.")
    url: str | None = Field(description="The doctor's profile on this site.")
    signed: str | None = Field(description="What the source wrote where it names no doctor.")
    title: str | None = Field(description="The specialty as a title, such as Dermatologist.")
    place: str | None
    group: bool = Field(description="True for a clinic or another group.")


class Answer(Shape):
    """One doctor's answer. The stances taken with it are listed with the statements."""

    id: int
    url: str
    headline: str | None
    text: str = Field(description="Plain text, one line per block.")
    html: str = Field(description="The same as safe HTML: no scripts, no styles, no images.")
    language: Language
    direction: Direction
    author: Author
    answered_at: datetime | None
    edited_at: datetime | None
    helpful: int = Field(description="People on this site who found it helpful.")
    source: Source | None = Field(description="Null for an answer written on this site.")
    source_helpful: int | None = Field(description="The same figure at the source; null when unknown.")


class Condition(Shape):
    """What must be met for a conditional stance."""

    kind: ConditionKind
    specialty: str | None = Field(description="The specialty that must agree, if the condition names one.")
    text: str


class Stance(Shape):
    """Where one doctor stands on one statement, as its tile on the page shows."""

    answer: int | None = Field(description="The id of the answer it came with; null for a stance without prose.")
    doctor: str
    doctor_url: str
    title: str | None
    specialty: str | None
    value: Value | None = Field(description="Null when the doctor's answer says nothing of the statement.")
    group: Group | None = Field(description="The position as it is counted; null when there is none.")
    conditions: list[Condition]
    confidence: StanceRow.Confidence | None
    blind: bool = Field(description="Recorded before the doctor opened the other answers here.")
    after_discussion: bool = Field(description="Changed after reading the others in a reconsider round.")
    affirmed_at: datetime | None = Field(description="When the doctor last said that it holds.")
    reason: Reason | None = Field(description="Why it does not count; null when it counts.")


class CodedAnswer(Shape):
    """How this site's editors read a copied answer on one statement. It never enters the label."""

    answer: int
    value: Coded | None = Field(
        description="What two editors agree on; unclear: they differ, waiting: one has read it, null: nobody has."
    )
    group: Group | None
    conditions: list[Condition]


class Statement(Shape):
    """A claim on which doctors take a stance. Yes always means "go ahead" or "true"."""

    key: str = Field(description="Names the statement over all sites and exports.")
    place: int
    text: str
    kind: StatementRow.Kind
    version: int = Field(description="Grows when an editor rewords it; stances on an earlier wording are not counted.")
    language: Language
    direction: Direction
    label: Verdict
    side: Side
    counts: Counts
    n: int = Field(description="How many stances are counted.")
    stances: list[Stance] = Field(description="Those that count first, then the others with their reasons; none taken back.")
    coded: list[CodedAnswer] = Field(description="Copied answers whose doctors have not taken a stance themselves.")


class QuestionCoverage(Shape):
    """Which specialties the question needs, over all who answered, counted or not. Numbers are of doctors."""

    required: list[str]
    answered: dict[str, int] = Field(description="By specialty; the empty name stands for doctors whose specialty is unknown.")
    missing: list[str] = Field(description="Needed, but no counted stance comes from it.")


class Coverage(QuestionCoverage):
    """Which specialties a statement needs, over the counted stances."""


class Work(Shape):
    """Something that answers cite."""

    title: str | None
    kind: WorkRow.Kind
    doi: str | None
    pmid: str | None
    url: str | None
    authors: str | None
    container: str | None = Field(description="Journal, book or publisher.")
    year: int | None
    retraction: WorkRow.Retraction = Field(description="Against the list of retractions that this site holds.")


class Citation(Shape):
    """An answer cites a work."""

    work: Work
    answer: int
    statement: str | None = Field(description="The key of the statement it speaks to; null for none in particular.")
    direction: CitationRow.Direction
    applies: CitationRow.Applies = Field(description="Whether the work studied the same use and the same people.")
    quote: str | None


class Question(Shape):
    """A question with everything that its page shows."""

    id: int
    url: str = Field(description="The page for people.")
    consensus_url: str
    title: str
    text: str = Field(description="The details as plain text; empty when there are none.")
    html: str
    language: Language
    direction: Direction
    state: State = Field(description="open takes answers, closed takes none, archived was copied and takes none.")
    asker: str | None = Field(description="The pseudonym made for this question alone, or the author's name at the source.")
    asked_at: datetime | None
    edited_at: datetime | None
    changed_at: datetime = Field(description="When anything on the page last changed.")
    topics: list[Topic]
    source: Source | None = Field(description="Null for a question asked on this site.")
    variant_of: int | None = Field(description="The question that asks the same in another situation; null when there is none.")
    difference: str | None = Field(description="How the situation differs from that of variant_of.")
    coverage: QuestionCoverage
    statements: list[Statement]
    answers: list[Answer] = Field(description="In the order in which they came. An answer that was taken back is not here.")
    citations: list[Citation]


class Listed(Shape):
    """A question as a line of a list; without its asker."""

    id: int
    url: str
    api_url: str
    title: str
    language: Language
    state: State
    asked_at: datetime | None
    changed_at: datetime
    answer_count: int
    topics: list[Topic]


class Page(Shape):
    """One page of questions, newest first."""

    questions: list[Listed]
    next: str | None = Field(description="The address of the following page; null on the last one.")


class NotCounted(Shape):
    """How many stances do not count for one reason."""

    reason: Reason
    n: int


class ConditionLine(Shape):
    """A condition that counted doctors set, in the words of the first of them."""

    text: str
    n: int
    kind: ConditionKind
    specialty: str | None


class Interest(Shape):
    """How many of the counted doctors offer the treatment. Undisclosed is unknown, never "no"."""

    offers_treatment: int
    no: int
    unknown: int
    paid: int = Field(description="Paid by a maker of the treatment, as they disclosed.")


class Evidence(Shape):
    """Works cited for the statement, the doctors who cite them, and works that were retracted and do not count."""

    cited: int
    doctors: int
    retracted: int


class Provenance(Shape):
    """Counted stances declared with an answer and without prose; answers coded by editors, which never count."""

    declared: int
    cosigned: int
    editor_coded: int


class Imported(Shape):
    """Copied answers as two editors coded them, apart from the counted stances. `of` is how many there are."""

    of: int
    counts: Counts
    not_addressed: int
    unclear: int
    waiting: int
    uncoded: int


class Consensus(Shape):
    """Where the doctors stand on one statement, worked out from the stances at `computed_at`."""

    question: int
    statement: str
    statement_key: str
    kind: StatementRow.Kind
    language: Language
    counts: Counts
    n: int = Field(description="How many stances are counted.")
    not_addressed: int = Field(description="Answers that say nothing of the statement, or that say they do not address it.")
    not_counted: list[NotCounted]
    label: Verdict
    side: Side
    capped_by: list[Cap] = Field(description="What holds the label below what the counts alone would give.")
    p: float | None = Field(
        description="Bound on the chance of so large a group if no position were held by more than half of such doctors; "
        "null below five stances. The doctors are no random sample."
    )
    answers_to_overturn: int | None = Field(
        description="Fewest further answers after which the direction no longer holds; null below five, and when more than ten."
    )
    contested: float = Field(description="0 to 1, for sorting lists only.")
    coverage: Coverage
    conditions: list[ConditionLine]
    interest: Interest
    evidence: Evidence
    provenance: Provenance
    imported: Imported | None
    blind: int = Field(description="Counted stances recorded before the doctor opened the other answers here.")
    changed: int = Field(description="Counted stances changed after discussion.")
    algorithm: str = Field(description="Names the rule and its levels; see docs/consensus.md.")
    computed_at: datetime
