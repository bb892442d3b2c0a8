"""How allauth makes a person here, what it says to them, and what its mails look like."""

from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from consilium.accounts.models import Person

_PASSWORD_ADVICE = {
    "password_too_short": _("Use a password of %(min_length)d characters or more"),
    "password_too_common": _("Choose another password: this one is on the lists that attackers try first"),
    "password_too_similar": _("Choose a password that is not like your e-mail address"),
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    error_messages: ClassVar[dict[str, str | Promise]] = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": _("This account is closed. Write to the people who run this site."),
        "duplicate_email": _("Enter another e-mail address: this one is yours already"),
        "email_password_mismatch": _("Check the e-mail address and the password: no account has both"),
        "email_taken": _("There is an account with this e-mail address already. Sign in, or reset its password."),
        "enter_current_password": _("Enter the password you have now"),
        "incorrect_password": _("Enter the password you have now"),
        "invalid_password_reset": _("This link has been used or is too old. Ask for a new one."),
        "too_many_login_attempts": _("The password was wrong too often. Wait five minutes, then try again."),
        "rate_limited": _("That was too often. Wait a few minutes, then try again."),
    }

    def new_user(self, request: HttpRequest) -> Person:
        return Person()

    def populate_username(self, request: HttpRequest, user: Person) -> None:
        """People are known by their e-mail address alone; there is no user name to invent."""

    def clean_password(self, password: str, user: Person | None = None) -> str:
        """Every fault at once, each with what to do."""
        try:
            checked: str = super().clean_password(password, user)
        except ValidationError as error:
            raise ValidationError([_advice(fault) for fault in error.error_list]) from None
        return checked

    def is_safe_url(self, url: str) -> bool:
        """Only pages of the host that was asked: allauth would also take every other allowed host."""
        return url_has_allowed_host_and_scheme(
            url, allowed_hosts={self.request.get_host()}, require_https=self.request.is_secure()
        )

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: dict[str, str] | None = None
    ) -> EmailMessage:
        """Plain text, marked as sent by a program so that no other program answers it (RFC 3834)."""
        known = {"site_name": settings.CONFIG.site_name, **{name: _public(name, value) for name, value in context.items()}}
        marks = {"Auto-Submitted": "auto-generated", **(headers or {})}
        mail: EmailMessage = super().render_mail(template_prefix, email, known, headers=marks)
        return mail


def _advice(fault: ValidationError) -> ValidationError:
    words = _PASSWORD_ADVICE.get(fault.code or "")
    return ValidationError(words, code=fault.code, params=fault.params) if words else fault


def _public(name: str, value: Any) -> Any:
    # The Host header of a request must not decide where a link in a mail leads.
    if not settings.SITE_URL or not name.endswith("_url"):
        return value
    return settings.SITE_URL + urlsplit(value)._replace(scheme="", netloc="").geturl()
