"""Accounts: addresses, roles, preferences."""

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from consilium.accounts import actions
from consilium.accounts.models import Person, Role
from consilium.journal.models import Entry
from tests.factories import PASSWORD, make_person

pytestmark = pytest.mark.django_db


def test_an_address_belongs_to_one_person_however_it_is_written():
    make_person("ada@example.org")
    with pytest.raises(IntegrityError), transaction.atomic():
        make_person("Ada@Example.org")


def test_people_without_an_address_are_many_and_cannot_sign_in():
    first, second = Person.objects.create_user(), Person.objects.create_user(email="")
    assert (first.email, second.email) == (None, None)
    assert not first.has_usable_password()
    assert authenticate(None, email=None, password=None) is None


def test_the_right_password_signs_in_and_a_wrong_one_does_not(rf):
    person = make_person("ada@example.org")
    assert authenticate(rf.post("/"), email="ada@example.org", password=PASSWORD) == person
    assert authenticate(rf.post("/"), email="ada@example.org", password="wrong") is None


def test_a_person_as_text_does_not_tell_the_address():
    person = make_person("ada@example.org")
    assert "ada" not in f"{person} {person!r}"


def test_a_role_is_given_once_taken_once_and_recorded():
    person = make_person()
    assert [actions.grant(person=person, role="editor") for _ in range(2)] == [True, False]
    assert Person.objects.get(pk=person.pk).roles == {"editor"}
    assert [actions.take(person=person, role="editor") for _ in range(2)] == [True, False]
    assert Person.objects.get(pk=person.pk).roles == frozenset()
    assert list(Entry.objects.order_by("id").values_list("fact", flat=True)) == ["account.role_granted", "account.role_taken"]


def test_the_database_refuses_a_role_that_does_not_exist():
    with pytest.raises(IntegrityError), transaction.atomic():
        Role.objects.create(person=make_person(), name="king")


def test_the_command_gives_and_takes_a_role(capsys):
    person = make_person("ada@example.org")
    call_command("role", "ADA@example.org", "moderator")
    assert person.roles == {"moderator"}
    call_command("role", "ada@example.org", "moderator")
    call_command("role", "ada@example.org", "moderator", "--take")
    assert not person.granted_roles.exists()
    assert capsys.readouterr().out.splitlines() == ["Done.", "Nothing to do: it was so already.", "Done."]


def test_the_command_says_when_nobody_has_this_address():
    with pytest.raises(CommandError, match="Let them sign up first"):
        call_command("role", "nobody@example.org", "editor")


def test_preferences_are_kept():
    person = make_person()
    actions.set_preferences(person=person, theme="dark", country="AT", time_zone="Europe/Vienna")
    person.refresh_from_db()
    assert (person.theme, person.country, person.time_zone) == ("dark", "AT", "Europe/Vienna")
