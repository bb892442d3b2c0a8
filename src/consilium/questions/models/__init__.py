"""Questions, answers, votes, follows, revisions and what imports bring along."""

from consilium.questions.models.answer import Answer, AnswerOrigin, HelpfulVote
from consilium.questions.models.extras import Comment, QuestionLink, Revision
from consilium.questions.models.question import Follow, Question, QuestionTopic, SourceAuthor, Viewer

__all__ = [
    "Answer",
    "AnswerOrigin",
    "Comment",
    "Follow",
    "HelpfulVote",
    "Question",
    "QuestionLink",
    "QuestionTopic",
    "Revision",
    "SourceAuthor",
    "Viewer",
]
