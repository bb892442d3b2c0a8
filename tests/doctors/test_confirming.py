"""The operator confirms licences on the command line; practices."""

import io
import json
from datetime import UTC, datetime

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db.models import Max

from consilium.consensus import reading
from consilium.doctors.actions import Refused, grant_credential, set_practice
from consilium.doctors.models import Credential, Practice
from consilium.topics.models import Specialty
from tests.factories import make_doctor, make_person, make_question, make_specialty, make_stance, make_statement

pytestmark = pytest.mark.django_db


def profile(*arguments: str) -> str:
    out = io.StringIO()
    call_command("profile", *arguments, stdout=out)
    return out.getvalue()


def test_the_operator_confirms_a_licence_and_takes_it_back() -> None:
    doctor, question = make_doctor("Ada Brightwater", person=make_person()), make_question()
    make_stance(make_statement(question), doctor=doctor)
    assert reading.panel_of(question).statements[0].n == 0
    said = profile("verify", doctor.slug, "--jurisdiction", "Examplia", "--expires", "2999-12-31")
    assert said == "Done. What Ada Brightwater, MD says counts now until 2999-12-31.\n"
    credential = Credential.objects.get()
    assert (credential.jurisdiction, credential.checked_by, credential.level) == ("Examplia", None, Credential.Level.SEEN)
    assert credential.expires_at is not None
    assert credential.expires_at.isoformat() == "2999-12-31T23:59:59+00:00"
    assert reading.panel_of(question).statements[0].n == 1
    assert json.loads(profile("show", doctor.slug, "--json"))["verified"] is True
    assert profile("revoke", doctor.slug, "--reason", "left the register") == "Done. What the doctor says no longer counts.\n"
    credential.refresh_from_db()
    assert credential.reason == "left the register"
    assert reading.panel_of(question).statements[0].n == 0
    assert json.loads(profile("show", doctor.slug, "--json"))["verified"] is False
    assert profile("revoke", doctor.slug, "--reason", "again") == "Nothing to do: nothing was confirmed.\n"


def test_a_licence_is_confirmed_for_a_person_not_for_a_profile_that_nobody_holds() -> None:
    doctor, editor = make_doctor(), make_person(roles=("editor",))
    with pytest.raises(CommandError, match=f"Hand it over first: consilium profile claim {doctor.slug} EMAIL"):
        profile("verify", doctor.slug, "--jurisdiction", "Examplia")
    with pytest.raises(Refused, match="Nobody holds this profile"):
        grant_credential(editor=editor, doctor=doctor, jurisdiction="Examplia")
    assert not Credential.objects.exists()
    profile("claim", doctor.slug, str(make_person().email))
    profile("verify", doctor.slug, "--jurisdiction", "Examplia")
    assert Credential.objects.get().expires_at is None


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["verify", "{slug}"], "--jurisdiction"),
        (["verify", "{slug}", "--jurisdiction", " "], "write 1 to 80 characters"),
        (["verify", "{slug}", "--jurisdiction", "x" * 81], "write 1 to 80 characters"),
        (["verify", "{slug}", "--jurisdiction", "X", "--expires", "soon"], "'soon' is not a day; write it as YYYY-MM-DD"),
        (["verify", "{slug}", "--jurisdiction", "X", "--expires", "2001-01-01"], "2001-01-01 has passed"),
        (["revoke", "{slug}"], "--reason"),
        (["verify", "nobody", "--jurisdiction", "X"], "there is no profile 'nobody'"),
    ],
)
def test_wrong_usage_says_why_and_changes_nothing(arguments: list[str], why: str) -> None:
    doctor = make_doctor(person=make_person())
    with pytest.raises(CommandError, match=why):
        profile(*(part.format(slug=doctor.slug) for part in arguments))
    assert not Credential.objects.exists()


def test_a_practice_is_found_however_its_name_is_written() -> None:
    editor, one, two = make_person(roles=("editor",)), make_doctor(), make_doctor()
    first = set_practice(editor=editor, doctor=one, name="  Praxis  Übersee ")
    assert first is not None
    assert first.name == "Praxis Übersee"
    assert set_practice(editor=editor, doctor=two, name="PRAXIS ÜBERSEE") == first
    assert Practice.objects.count() == 1
    assert set_practice(editor=editor, doctor=two, name=" ") is None
    with pytest.raises(Refused):
        set_practice(editor=make_person(), doctor=two, name="Elsewhere")


def test_the_time_of_a_roster_only_grows_whatever_the_clock_does() -> None:
    """Copies of pages are compared by it: the second change of one moment, or one after a clock was set back, shows too."""
    fields = ("Dermatology", "Neurology")
    doctors = [make_doctor(person=make_person(), specialty=make_specialty(noun)) for noun in fields]
    editor = make_person(roles=("editor",))
    seen = []
    for moment, doctor in [(12, 0), (12, 1), (11, 0), (11, 1)]:
        with time_machine.travel(datetime(2026, 3, 4, moment, tzinfo=UTC), tick=False):
            grant_credential(editor=editor, doctor=doctors[doctor], jurisdiction="Examplia")
        seen.append(Specialty.objects.aggregate(latest=Max("roster_at"))["latest"])
    assert seen == sorted(set(seen))
