"""What time alone changes: a stance that nobody affirmed for five years, or a check of a licence that has run out.

Everything else that changes a panel raises the question's version. Version and these times together say whether a copy
of the panel is still right, without working it out.
"""

from datetime import datetime

from django.db.models import Max, Model, OuterRef, QuerySet, Subquery
from django.utils import timezone

from consilium.consensus.counting import HOLDS_FOR
from consilium.doctors.models import Credential
from consilium.questions.models import Stance


def marks(now: datetime | None = None) -> dict[str, Subquery]:
    """Annotations for a query of questions: when the last credential behind its stances ran out (`ended`), and when the last
    stance that has faded since was affirmed (`faded`); None: none has.
    """
    now = now or timezone.now()
    stances = Stance.objects.current().filter(statement__question=OuterRef("pk"), affirmed_at__lte=now - HOLDS_FOR)
    credentials = Credential.objects.filter(doctor__stances__statement__question=OuterRef("pk"), expires_at__lte=now)
    return {
        "ended": _latest(credentials, "doctor__stances__statement__question", "expires_at"),
        "faded": _latest(stances, "statement__question", "affirmed_at"),
    }


def changed(changed_at: datetime, ended: datetime | None, faded: datetime | None) -> datetime:
    """When the page of a question with these marks last changed, by somebody's hand or by time."""
    return max(changed_at, ended or changed_at, faded + HOLDS_FOR if faded else changed_at)


def _latest(rows: QuerySet[Model], by: str, field: str) -> Subquery:
    return Subquery(rows.order_by().values(by).annotate(latest=Max(field)).values("latest"))
