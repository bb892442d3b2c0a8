from datetime import date

import pytest
from django.test import Client

from consilium.doctors.actions import end_of, grant_credential, revoke_credential
from tests.factories import make_answer, make_doctor, make_person, make_question, make_source, make_specialty
from tests.web.pages import links, signed_in, words

pytestmark = pytest.mark.django_db


def test_doctors_with_most_answers_come_first_and_ratings_do_not_count() -> None:
    rated = make_doctor("Rated Alderbrook", source_rating="5.0", source_reviews=900)
    busy = make_doctor("Busy Larkfield")
    make_answer(make_question(), doctor=busy)
    found = [href for href in links(Client().get("/doctors/")) if href.startswith("/doctors/")]
    assert found == [busy.get_absolute_url(), rated.get_absolute_url()]


def test_filter_by_specialty() -> None:
    neurology = make_specialty("Neurology", "Neurologist")
    inside, outside = make_doctor("Nora Inwood", specialty=neurology), make_doctor("Dora Outwood")
    response = Client().get("/doctors/?specialty=neurology")
    assert inside.get_absolute_url() in links(response)
    assert outside.get_absolute_url() not in links(response)


def test_older_pages_keep_the_specialty() -> None:
    neurology = make_specialty("Neurology", "Neurologist")
    made = {make_doctor(specialty=neurology).get_absolute_url() for _ in range(23)}
    first = Client().get("/doctors/?specialty=neurology")
    second = Client().get("/doctors/" + links(first, "//a[@rel='next']/@href")[0])
    both = {href for response in (first, second) for href in links(response) if href.startswith("/doctors/doctor-")}
    assert both == made


def test_a_copied_profile_says_that_nobody_confirmed_it() -> None:
    source = make_source(name="An old page")
    doctor = make_doctor(source=source, badge="Gold member", source_rating="4.8", source_reviews=48, city_text="Marin")
    said = words(Client().get(doctor.get_absolute_url()))
    assert "This profile was made from a saved page of an unknown site. Nobody has confirmed it." in said
    assert "Gold member, as shown by the source" in said
    assert "4.8 out of 5 from 48 patient reviews, as shown by the source" in said
    assert "Dermatologist, Marin" in said


def test_a_claimed_profile_says_that_the_licence_is_not_checked() -> None:
    doctor = make_doctor(person=make_person())
    said = words(Client().get(doctor.get_absolute_url()))
    assert "took over this profile" in said
    assert "Licence not checked yet." in said


def test_an_invented_doctor_says_so() -> None:
    doctor = make_doctor(invented=True, source_rating="4.1", source_reviews=3)
    said = words(Client().get(doctor.get_absolute_url()))
    assert "This doctor is invented for the demonstration." in said
    assert "as shown by the source" not in said


def test_answers_are_listed_newest_first_and_link_to_their_place() -> None:
    doctor = make_doctor()
    older, newer = make_answer(make_question(), doctor=doctor), make_answer(make_question(), doctor=doctor)
    found = links(Client().get(doctor.get_absolute_url()), "//article//a/@href")
    assert found == [newer.get_absolute_url(), older.get_absolute_url()]


@pytest.mark.parametrize("answers", [1, 15])
def test_queries_do_not_grow(answers: int, django_assert_num_queries: object) -> None:
    doctor = make_doctor()
    for _ in range(answers):
        make_answer(make_question(), doctor=doctor)
    with django_assert_num_queries(4):  # type: ignore[operator]  # doctor, answers; where doctors stand, credentials
        Client().get(doctor.get_absolute_url())
    with django_assert_num_queries(2):  # type: ignore[operator]
        Client().get("/doctors/")


def test_a_confirmed_licence_is_told_in_words_and_when_it_is_taken_back() -> None:
    editor, visitor = make_person("secret-editor@example.org", roles=("editor",), display_name="Edda Secret"), Client()
    doctor = make_doctor(person=make_person())
    question = make_question()
    make_answer(question, doctor=doctor)
    address = doctor.get_absolute_url()
    before = visitor.get(address)
    assert "Not checked yet" in words(before, "//dl")
    credential = grant_credential(editor=editor, doctor=doctor, jurisdiction="Examplia", expires_at=end_of(date(2999, 12, 31)))
    after = visitor.get(address, headers={"If-None-Match": before["ETag"]})
    assert after.status_code == 200
    said = words(after, "//dl")
    assert "Licence to practise, Examplia: proof seen by an editor" in said
    assert "last day: 31 December 2999" in said
    assert "Edda" not in after.content.decode()
    assert "secret-editor" not in after.content.decode()
    for page in (address, "/doctors/", question.get_absolute_url()):
        assert "Licence confirmed" in words(visitor.get(page)), page
    revoke_credential(editor=editor, credential=credential, reason="A private matter.")
    gone = visitor.get(address, headers={"If-None-Match": after["ETag"]})
    assert "no longer confirmed since" in words(gone, "//dl")
    assert "private" not in gone.content.decode()
    for page in (address, "/doctors/", question.get_absolute_url()):
        assert "Licence no longer confirmed" in words(visitor.get(page)), page


def test_editors_find_the_way_to_what_is_confirmed() -> None:
    doctor = make_doctor()
    address = f"/editor/doctors/{doctor.slug}/"
    assert address in links(signed_in(make_person(roles=("editor",))).get(doctor.get_absolute_url()))
    for client in (Client(), signed_in(make_person(roles=("moderator",)))):
        assert address not in links(client.get(doctor.get_absolute_url()))


def test_a_visitors_copy_of_a_profile_without_answers_is_renewed_too() -> None:
    editor, doctor, visitor = make_person(roles=("editor",)), make_doctor(person=make_person()), Client()

    def tag() -> str:
        return visitor.get(doctor.get_absolute_url())["ETag"]

    bare = tag()
    first = grant_credential(editor=editor, doctor=doctor, jurisdiction="Examplia")
    confirmed = tag()
    grant_credential(editor=editor, doctor=doctor, jurisdiction="Elsewhere")
    twice = tag()
    revoke_credential(editor=editor, credential=first, reason="It ended.")
    assert len({bare, confirmed, twice, tag()}) == 4
