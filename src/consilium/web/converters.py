"""Parts of addresses; importing this makes them known."""

from django.urls import register_converter
from django.urls.converters import StringConverter


class WordConverter(StringConverter):
    """Words of any script; no NUL, which no database can look up."""

    regex = r"[^/\x00]+"


register_converter(WordConverter, "word")
