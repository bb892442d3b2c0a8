"""Variants and suggestions: who may, what happens, what is refused."""

import pytest

from consilium.questions import actions
from consilium.questions.models import Question, Suggestion
from tests.factories import make_person, make_question, make_statement

pytestmark = pytest.mark.django_db


def variant_of(canonical: Question, **fields: object) -> Question:
    said = {"title": "May I, while pregnant?", "body": "", "language": "en", "topics": [], "difference": "I am pregnant."}
    return actions.ask(person=make_person(), variant_of=canonical, **(said | fields))


class TestAskingAVariant:
    def test_it_starts_with_the_statements_of_the_other(self) -> None:
        canonical = make_question()
        make_statement(canonical, "It is safe.")
        make_statement(canonical, "It works.", kind="effective")
        made = variant_of(canonical, statements=[("It is safe.", "safe"), ("It lasts.", "fact")])
        assert (made.variant_of, made.difference) == (canonical, "I am pregnant.")
        found = list(made.statements.order_by("place").values_list("text", "kind"))
        assert found == [("It is safe.", "safe"), ("It works.", "effective"), ("It lasts.", "fact")]

    def test_four_statements_are_the_most(self) -> None:
        canonical = make_question()
        for n in range(4):
            make_statement(canonical, f"Claim {n} holds.")
        assert variant_of(canonical, statements=[("It lasts.", "fact")]).statements.count() == 4

    def test_of_a_variant_is_a_variant_of_the_same_question(self) -> None:
        canonical = make_question()
        assert variant_of(variant_of(canonical)).variant_of == canonical

    def test_the_pages_of_all_in_the_group_are_renewed(self) -> None:
        canonical = make_question()
        first = variant_of(canonical)
        versions = dict(Question.objects.values_list("pk", "version"))
        variant_of(canonical)
        for pk in (canonical.pk, first.pk):
            assert Question.objects.get(pk=pk).version > versions[pk]

    def test_of_one_that_can_be_read_no_more_is_refused(self) -> None:
        canonical = make_question(state="withdrawn")
        with pytest.raises(actions.NotAllowed, match="cannot be read any more"):
            variant_of(canonical)
        assert Question.objects.count() == 1

    def test_a_hundred_are_the_most(self) -> None:
        canonical = make_question()
        made = [Question(title=f"May I, being {n}?", variant_of=canonical, difference=f"I am {n}.") for n in range(100)]
        Question.objects.bulk_create(made[:99])
        last = variant_of(canonical)
        with pytest.raises(actions.NotAllowed, match="100 other situations already"):
            variant_of(last)
        other = make_question()
        with pytest.raises(actions.NotAllowed, match="100 other situations already"):
            actions.make_variant(person=make_person(roles=("editor",)), question=other, canonical=canonical, difference="Older.")


class TestMakingAVariant:
    def test_its_own_variants_follow(self) -> None:
        root, other = make_question(), make_question()
        below = variant_of(other)
        actions.make_variant(person=make_person(roles=("editor",)), question=other, canonical=root, difference="Older.")
        below.refresh_from_db()
        assert below.variant_of == root

    def test_the_question_that_leads_cannot_become_one_of_its_own(self) -> None:
        root = make_question()
        below = variant_of(root)
        with pytest.raises(actions.NotAllowed, match="variant of this one already"):
            actions.make_variant(person=make_person(roles=("editor",)), question=root, canonical=below, difference="Older.")

    def test_and_no_more(self) -> None:
        made = variant_of(make_question())
        ended = actions.end_variant(person=make_person(roles=("editor",)), question=made)
        assert (ended.variant_of, ended.difference) == (None, "")
        with pytest.raises(actions.NotAllowed, match="not a variant"):
            actions.end_variant(person=make_person(roles=("editor",)), question=made)

    def test_only_by_an_editor(self) -> None:
        with pytest.raises(actions.NotAllowed, match="Only an editor"):
            actions.make_variant(person=make_person(), question=make_question(), canonical=make_question(), difference="Older.")


class TestSuggestions:
    def test_a_pair_is_suggested_once_whoever_names_which_first(self) -> None:
        one, other = make_question(), make_question()
        person = make_person()
        first = actions.suggest(question=one, other=other, person=person)
        assert (first.question, first.other) == (other, one)
        assert actions.suggest(question=other, other=one, person=person) == first
        assert actions.suggest_found(question=one.pk, others={other.pk: 0.9}) == 0

    def test_what_an_editor_declined_is_suggested_no_more(self) -> None:
        one, other = make_question(), make_question()
        actions.suggest_found(question=other.pk, others={one.pk: 0.9})
        actions.decline(person=make_person(roles=("editor",)), suggestion=Suggestion.objects.get())
        actions.suggest_found(question=other.pk, others={one.pk: 0.95})
        assert Suggestion.objects.get().state == "declined"
        assert not Suggestion.objects.waiting().exists()

    def test_joining_confirms_it(self) -> None:
        one, other = make_question(), make_question()
        actions.suggest_found(question=other.pk, others={one.pk: 0.9})
        actions.merge(person=make_person(roles=("editor",)), question=one, canonical=other)
        assert Suggestion.objects.get().state == "confirmed"

    def test_ten_a_day(self) -> None:
        person, one = make_person(), make_question()
        others = [make_question() for _ in range(11)]
        for other in others[:10]:
            actions.suggest(question=one, other=other, person=person)
        with pytest.raises(actions.NotAllowed, match="ten suggestions today"):
            actions.suggest(question=one, other=others[10], person=person)

    def test_of_what_cannot_be_read_none(self) -> None:
        one, other = make_question(), make_question()
        actions.suggest_found(question=other.pk, others={one.pk: 0.9})
        Question.objects.filter(pk=one.pk).update(state="withdrawn")
        assert not Suggestion.objects.waiting().exists()
        with pytest.raises(actions.NotAllowed, match="cannot be read"):
            actions.suggest(question=other, other=one, person=make_person())

    def test_the_worker_finds_three_for_a_question_the_nearest(self) -> None:
        one, *others = [make_question() for _ in range(6)]
        cosines = {other.pk: 0.9 + place / 100 for place, other in enumerate(others)}
        assert actions.suggest_found(question=one.pk, others=cosines) == 3
        kept = {min(row.cosine for row in Suggestion.objects.all()), Suggestion.objects.count()}
        assert kept == {0.92, 3}
        assert actions.suggest_found(question=one.pk, others=cosines) == 0
        assert actions.suggest_found(question=others[0].pk, others={one.pk: 0.9}) == 1, "another question has its own three"

    def test_what_a_source_names_is_suggested_once(self) -> None:
        one, other, hidden = make_question(), make_question(), make_question(state="withdrawn")
        for pair in ((one, other), (other, one), (one, hidden)):
            pair[0].links.create(other=pair[1], kind="duplicate")
        one.links.create(other=other, kind="related")
        assert actions.suggest_named(first=one.pk, last=other.pk) == 1
        assert actions.suggest_named(first=one.pk, last=other.pk) == 0
        found = Suggestion.objects.get()
        assert (found.question, found.other, found.cosine, found.suggested_by) == (other, one, 0.0, None)
        assert actions.suggest_found(question=one.pk, others={make_question().pk: 0.9}) == 1, "it takes nobody's place"


def test_of_related_questions_that_are_gone_nothing_is_stored() -> None:
    one, other = make_question(), make_question()
    assert actions.set_related({one.pk: [other.pk, 10**9], 10**9: [one.pk]}) == {one.pk}
    assert list(one.links.values_list("other", flat=True)) == [other.pk]
