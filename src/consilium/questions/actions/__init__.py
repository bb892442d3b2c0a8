"""Everything that changes a question, an answer, a stance, a vote or a follow. One verb each; each ends in a fact."""

from consilium.questions.actions.answering import answer, edit_answer, withdraw_answer
from consilium.questions.actions.asking import ask, edit_question, is_answered, update_question, withdraw_question
from consilium.questions.actions.codings import BadCoding, check_reading, code, keep_coding, keep_codings, uncode
from consilium.questions.actions.errors import AlreadyAnswered, EditConflict, NotAllowed
from consilium.questions.actions.keeping import bump, hold_answer, recount, reopen, set_topics
from consilium.questions.actions.likeness import decline, end_variant, make_variant, suggest, suggest_found, suggest_named
from consilium.questions.actions.merging import merge, unmerge
from consilium.questions.actions.planning import Plan, plan
from consilium.questions.actions.reading import follow, mark_seen, unfollow, unvote, vote
from consilium.questions.actions.relating import relate_by_topics, related_of, set_related, sharing_topics
from consilium.questions.actions.stances import Interests, Said, affirm, declare, record_stances, see_answers, withdraw_stances
from consilium.questions.actions.statements import BadStatement, add_statement, edit_statement, retire_statement

__all__ = [
    "AlreadyAnswered",
    "BadCoding",
    "BadStatement",
    "EditConflict",
    "Interests",
    "NotAllowed",
    "Plan",
    "Said",
    "add_statement",
    "affirm",
    "answer",
    "ask",
    "bump",
    "check_reading",
    "code",
    "declare",
    "decline",
    "edit_answer",
    "edit_question",
    "edit_statement",
    "end_variant",
    "follow",
    "hold_answer",
    "is_answered",
    "keep_coding",
    "keep_codings",
    "make_variant",
    "mark_seen",
    "merge",
    "plan",
    "record_stances",
    "recount",
    "relate_by_topics",
    "related_of",
    "reopen",
    "retire_statement",
    "see_answers",
    "set_related",
    "set_topics",
    "sharing_topics",
    "suggest",
    "suggest_found",
    "suggest_named",
    "uncode",
    "unfollow",
    "unmerge",
    "unvote",
    "update_question",
    "vote",
    "withdraw_answer",
    "withdraw_question",
    "withdraw_stances",
]
