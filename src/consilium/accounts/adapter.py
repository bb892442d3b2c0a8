"""How allauth makes a person here."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest

from consilium.accounts.models import Person


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def new_user(self, request: HttpRequest) -> Person:
        return Person()

    def populate_username(self, request: HttpRequest, user: Person) -> None:
        """People are known by their e-mail address alone; there is no user name to invent."""
