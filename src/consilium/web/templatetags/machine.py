"""What pages say to programs: canonical address, social cards, feeds, structured data."""

from collections.abc import Sequence
from typing import Any

from django import template
from django.template import RequestContext
from django.utils.safestring import SafeString

from consilium.evidence.models import Work
from consilium.lib.markdown import plain
from consilium.questions.models import Question
from consilium.topics.models import Topic
from consilium.web import addresses, cards, jsonld
from consilium.web.shown import ShownAnswer

register = template.Library()


@register.inclusion_tag("components/machine_head.html", takes_context=True)
def machine_head(
    context: RequestContext, title: str, description: str = "", kind: str = "website", feed: str = ""
) -> dict[str, Any]:
    """Canonical address, description and social card of a public page; `feed` is the path of its Atom feed."""
    request = context["request"]
    return {
        "title": title,
        "description": " ".join(plain(description).split()),
        "kind": kind,
        "url": addresses.canonical(request),
        "feed": feed,
        "site_name": context["site"]["name"],
    }


@register.simple_tag(takes_context=True)
def page_address(context: RequestContext) -> str:
    """The whole canonical address of this page, for paper."""
    return addresses.canonical(context["request"])


@register.simple_tag(takes_context=True)
def whole_address(context: RequestContext, path: str) -> str:
    """A path of this site as a whole address."""
    return addresses.base(context["request"]) + path


@register.simple_tag(takes_context=True)
def qapage_jsonld(
    context: RequestContext, question: Question, answers: Sequence[ShownAnswer], topics: Sequence[Topic]
) -> SafeString:
    """The structured data of a question page, or nothing when there is nothing to say."""
    data = jsonld.document(question, answers, topics, addresses.base(context["request"]))
    return jsonld.script(data) if data else SafeString()


@register.filter
def source(work: Work) -> cards.Source:
    """A cited work in the parts that components/source.html writes."""
    return cards.source(work)
