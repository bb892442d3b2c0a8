"""Doctors' profiles: what they show, who holds them, and the cities."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction

from consilium.doctors import actions
from consilium.doctors.cities import load_cities
from consilium.doctors.models import City, Credential, Doctor
from consilium.doctors.standing import profile_of, who
from consilium.questions.models import Question
from tests.factories import make_answer, make_doctor, make_person, make_question, make_specialty, make_verified

pytestmark = pytest.mark.django_db


def make_city(**fields):
    return City.objects.create(**{"id": 1, "name": "San Diego", "folded": "san diego", "country": "US", "admin1": "CA"} | fields)


@pytest.mark.parametrize(
    ("fields", "line"),
    [
        ({}, "Dermatologist"),
        ({"city_text": "Marin"}, "Dermatologist, Marin"),
        ({"specialty": None, "specialty_text": "Skin person"}, "Skin person"),
        ({"specialty": None}, ""),
        ({"specialty": None, "city_text": "Marin"}, "Marin"),
    ],
)
def test_the_title_line_shows_what_is_known(fields, line):
    assert make_doctor(**fields).title_line == line


def test_our_own_city_is_shown_before_the_sources_word():
    assert make_doctor(city=make_city(), city_text="SD").place == "San Diego, CA"
    assert make_city(id=2, name="Vienna", country="AT", admin1="09").label == "Vienna, Austria"
    assert make_city(id=3, name="Nowhere", country="US", admin1="").label == "Nowhere, United States"
    assert make_city(id=4, name="Nowhere", country="QQ", admin1="").label == "Nowhere, QQ"


def test_names_that_are_alike_get_addresses_that_differ():
    slugs = [actions.create(name=name).slug for name in ("Ada Example", "Ada Example", "Ada  Éxample", "医者", "?!", "?!")]
    assert len(set(slugs)) == 6
    assert slugs[:2] == ["ada-example", "ada-example-2"]


def test_a_profile_is_claimed_by_one_person_who_has_no_other():
    doctor, other, person = make_doctor(), make_doctor(), make_person()
    actions.claim(doctor=doctor, person=person)
    actions.claim(doctor=doctor, person=person)
    with pytest.raises(actions.AlreadyClaimed):
        actions.claim(doctor=doctor, person=make_person())
    with pytest.raises(actions.AlreadyClaimed):
        actions.claim(doctor=other, person=person)
    doctor.refresh_from_db()
    assert (doctor.person, doctor.is_claimed) == (person, True)
    assert "doctor" in who(person)


def test_releasing_takes_the_right_to_answer_and_keeps_the_answers():
    question = make_question()
    answer = make_answer(question)
    actions.release(doctor=answer.doctor)
    doctor = Doctor.objects.get(pk=answer.doctor.pk)
    assert (doctor.is_claimed, doctor.claimed_at, doctor.answers.count()) == (False, None, 1)
    assert profile_of(answer.written_by.__class__.objects.get(pk=answer.written_by.pk)) is None


def test_a_change_renews_every_page_that_names_the_doctor():
    question, other = make_question(), make_question()
    answer = make_answer(question)
    versions = dict(Question.objects.values_list("pk", "version"))
    actions.change(doctor=answer.doctor, badge="Community hero")
    now = dict(Question.objects.values_list("pk", "version"))
    assert now[question.pk] == versions[question.pk] + 1
    assert now[other.pk] == versions[other.pk]


@pytest.mark.parametrize("wrong", [{"name": ""}, {"kind": "robot"}, {"source_rating": "5.1"}, {"source_rating": "-0.1"}])
def test_the_database_refuses_what_no_profile_can_be(wrong):
    with pytest.raises(IntegrityError), transaction.atomic():
        Doctor.objects.create(**{"name": "Ada", "slug": "ada"} | wrong)


def test_a_claim_needs_a_time():
    with pytest.raises(IntegrityError), transaction.atomic():
        Doctor.objects.create(name="Ada", slug="ada", person=make_person())


def test_the_shipped_cities_load_once():
    number = load_cities()
    assert number == City.objects.count() > 30_000
    assert load_cities() == number
    assert City.objects.filter(folded="san diego").order_by("-population")[0].label == "San Diego, CA"


def test_the_command_makes_hands_over_shows_and_takes_back(capsys):
    make_specialty()
    make_person("ada@example.org")
    call_command("profile", "new", "Ada Example", "--credentials", "MD", "--specialty", "dermatology")
    call_command("profile", "claim", "ada-example", "ADA@example.org")
    call_command("profile", "show", "ada-example", "--json")
    shown = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert shown == {"name": "Ada Example, MD", "title": "Dermatologist", "place": "", "claimed": True, "verified": False}
    call_command("profile", "release", "ada-example")
    assert not Doctor.objects.get().is_claimed


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("new", "Ada", "--specialty", "nonsense"), "there is no specialty"),
        (("claim", "nobody", "ada@example.org"), "there is no profile"),
        (("claim", "nobody", "stranger@example.org"), "nobody has signed up"),
        (("release", "nobody"), "there is no profile"),
        (("show", "nobody"), "there is no profile"),
    ],
)
def test_the_command_says_what_is_wrong(arguments, sentence):
    make_person("ada@example.org")
    with pytest.raises(CommandError, match=sentence):
        call_command("profile", *arguments)


def test_a_profile_taken_back_takes_what_was_checked_with_it() -> None:
    doctor = make_verified()
    actions.release(doctor=doctor)
    credential = doctor.credentials_held.get()
    assert credential.revoked_at is not None
    assert not credential.holds()
    assert not Credential.objects.valid().exists()
