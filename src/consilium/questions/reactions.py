"""What questions do when something happened. Called by the journal's delivery alone; each may run twice."""

from django.utils import timezone

from consilium.journal.models import Entry
from consilium.questions import actions
from consilium.questions.models import Answer, Question, QuestionTopic, Stance


def renew_pages_of_doctor(entry: Entry) -> None:
    """A doctor's name, badge, rating or verification changed: every question they answered or stand on shows it."""
    answered = Answer.objects.filter(doctor=_number(entry)).values_list("question", flat=True)
    stood = Stance.objects.filter(doctor=_number(entry)).values_list("statement__question", flat=True)
    actions.bump({*answered, *stood})


def end_stances_of_doctor(entry: Entry) -> None:
    """A profile was taken back from its account: nobody who holds it later has said what was said under it."""
    Stance.objects.current().filter(doctor=_number(entry), withdrawn_at=None).update(withdrawn_at=timezone.now())


def renew_pages_of_topic(entry: Entry) -> None:
    """A topic was renamed: every question about it shows it."""
    actions.bump(QuestionTopic.objects.filter(topic=_number(entry)).values_list("question", flat=True))


def relate(entry: Entry) -> None:
    """A question is new or changed: find its related ones, and let them find it."""
    question = _number(entry)
    for number in [question, *actions.relate_by_topics(question)]:
        actions.relate_by_topics(number)


def relate_imported(entry: Entry) -> None:
    """A batch came in: `questions` holds the first and last number of its questions."""
    first, last = entry.data["questions"]
    for number in Question.objects.filter(pk__gte=first, pk__lte=last).order_by("pk").values_list("pk", flat=True).iterator():
        actions.relate_by_topics(number)


def suggest_named(entry: Entry) -> None:
    """A batch came in: what its source names as duplicates is put before the editors."""
    first, last = entry.data["questions"]
    actions.suggest_named(first=first, last=last)


def _number(entry: Entry) -> int:
    return int(entry.subject.partition(":")[2])
