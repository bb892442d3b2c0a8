"""What time alone changes: a stance that nobody affirmed for five years, or a check of a licence that has run out.

Everything else that changes a panel raises the question's version. Version and these figures together say whether a
copy of the panel is still right, without working it out.
"""

from datetime import datetime

from django.db.models import Count, Model, OuterRef, QuerySet, Subquery
from django.utils import timezone

from consilium.consensus.counting import HOLDS_FOR
from consilium.doctors.models import Credential
from consilium.questions.models import Stance


def marks(now: datetime | None = None) -> dict[str, Subquery]:
    """Annotations for a query of questions: how many stances still hold, how many valid credentials stand behind them."""
    now = now or timezone.now()
    holding = Stance.objects.current().filter(statement__question=OuterRef("pk"), affirmed_at__gt=now - HOLDS_FOR)
    valid = Credential.objects.valid(now).filter(doctor__stances__statement__question=OuterRef("pk"))
    return {
        "holding": _number(holding, "statement__question"),
        "valid": _number(valid, "doctor__stances__statement__question"),
    }


def _number(rows: QuerySet[Model], by: str) -> Subquery:
    return Subquery(rows.order_by().values(by).annotate(n=Count("pk")).values("n"))
