"""Everything that changes a question, an answer, a vote or a follow. One verb each; each ends in a fact."""

from consilium.questions.actions.answering import answer, edit_answer, withdraw_answer
from consilium.questions.actions.asking import ask, edit_question, update_question, withdraw_question
from consilium.questions.actions.errors import AlreadyAnswered, EditConflict, NotAllowed
from consilium.questions.actions.keeping import bump, recount, reopen, set_topics
from consilium.questions.actions.reading import follow, mark_seen, unfollow, unvote, vote

__all__ = [
    "AlreadyAnswered",
    "EditConflict",
    "NotAllowed",
    "answer",
    "ask",
    "bump",
    "edit_answer",
    "edit_question",
    "follow",
    "mark_seen",
    "recount",
    "reopen",
    "set_topics",
    "unfollow",
    "unvote",
    "update_question",
    "vote",
    "withdraw_answer",
    "withdraw_question",
]
