"""What the index holds of a question, a doctor and a topic. Plain data: no database, no index."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

WHOLE_LIMIT = 2_000  # characters of a question with its answers of which a vector is made; the model reads less


class Kind(StrEnum):
    """What a result is; the value starts its key in the index."""

    QUESTION = "q"
    DOCTOR = "d"
    TOPIC = "t"


@dataclass(frozen=True, slots=True)
class Passage:
    """A text and its language (a BCP 47 tag)."""

    text: str
    language: str = "en"


@dataclass(frozen=True, slots=True)
class QuestionText:
    """A question as it is found: `texts` are its situation, body, statements, visible answers; the rest is what filters ask.

    `listed` is in seconds since 1970. `label` is where the doctors stand on the first statement, "" without one.
    """

    number: int
    title: Passage
    texts: Sequence[Passage] = ()
    topics: Sequence[int] = ()
    specialties: Sequence[int] = ()
    answers: int = 0
    cites: bool = False
    label: str = ""
    listed: int = 0

    kind = Kind.QUESTION

    @property
    def digest(self) -> int:
        """Changes with everything but the label, which time alone may change and which readers ask the database for."""
        texts = [(passage.text, passage.language) for passage in (self.title, *self.texts)]
        return _digest([texts, list(self.topics), list(self.specialties), self.answers, self.cites, self.listed])

    @property
    def whole(self) -> str:
        """The question with its answers, as the vector of both is made from."""
        return "\n".join([self.title.text, *(passage.text for passage in self.texts)])[:WHOLE_LIMIT]

    @property
    def meant(self) -> str:
        """Changes with the words that vectors are made of; kept beside them."""
        plain = f"{self.title.text}\0{self.whole}".encode("utf-8", "surrogatepass")
        return hashlib.blake2b(plain, digest_size=16).hexdigest()


@dataclass(frozen=True, slots=True)
class NamedText:
    """A doctor or a topic: `names` are compared first, then `about`."""

    kind: Kind
    number: int
    names: Sequence[str]
    about: Sequence[str] = field(default_factory=tuple)

    @property
    def digest(self) -> int:
        return _digest([list(self.names), list(self.about)])


Document = QuestionText | NamedText


def key(kind: Kind, number: int) -> str:
    """What names a document in the index."""
    return f"{kind.value}{number}"


def _digest(content: object) -> int:
    """63 bits of a hash: what fits a signed column."""
    plain = json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(plain, digest_size=8).digest()) >> 1
