"""Single values as pages write them: numbers, times, addresses, text that may be HTML."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from lxml import etree
from lxml.html import fromstring

from consilium.lib.markdown import HTML, MARKDOWN
from consilium.transfer.plain import as_markdown, tidy

_TAG: Final = re.compile(
    r"</?(?:p|br|div|span|a|b|i|em|strong|ul|ol|li|blockquote|code|pre|h[1-6]|table|img|sub|sup|hr|script|style)\b[^>]*>",
    re.IGNORECASE,
)
_ENTITY: Final = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z]{2,8});", re.IGNORECASE)


def whole_number(value: Any) -> int | None:
    """3, "3", 3.0 or "1,234" as a number; None for anything else."""
    try:
        number = Decimal(str(value).replace(",", "").strip())
        return int(number) if number == number.to_integral_value() and abs(number) < 2**31 else None
    except (InvalidOperation, ValueError):
        return None


def stars(value: Any, best: Any) -> Decimal | None:
    """A rating on a scale of five, one decimal; None on another scale (we show what the source showed, or nothing)."""
    try:
        number, scale = Decimal(str(value).replace(",", ".")), Decimal(str(best if best is not None else 5))
        return number.quantize(Decimal("0.1")) if scale == 5 and 0 <= number <= 5 else None
    except InvalidOperation:
        return None


def moment(value: Any) -> datetime | None:
    """An ISO 8601 time or day in UTC; without a zone it is taken as UTC. None if it is no time."""
    text = str(value or "").strip()
    try:
        if len(text) == len("2020-01-01"):
            return datetime.combine(date.fromisoformat(text), time(), UTC)
        found = datetime.fromisoformat(text)
        return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None


def web_address(value: Any, base: str) -> str:
    """An absolute http or https address of at most 500 characters, or ""."""
    if not isinstance(value, str) or not value.strip() or value.startswith("_:"):  # "_:" names a node of an RDF graph
        return ""
    try:
        address = urljoin(base, value.strip())
        parts = urlsplit(address)
    except ValueError:
        return ""
    return address if parts.scheme in {"http", "https"} and parts.hostname and len(address) <= 500 else ""


def one_line(value: Any) -> str:
    """A name or title as plain text in one line; "" for anything else."""
    text = str(value or "") if isinstance(value, str | int | float) else ""
    if _TAG.search(text) or _ENTITY.search(text):
        try:
            text = "".join(str(part) for part in fromstring(f"<div>{text}</div>").itertext())
        except etree.LxmlError:
            text = _TAG.sub("", text)
    return tidy(text)


def body(value: Any) -> tuple[str, str]:
    """A text and its format: HTML as it is (shown sanitised), anything else as Markdown that shows just that."""
    text = str(value or "").strip()
    if _TAG.search(text) or _ENTITY.search(text):
        return text, HTML
    lines, starts = [], True
    for raw in text.splitlines():
        line = tidy(raw)
        if line:
            lines.append((line, starts))
        starts = not line
    return as_markdown(lines), MARKDOWN
