"""What a question page says to programs: schema.org's QAPage while doctors can answer and somebody has, else a plain page.

No answer is ever "accepted". Figures that are unknown are left out, because 0 would be a claim. A pseudonym has no
address, so that nothing leads from it to another question.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.safestring import SafeString, mark_safe

from consilium.lib.markdown import plain
from consilium.questions.models import Answer, Question
from consilium.topics.models import Topic
from consilium.web.shown import Byline, ShownAnswer

# What a JSON text inside <script> must not contain literally: "</script>" and "<!--" would end or change the element.
_ESCAPES = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026", 0x2028: "\\u2028", 0x2029: "\\u2029"}

Data = dict[str, Any]


def document(question: Question, answers: Sequence[ShownAnswer], topics: Sequence[Topic], base: str) -> Data | None:
    """The page's data; None for an open question that nobody has answered. `base` is the site's address."""
    url = base + question.get_absolute_url()
    page = {"@context": "https://schema.org", "@id": url, "url": url, "inLanguage": question.language}
    if not question.takes_answers:
        about = [{"@type": "Thing", "name": topic.name} for topic in topics]
        known = _known({"name": question.title, "about": about, "dateModified": _time(question.changed_at)})
        return {**page, "@type": "MedicalWebPage", **known}
    if not answers:
        return None
    entity = _question(question, url)
    entity["answerCount"] = len(answers)
    entity["suggestedAnswer"] = [_answer(one, url, base) for one in answers]
    return {**page, "@type": "QAPage", "dateModified": _time(question.changed_at), "mainEntity": entity}


def script(data: Mapping[str, Any]) -> SafeString:
    """A data block for the head of a page, which no text in it can break out of."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  # escaped above


def _question(question: Question, url: str) -> Data:
    return {
        "@type": "Question",
        "@id": f"{url}#question",
        "name": question.title,
        **_known(
            {
                "text": plain(question.body_html) or question.title,
                "author": {"@type": "Person", "name": question.asker} if question.asker else None,
                "datePublished": _time(question.asked_at),
                "dateModified": _time(question.edited_at),
            }
        ),
    }


def _answer(shown: ShownAnswer, url: str, base: str) -> Data:
    answer = shown.answer
    return {
        "@type": "Answer",
        "@id": f"#a{answer.pk}",  # relative to the page, as JSON-LD in HTML is
        "url": f"{url}#a{answer.pk}",
        **_known(
            {
                "text": "\n".join(part for part in (answer.headline, plain(answer.body_html)) if part),
                "inLanguage": answer.language,
                "author": _author(shown.by, base),
                "datePublished": _time(answer.answered_at),
                "dateModified": _time(answer.edited_at),
                "upvoteCount": _upvotes(answer),
            }
        ),
    }


def _author(by: Byline, base: str) -> Data | None:
    if not by.name:
        return {"@type": "Person", "name": by.signed} if by.signed else None
    # The author of an answer is a Person; schema.org's Physician is an organisation.
    kind = "Organization" if by.group else "Person"
    title = by.title if not by.group else ""
    return {"@type": kind, "name": by.name, **_known({"url": base + by.url if by.url else "", "jobTitle": title})}


def _upvotes(answer: Answer) -> int | None:
    if answer.is_copy and answer.source_helpful is None:
        return None
    votes = answer.helpful_count + (answer.source_helpful or 0)
    return votes if votes >= 0 else None


def _known(data: Data) -> Data:
    return {name: value for name, value in data.items() if value is not None and value not in ("", [])}


def _time(at: datetime | None) -> str | None:
    return at.isoformat(timespec="seconds") if at else None
