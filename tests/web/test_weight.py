"""What a reader loads to see a question with nine answers."""

import gzip
import re
from pathlib import Path

import pytest
from django.test import Client

import consilium.web
from consilium.consensus import actions as consensus
from consilium.evidence.models import Citation, Work
from consilium.questions.models import QuestionLink
from consilium.topics.actions import set_need
from tests.factories import make_answer, make_question, make_specialty, make_stance, make_statement, make_topic, make_verified

CSS = Path(consilium.web.__file__).parent / "static" / "consilium" / "css"
KB = 1024
# As many words as the answers of the design's drawing have.
BODY = (
    "There is nothing to suggest that it makes this illness worse, and I have seen no such case. What gives me pause is the "
    "timing.\n\nTell the specialist who treats you which area is planned and at what dose. If they agree I start low and "
    "look at it again after two weeks."
)


def nine_answers() -> str:
    """A page as full as the drawing: an empty chair, conditions, sources, a filter, four related questions."""
    topic = make_topic(kind="treatment")
    set_need(topic=topic, specialty=make_specialty("Neurology", "Neurologist"), role="primary")
    question = make_question("Is it safe for me, with what I have?", topics=(topic,))
    statement = make_statement(question, "It is acceptable for someone with this illness.")
    for number, value in enumerate(("no", "no", "yes_if", "yes_if", "yes_if", "yes_if", "yes", "yes", "yes")):
        doctor = make_verified(f"Leila Haddad {number}")
        answer = make_answer(question, doctor=doctor, headline="Small doses, but ask first", body=BODY)
        make_stance(statement, value, doctor=doctor, answer=answer)
        if number > 5:
            work = Work.objects.create(
                key=f"doi:10.1/{number}", doi=f"10.1/{number}", kind="rct", title="A trial of it", year=2020
            )
            Citation.objects.create(work=work, answer=answer, statement=statement)
    for rank in range(4):
        other = make_question(f"Is this other question like it {rank}?")
        make_stance(make_statement(other))
        QuestionLink.objects.create(question=question, other=other, kind="related", rank=rank)
        consensus.keep(other)
    consensus.keep(question)
    return question.get_absolute_url()


@pytest.mark.django_db
def test_a_question_page_with_its_style_sheets() -> None:
    page = Client().get(nine_answers()).content
    sheets = re.findall(r'<link rel="stylesheet" href="[^"]*css/(\w+)[^"]*">', page.decode())
    assert "question" in sheets
    assert "pages" not in sheets, "what other pages need is not loaded here"
    styles = [(CSS / f"{name}.css").read_bytes() for name in sheets]
    assert len(page) + sum(map(len, styles)) <= 60 * KB
    assert sum(len(gzip.compress(part, 6)) for part in (page, *styles)) <= 16 * KB
    assert page.count(b"<article") == 9
