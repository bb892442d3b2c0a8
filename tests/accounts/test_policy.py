"""The policy table, cell by cell: every kind of visitor against every action in every state."""

from itertools import product

import pytest

from consilium.accounts.policy import POLICY, can, standing

VISITORS = {
    "stranger": standing(signed_in=False, doctor=False, roles=frozenset()),
    "patient": standing(signed_in=True, doctor=False, roles=frozenset()),
    "doctor": standing(signed_in=True, doctor=True, roles=frozenset()),
    "editor": standing(signed_in=True, doctor=False, roles=frozenset({"editor"})),
    "moderator": standing(signed_in=True, doctor=False, roles=frozenset({"moderator"})),
    "clinical_moderator": standing(signed_in=True, doctor=False, roles=frozenset({"clinical_moderator"})),
    "admin": standing(signed_in=True, doctor=False, roles=frozenset({"admin"})),
}
EVERYBODY = frozenset(VISITORS)
MEMBERS = EVERYBODY - {"stranger"}
EDITORS = {"editor", "admin"}

# What is allowed, written down a second time on purpose: action and state → (who may, who may only as the owner).
ALLOWED = {
    ("question.read", "open"): (EVERYBODY, ()),
    ("question.read", "closed"): (EVERYBODY, ()),
    ("question.read", "archived"): (EVERYBODY, ()),
    ("question.read", "duplicate"): (EVERYBODY, ()),
    ("question.ask", ""): (MEMBERS, ()),
    ("question.answer", "open"): ({"doctor"}, ()),
    ("question.edit", "open"): ((), MEMBERS),
    ("question.withdraw", "open"): ((), MEMBERS),
    ("question.withdraw", "closed"): ((), MEMBERS),
    ("question.withdraw", "duplicate"): ((), MEMBERS),
    **{(f"question.{verb}", state): (EDITORS, ()) for verb in ("merge", "vary") for state in ("open", "closed", "archived")},
    **{("question.suggest", state): (MEMBERS, ()) for state in ("open", "closed", "archived")},
    ("question.unmerge", "duplicate"): (EDITORS, ()),
    ("question.follow", "open"): (MEMBERS, ()),
    ("question.follow", "closed"): (MEMBERS, ()),
    ("question.follow", "archived"): (MEMBERS, ()),
    ("question.reopen", "archived"): ({"editor", "admin"}, ()),
    ("question.reopen", "closed"): ({"editor", "admin"}, ()),
    ("answer.read", "published"): (EVERYBODY, ()),
    ("answer.vote", "published"): (MEMBERS, ()),
    ("answer.edit", "published"): ((), MEMBERS),
    ("answer.withdraw", "published"): ((), MEMBERS),
    ("answer.code", "published"): (EDITORS, ()),
    ("statement.add", "open"): (EDITORS, MEMBERS),
    ("statement.add", "archived"): (EDITORS, ()),
    ("statement.add", "closed"): (EDITORS, ()),
    ("statement.edit", "active"): (EDITORS, MEMBERS),
    ("statement.retire", "active"): (EDITORS, ()),
    ("stance.declare", "open"): ({"doctor"}, ()),
    ("stance.affirm", "open"): ({"doctor"}, ()),
    ("stance.affirm", "closed"): ({"doctor"}, ()),
    ("stance.affirm", "archived"): ({"doctor"}, ()),
    ("question.invite", "open"): (MEMBERS, ()),
    ("question.reconsider", "open"): (EDITORS, ()),
    ("editor.open", ""): (EDITORS, ()),
    ("site.status", ""): ({"admin"}, ()),
    ("topic.needs", ""): (EDITORS, ()),
    ("doctor.practice", ""): (EDITORS, ()),
    ("citation.edit", ""): (EDITORS, ()),
    ("claim.request", ""): (MEMBERS, ()),
    ("claim.withdraw", "requested"): ((), MEMBERS),
    ("claim.decide", "requested"): (EDITORS, ()),
    ("credential.grant", ""): (EDITORS, ()),
    ("credential.revoke", ""): (EDITORS, ()),
}
STATES = {
    "question": ["", "open", "closed", "archived", "withdrawn", "duplicate", "nonsense"],
    "answer": ["", "published", "withdrawn", "nonsense"],
    "statement": ["", "open", "closed", "archived", "active", "retired", "nonsense"],
    "stance": ["", "open", "closed", "archived", "withdrawn", "nonsense"],
    "editor": ["", "nonsense"],
    "site": ["", "nonsense"],
    "doctor": ["", "nonsense"],
    "topic": ["", "nonsense"],
    "citation": ["", "nonsense"],
    "claim": ["", "requested", "approved", "nonsense"],
    "credential": ["", "nonsense"],
}
ACTIONS = sorted({action for action, _ in POLICY})


@pytest.mark.parametrize("action", ACTIONS)
def test_every_cell(action):
    for visitor, state, owner in product(VISITORS, STATES[action.partition(".")[0]], (False, True)):
        always, as_owner = ALLOWED.get((action, state), ((), ()))
        expected = visitor in always or (owner and visitor in as_owner)
        assert can(VISITORS[visitor], action, state, owner=owner) is expected, (visitor, state, owner)


def test_an_unknown_action_is_nobodys():
    assert not any(can(who, "question.burn", "open", owner=True) for who in VISITORS.values())


def test_a_role_is_worth_nothing_without_signing_in():
    assert standing(signed_in=False, doctor=True, roles=frozenset({"admin"})) == frozenset({"anyone"})
