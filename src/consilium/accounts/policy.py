"""Who may do what: one table (action x state → who) and one `can()`. Views, actions and the authorization tests read it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

# Who: "anyone" (signed in or not), "patient" (anybody signed in), "doctor" (signed in, with a profile),
# "owner" (wrote the thing), and the names of roles.
ANYONE: Final = frozenset({"anyone"})
SIGNED_IN: Final = frozenset({"patient"})
DOCTOR: Final = frozenset({"doctor"})
OWNER: Final = frozenset({"owner"})
EDITORS: Final = frozenset({"editor", "admin"})
ADMINS: Final = frozenset({"admin"})
NOBODY: Final = frozenset[str]()

POLICY: Final[Mapping[tuple[str, str], frozenset[str]]] = MappingProxyType(
    {
        ("question.read", "open"): ANYONE,
        ("question.read", "closed"): ANYONE,
        ("question.read", "archived"): ANYONE,
        ("question.read", "withdrawn"): NOBODY,
        # The page it was merged into is read instead, and its own as it was asked: its text is no secret.
        ("question.read", "duplicate"): ANYONE,
        ("question.ask", ""): SIGNED_IN,
        ("question.answer", "open"): DOCTOR,
        ("question.edit", "open"): OWNER,
        ("question.withdraw", "open"): OWNER,
        ("question.withdraw", "closed"): OWNER,
        ("question.withdraw", "duplicate"): OWNER,
        ("question.follow", "open"): SIGNED_IN,
        ("question.follow", "closed"): SIGNED_IN,
        ("question.follow", "archived"): SIGNED_IN,
        # Product.md, life cycle of a question: an import is read only until an editor reopens it.
        ("question.reopen", "archived"): EDITORS,
        ("question.reopen", "closed"): EDITORS,
        **{("question.merge", state): EDITORS for state in ("open", "closed", "archived")},
        **{("question.vary", state): EDITORS for state in ("open", "closed", "archived")},
        **{("question.suggest", state): SIGNED_IN for state in ("open", "closed", "archived")},
        ("question.unmerge", "duplicate"): EDITORS,
        ("answer.read", "published"): ANYONE,
        ("answer.vote", "published"): SIGNED_IN,
        ("answer.edit", "published"): OWNER,
        ("answer.withdraw", "published"): OWNER,
        ("answer.code", "published"): EDITORS,
        ("statement.add", "open"): OWNER | EDITORS,
        ("statement.add", "archived"): EDITORS,
        ("statement.add", "closed"): EDITORS,
        ("statement.edit", "active"): OWNER | EDITORS,
        ("statement.retire", "active"): EDITORS,
        ("stance.declare", "open"): DOCTOR,
        # An imported answer can be affirmed by the doctor who wrote it, on a question that takes no new answers too.
        ("stance.affirm", "open"): DOCTOR,
        ("stance.affirm", "closed"): DOCTOR,
        ("stance.affirm", "archived"): DOCTOR,
        ("question.invite", "open"): SIGNED_IN,
        ("question.reconsider", "open"): EDITORS,
        ("editor.open", ""): EDITORS,
        ("site.status", ""): ADMINS,
        ("topic.needs", ""): EDITORS,
        ("citation.edit", ""): EDITORS,
        ("claim.request", ""): SIGNED_IN,
        ("claim.withdraw", "requested"): OWNER,
        ("claim.decide", "requested"): EDITORS,
        ("doctor.practice", ""): EDITORS,
        ("credential.grant", ""): EDITORS,
        ("credential.revoke", ""): EDITORS,
    }
)


def can(who: frozenset[str], action: str, state: str = "", *, owner: bool = False) -> bool:
    """Whether somebody who is `who` (see `standing`) may do `action` to a thing in `state`."""
    held = who | OWNER if owner and "patient" in who else who
    return bool(held & POLICY.get((action, state), NOBODY))


def standing(*, signed_in: bool, doctor: bool, roles: frozenset[str]) -> frozenset[str]:
    """The names under which the table knows a visitor."""
    if not signed_in:
        return ANYONE
    return ANYONE | SIGNED_IN | roles | (DOCTOR if doctor else NOBODY)
