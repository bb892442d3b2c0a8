"""Questions, answers, statements, stances, votes, follows, revisions, merges and what imports bring along."""

from consilium.questions.models.answer import Answer, AnswerOrigin, HelpfulVote
from consilium.questions.models.extras import Comment, QuestionLink, Revision
from consilium.questions.models.merging import REVERSIBLE, Merge, Moved, Suggestion
from consilium.questions.models.question import Follow, Question, QuestionTopic, SourceAuthor, Viewer
from consilium.questions.models.stance import (
    CONDITIONAL,
    Coding,
    ConditionJSON,
    ConditionKind,
    Disclosure,
    SeenAnswers,
    Stance,
    Statement,
    Value,
)

__all__ = [
    "CONDITIONAL",
    "REVERSIBLE",
    "Answer",
    "AnswerOrigin",
    "Coding",
    "Comment",
    "ConditionJSON",
    "ConditionKind",
    "Disclosure",
    "Follow",
    "HelpfulVote",
    "Merge",
    "Moved",
    "Question",
    "QuestionLink",
    "QuestionTopic",
    "Revision",
    "SeenAnswers",
    "SourceAuthor",
    "Stance",
    "Statement",
    "Suggestion",
    "Value",
    "Viewer",
]
