"""What the page of a joined question shows: the words as they were asked, and the answers that stayed with them."""

from typing import Any

from django.http import HttpRequest

from consilium.accounts.models import Person
from consilium.accounts.policy import can
from consilium.doctors.standing import who
from consilium.questions import joined
from consilium.questions.models import Merge, Question
from consilium.web import access, gate, shown
from consilium.web.joined import page


def parts(request: HttpRequest, question: Question) -> dict[str, Any]:
    """A constant number of queries, and one for each merge that its address follows.

    Answers that stayed are among those which a doctor who takes a stance on the other page has not read.
    """
    person, found = access.person_of(request), joined.end(question.pk, request.user)
    rows = list(question.answers.readable_by(request.user).on_page(request.user).order_by("place", "id"))
    own = [row for row in rows if gate.is_of(request.user, row)]
    before = gate.shut(found, request.user) if found and rows != own else None
    if found and not before and rows != own and request.method != "HEAD":
        gate.note(request.user, found)
    remarks = list(question.comments.select_related("source_author").order_by("id"))
    return {
        "question": question, "joined": found, "address": page(found) if found else "",
        "answers": shown.answers(own if before else rows, remarks, person.pk if person else None), "gate": before,
        "comments": [one for one in remarks if one.answer_id is None],
        **(_rights(person, question) if person else {}),
    }  # fmt: skip


def _rights(person: Person, question: Question) -> dict[str, Any]:
    """What this reader can do: take the question back, undo the merge."""
    standing, owner = who(person), question.asked_by_id == person.pk
    merge: Merge | None = None
    if can(standing, "question.unmerge", question.state):
        merge = question.merges.filter(undone_at=None).first()
    return {
        "may_withdraw": can(standing, "question.withdraw", question.state, owner=owner),
        "merge": merge if merge and merge.reversible else None,
    }
