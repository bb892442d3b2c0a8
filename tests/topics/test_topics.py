"""Topics and specialties."""

import pytest
from django.db import IntegrityError, transaction

from consilium.journal.models import Entry
from consilium.lib.text import fold
from consilium.questions.models import Question
from consilium.topics import actions, vocabulary
from consilium.topics.models import Specialty, SpecialtySynonym, Topic, TopicSynonym
from tests.factories import make_question, make_topic

pytestmark = pytest.mark.django_db


def test_the_shipped_specialties_load_once():
    number = actions.load_specialties()
    names = SpecialtySynonym.objects.count()
    assert number == Specialty.objects.count() >= 60
    assert actions.load_specialties() == number
    assert (Specialty.objects.count(), SpecialtySynonym.objects.count()) == (number, names)


def test_the_shipped_topics_load_once_and_leave_those_of_the_site_alone():
    own = make_topic("Lupus", description="Our own words.")
    number = vocabulary.load_topics()
    names = TopicSynonym.objects.count()
    assert number == Topic.objects.count() >= 60
    assert Topic.objects.get(slug="lupus").description == own.description
    assert Topic.objects.named("frown line injections").get().slug == "botulinum-toxin"
    assert vocabulary.load_topics() == number
    assert (Topic.objects.count(), TopicSynonym.objects.count()) == (number, names)


def test_no_two_shipped_topics_share_a_name():
    folded = [fold(name) for topic in vocabulary.shipped_topics() for name in (topic.name, *topic.synonyms)]
    assert [name for name in folded if folded.count(name) > 1] == []


def test_a_specialty_is_found_by_noun_title_and_synonym():
    actions.load_specialties()
    found = {
        SpecialtySynonym.objects.get(folded=fold(name)).specialty.slug
        for name in ("Cardiology", "CARDIOLOGIST", "heart specialist")
    }
    assert found == {"cardiology"}


def test_no_two_specialties_share_a_name():
    actions.load_specialties()
    nouns = [fold(noun) for noun in Specialty.objects.values_list("noun", flat=True)]
    titles = [fold(title) for title in Specialty.objects.values_list("title", flat=True)]
    assert len(set(nouns)) == len(nouns)
    assert len(set(titles)) == len(titles)
    for specialty in Specialty.objects.all():
        for name in (specialty.noun, specialty.title):
            assert SpecialtySynonym.objects.get(folded=fold(name)).specialty == specialty, name


def test_a_topic_is_found_by_any_of_its_names_once():
    topic = make_topic("Botulinum toxin")
    for name in ("Botox", "Botulinum toxin A"):
        TopicSynonym.objects.create(topic=topic, name=name, folded=fold(name))
    for name in ("botox", "BOTULINUM  toxin", "Bótox"):
        assert list(Topic.objects.named(name)) == [topic]
    assert not Topic.objects.named("bot")


def test_renaming_keeps_the_address_and_renews_the_pages():
    topic = make_topic("Botulinum toxin")
    question, other = make_question(topics=(topic,)), make_question()
    actions.rename(topic=topic, name="Botulinum toxin A", actor=None)
    topic.refresh_from_db()
    assert (topic.slug, topic.folded) == ("botulinum-toxin", "botulinum toxin a")
    versions = dict(Question.objects.values_list("pk", "version"))
    assert versions[question.pk] == question.version + 1
    assert versions[other.pk] == other.version
    assert Entry.objects.filter(fact="topic.renamed", subject=f"topic:{topic.pk}").count() == 1


def test_a_topic_needs_a_name_and_a_known_kind():
    for wrong in ({"name": ""}, {"name": "x", "kind": "sport"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Topic.objects.create(slug="s", **wrong)


def test_a_topic_without_latin_letters_has_an_address():
    assert make_topic("ボトックス").get_absolute_url().startswith("/topics/")
