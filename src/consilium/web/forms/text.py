"""Text fields whose messages say what to do (GOV.UK wording), and which never cut what was typed."""

from typing import TYPE_CHECKING, Any

from django import forms

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


def one_line(
    *,
    label: "str | _StrPromise",
    limit: int,
    too_long: "str | _StrPromise",
    missing: "str | _StrPromise" = "",
    required: bool = True,
    **more: Any,
) -> forms.CharField:
    """One line of text; line breaks that a paste brought in become spaces."""
    return _OneLine(
        label=label,
        max_length=limit,
        required=required,
        error_messages={"required": missing, "max_length": too_long},
        widget=SoftLines,
        **more,
    )


def long_text(
    *,
    label: "str | _StrPromise",
    limit: int,
    too_long: "str | _StrPromise",
    missing: "str | _StrPromise" = "",
    required: bool = True,
    **more: Any,
) -> forms.CharField:
    """Paragraphs of restricted Markdown."""
    return forms.CharField(
        label=label,
        max_length=limit,
        required=required,
        error_messages={"required": missing, "max_length": too_long},
        widget=SoftArea(attrs={"rows": 8}),
        **more,
    )


class _OneLine(forms.CharField):
    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return " ".join(text.split()) if isinstance(text, str) else text


# A browser that knows maxlength cuts a pasted text without a word; the server says what is wrong and keeps all of it.
class SoftLine(forms.TextInput):
    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        attrs.pop("maxlength", None)
        return attrs


class SoftLines(forms.Textarea):
    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        attrs.pop("maxlength", None)
        return {**attrs, "rows": 2}


class SoftArea(forms.Textarea):
    def build_attrs(self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None) -> dict[str, Any]:
        attrs = super().build_attrs(base_attrs, extra_attrs)
        attrs.pop("maxlength", None)
        return attrs
