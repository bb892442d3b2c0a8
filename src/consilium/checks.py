"""What `consilium check --deploy` finds missing before a site goes public."""

from collections.abc import Iterator
from importlib import import_module
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Warning  # noqa: A004 - Django's own name for it

from consilium.config import Config
from consilium.search import semantic


def public_site(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """Settings that are right on a laptop and wrong on a public site."""
    return list(_found(settings.CONFIG))


def language_model(app_configs: Any, **kwargs: Any) -> list[CheckMessage]:
    """A site that was set up for search by meaning and lacks the model; none without the extra."""
    # By name, because its models exist only when all apps are loaded.
    if not semantic.INSTALLED or import_module("consilium.search.actions").model() is not None:
        return []
    return [
        Warning("Search is by words alone: the language model is missing.", "Run `consilium model build`.", id="consilium.W005")
    ]


def _found(config: Config) -> Iterator[CheckMessage]:
    if not config.site_url:
        yield Warning("Links in mails and feeds have no public address.", "Set CONSILIUM_SITE_URL.", id="consilium.W001")
    elif config.site_url.startswith("https://") and not config.trusted_proxies:
        hint = "Set CONSILIUM_TRUSTED_PROXIES to the address of the reverse proxy that ends TLS."
        yield Warning("Every page would redirect to itself: nobody tells the server of TLS.", hint, id="consilium.W002")
    if not config.email_url:
        yield Warning("Mails stay in files, so nobody can confirm an address.", "Set CONSILIUM_EMAIL_URL.", id="consilium.W003")
    if config.demo:
        yield Warning("Every page says that its content is invented.", "Unset CONSILIUM_DEMO.", id="consilium.W004")
