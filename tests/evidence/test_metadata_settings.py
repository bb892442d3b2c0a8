"""Whom the worker may ask is said in the settings alone, and a mistake there stops the start."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from consilium.config import load

URL = "CONSILIUM_METADATA_CROSSREF_URL"


def test_nobody_is_asked_unless_it_is_switched_on() -> None:
    assert load({}).metadata == "off"
    assert load({"CONSILIUM_METADATA": "crossref"}).metadata == "crossref"
    with pytest.raises(ImproperlyConfigured, match="CONSILIUM_METADATA"):
        load({"CONSILIUM_METADATA": "on"})


@pytest.mark.parametrize(
    "url", ["https://mirror.example/crossref/", "http://127.0.0.1:8080", "http://[::1]:8080/x", "http://localhost"]
)
def test_a_registry_is_reached_by_https_or_on_this_machine(url: str) -> None:
    assert load({URL: url}).metadata_crossref_url == url.rstrip("/")


@pytest.mark.parametrize(
    "url",
    [
        "", "mirror.example", "http://mirror.example", "http://127.0.0.1.evil.example", "ftp://mirror.example", "https://",
        "https://name:word@mirror.example", "https://mirror.example/?key=1", "https://mirror.example/#part", "file:///etc/passwd",
        "https://[broken",
    ],
)  # fmt: skip
def test_any_other_address_stops_the_start(url: str) -> None:
    for name in (URL, "CONSILIUM_METADATA_PUBMED_URL"):
        with pytest.raises(ImproperlyConfigured, match=f"{name}: "):
            load({name: url})
