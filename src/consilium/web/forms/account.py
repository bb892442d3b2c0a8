"""allauth's forms in our words: no placeholder repeats a label, no password is asked for twice, errors say what to do."""

from typing import Any, ClassVar

from allauth.account import forms as allauth
from allauth.account.models import EmailAddress
from django import forms
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from consilium.accounts.models import Person

Words = str | Promise
_INVALID_EMAIL = _("Enter an e-mail address such as name@example.org")
_NEW_PASSWORD = _(
    "12 characters or more. A few words in a row are easy to keep in mind. "
    "Not your e-mail address, and not a password that many people use."
)


class _Plain:
    """What our forms share. `labels` and `hints` are by field name."""

    labels: ClassVar[dict[str, Words]] = {}
    hints: ClassVar[dict[str, Words]] = {}
    fields: dict[str, forms.Field]
    _labels: ClassVar[dict[str, Words]] = {
        "login": _("E-mail address"),
        "email": _("E-mail address"),
        "password": _("Password"),
        "password1": _("Password"),
        "oldpassword": _("Password you have now"),
    }
    _missing: ClassVar[dict[str, Words]] = {
        "password1": _("Enter a password"),
        "oldpassword": _("Enter the password you have now"),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever mistypes a new password asks for a reset link: cheaper than typing it twice for everybody.
        self.fields.pop("password2", None)
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = str(self.labels.get(name, self._labels[name]))
            field.help_text = str(self.hints.get(name, _NEW_PASSWORD if name == "password1" else ""))
            mail = isinstance(field, forms.EmailField)
            missing = _("Enter your e-mail address") if mail else _("Enter your password")
            field.error_messages["required"] = str(self._missing.get(name, missing))
            if mail:
                field.error_messages["invalid"] = str(_INVALID_EMAIL)


class SignIn(_Plain, allauth.LoginForm):  # type: ignore[misc]  # allauth ships no types; so below
    pass


class SignUp(_Plain, allauth.SignupForm):  # type: ignore[misc]
    hints: ClassVar[dict[str, Words]] = {"email": _("You sign in with it. It is never shown to others.")}

    def try_save(self, request: HttpRequest) -> tuple[Person | None, HttpResponse | None]:
        """As allauth, but a known address takes as long as a new one, whose password is hashed."""
        if self.account_already_exists:
            make_password(self.cleaned_data["password1"])
        try:
            with transaction.atomic():
                result: tuple[Person | None, HttpResponse | None] = super().try_save(request)
        except IntegrityError:
            return None, self._too_late(request)
        return result

    def _too_late(self, request: HttpRequest) -> HttpResponse:
        """Somebody has signed up with this address since the form was checked: a double click, most often."""
        if settings.ACCOUNT_EMAIL_VERIFICATION != "mandatory":
            return redirect(settings.LOGIN_URL)
        response: HttpResponse = allauth.flows.signup.prevent_enumeration(request, email=self.cleaned_data["email"])
        return response


class NewEmail(_Plain, allauth.AddEmailForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, Words]] = {"email": _("New e-mail address")}
    hints: ClassVar[dict[str, Words]] = {"email": _("We send a link to it. Your address changes when you open the link.")}

    def save(self, request: HttpRequest) -> EmailAddress:
        """Keep the address in use, confirmed or not, until the new one is confirmed.

        allauth would throw away one that is not confirmed yet, and the person could not sign in any more.
        """
        waiting = EmailAddress.objects.filter(user=self.user, verified=False, primary=False)
        waiting.delete()
        address = EmailAddress.objects.create(user=self.user, email=self.cleaned_data["email"])
        allauth.flows.email_verification.send_verification_email_to_address(request, address)
        return address


class ChangePassword(_Plain, allauth.ChangePasswordForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, Words]] = {"password1": _("New password")}


class SetPassword(_Plain, allauth.SetPasswordForm):  # type: ignore[misc]
    pass


class ForgottenPassword(_Plain, allauth.ResetPasswordForm):  # type: ignore[misc]
    hints: ClassVar[dict[str, Words]] = {"email": _("The one you sign in with.")}


class ResetPassword(_Plain, allauth.ResetPasswordKeyForm):  # type: ignore[misc]
    labels: ClassVar[dict[str, Words]] = {"password1": _("New password")}


class Confirm(_Plain, allauth.ReauthenticateForm):  # type: ignore[misc]
    pass
