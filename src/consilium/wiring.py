"""Who reacts to what: the one place that knows all apps.

AT_ONCE runs inside the recording transaction, for what must never lag, such as the version numbers of the pages that
a doctor's rename touches. LATER is run by the worker. So a lower app can change what a higher page shows without
knowing the page.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from consilium.consensus import reactions as consensus
from consilium.doctors import facts as doctors
from consilium.evidence import facts as evidence
from consilium.evidence import reactions as sources
from consilium.journal import facts as journal
from consilium.journal import registry
from consilium.questions import facts as questions
from consilium.questions import reactions
from consilium.search import reactions as search
from consilium.topics import facts as topics
from consilium.transfer import facts as transfer

# What a doctor's change of standing does to every page and list that counts the doctor.
_DOCTOR: Final[Sequence[registry.Reaction]] = [reactions.renew_pages_of_doctor, consensus.expire_doctor]
# What changes the consensus of one question.
_QUESTION: Final[Sequence[str]] = [
    questions.WITHDRAWN, questions.ANSWERED, questions.ANSWER_WITHDRAWN, questions.STATEMENT_ADDED, questions.STATEMENT_EDITED,
    questions.STATEMENT_RETIRED, questions.STANCES_AFFIRMED, questions.STANCES_WITHDRAWN, questions.ANSWER_CODED,
    questions.CODING_REMOVED, evidence.CITED, evidence.CITATION_CHANGED, evidence.UNCITED,
]  # fmt: skip

# What changes the words of a question's page: the vectors that are made of them follow.
_WORDS: Final[Sequence[str]] = [
    questions.ASKED, questions.EDITED, questions.ANSWERED, questions.ANSWER_EDITED, questions.ANSWER_WITHDRAWN,
    questions.STATEMENT_ADDED, questions.STATEMENT_EDITED, questions.STATEMENT_RETIRED, questions.ANSWERS_MOVED,
    questions.VARIED,
]  # fmt: skip

AT_ONCE: Final[Mapping[str, Sequence[registry.Reaction]]] = {
    doctors.CHANGED: _DOCTOR,
    doctors.CLAIMED: _DOCTOR,
    doctors.RELEASED: [reactions.end_stances_of_doctor, *_DOCTOR],
    doctors.CREDENTIAL_GRANTED: _DOCTOR,
    doctors.CREDENTIAL_REVOKED: _DOCTOR,
    doctors.INTEREST_DECLARED: _DOCTOR,
    transfer.IMPORTED: [consensus.expire_imported],
    evidence.WORK_CHANGED: [consensus.expire_work],
    evidence.RETRACTED: [consensus.expire_work],
    topics.RENAMED: [reactions.renew_pages_of_topic],
    topics.NEEDS_CHANGED: [reactions.renew_pages_of_topic, consensus.expire_topic],
    questions.STANCES_DECLARED: [consensus.expire_question, consensus.note_invited],
    questions.ANSWERS_MOVED: [sources.follow_moved, consensus.expire_question],
    **{fact: [consensus.expire_question] for fact in _QUESTION},
}
_AFTERWARDS: Final[Mapping[str, Sequence[registry.Reaction]]] = {
    questions.ASKED: [search.relate],
    **{fact: [search.relate_again] for fact in (questions.MERGED, questions.UNMERGED, questions.VARIED)},
    questions.STANCES_DECLARED: [consensus.keep_question, consensus.reconsider_split],
    questions.ANSWERS_MOVED: [consensus.keep_question],
    **{fact: [consensus.keep_question] for fact in _QUESTION},
    questions.WITHDRAWN: [consensus.keep_question, search.relate_again],
    evidence.CITED: [consensus.keep_question, consensus.reconsider_guideline, sources.resolve_cited],
    doctors.CHANGED: [consensus.keep_doctor],
    doctors.CLAIMED: [consensus.keep_doctor],
    doctors.RELEASED: [consensus.keep_doctor],
    doctors.CREDENTIAL_GRANTED: [consensus.keep_doctor],
    doctors.CREDENTIAL_REVOKED: [consensus.keep_doctor],
    doctors.INTEREST_DECLARED: [consensus.keep_doctor],
    topics.NEEDS_CHANGED: [consensus.keep_topic],
    journal.DAY_BEGAN: [sources.recheck_daily, consensus.keep_expired],
    evidence.WORK_CHANGED: [consensus.keep_work],
    evidence.RETRACTED: [consensus.keep_work],
    transfer.IMPORTED: [search.relate_imported, reactions.suggest_named, consensus.keep_imported],
}
LATER: Final[Mapping[str, Sequence[registry.Reaction]]] = {
    **_AFTERWARDS,
    **{fact: [*_AFTERWARDS.get(fact, []), search.expect_vectors] for fact in _WORDS},
}
ROUNDS: Final[Sequence[registry.Round]] = [search.compute_vectors, search.find_related]


def wire() -> None:
    """Fill the journal's registry; called once when all apps are loaded."""
    registry.fill(AT_ONCE, LATER, ROUNDS)
