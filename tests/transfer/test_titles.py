"""Which topics a copied page gets by its title."""

import pytest

from consilium.lib.text import fold
from consilium.topics.actions import load_specialties
from consilium.topics.models import Topic, TopicSynonym
from consilium.topics.vocabulary import load_topics
from consilium.transfer.titles import topics_in_titles
from tests.factories import make_topic

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("title", "slugs"),
    [
        ("Does Botox help a patient with MS?", ["botulinum-toxin", "multiple-sclerosis"]),
        ("Does botox help a patient with ms?", ["botulinum-toxin"]),
        ("Ms Roe asks: is “BOTOX” allowed?", ["botulinum-toxin"]),
        ("Is 'MS' (relapsing–remitting MS) painful?", ["multiple-sclerosis"]),
        ("My lupus and the sun", ["lupus"]),
        ("BoNT-A at 80?", ["botulinum-toxin"]),
        ("May I take toxina botulinica?", ["botulinum-toxin"]),
        ("Botoxed for years", []),
        ("", []),
        ("?!", []),
    ],
)
def test_names_and_synonyms_of_the_shipped_topics_as_whole_words(title: str, slugs: list[str]) -> None:
    load_specialties()
    load_topics()
    assert topics_in_titles()(title) == tuple(f"topic/{slug}" for slug in slugs)


def test_the_longest_name_comes_first_and_a_word_counts_once() -> None:
    for name in ("Skin", "Skin cancer", "Cancer of the skin", "Laser"):
        make_topic(name, key=name)
    topics = topics_in_titles()
    assert topics("Skin cancer after laser") == ("Laser", "Skin cancer")
    assert topics("Is cancer of the SKIN rare? My skin is fair.") == ("Cancer of the skin", "Skin")
    assert topics("Skin, cancer") == ("Skin cancer",)


def test_the_topic_that_is_called_so_has_the_word() -> None:
    sleep = make_topic("Sleep", key="sleep")
    TopicSynonym.objects.create(topic=sleep, name="Insomnia", folded=fold("Insomnia"))
    make_topic("Insomnia", key="insomnia")
    Topic.objects.create(key="sign", name="…", folded="…", slug="sign")  # a name without a word is in no title
    assert topics_in_titles()("Insomnia …") == ("insomnia",)
