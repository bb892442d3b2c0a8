"""Pure decisions about questions."""

from consilium.questions.rules.alias import new_alias
from consilium.questions.rules.statements import (
    CONDITION_LIMIT,
    CONDITIONS_OF_A_STANCE,
    QUOTE_LIMIT,
    STATEMENT_LIMIT,
    STATEMENTS_OF_A_QUESTION,
    WordingProblem,
    conditions_problem,
    negation,
    quote_found,
    wording_problem,
)  # fmt: skip
from consilium.questions.rules.threads import RELATED_LIMIT, is_own, most_related, with_update

__all__ = [
    "CONDITIONS_OF_A_STANCE", "CONDITION_LIMIT", "QUOTE_LIMIT", "RELATED_LIMIT", "STATEMENTS_OF_A_QUESTION", "STATEMENT_LIMIT",
    "WordingProblem", "conditions_problem", "is_own", "most_related", "negation", "new_alias", "quote_found", "with_update",
    "wording_problem",
]  # fmt: skip
