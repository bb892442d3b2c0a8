"""The grammar of plain-text pages: where an answer starts and ends, and what belongs to whom."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from consilium.transfer import pages
from consilium.transfer.places import Directory
from consilium.transfer.records import AnswerRecord, BadInput, DoctorRecord, Note, Options, QuestionRecord, Skip, SourceRecord
from tests.transfer.sheets import BARE, COUNTER, DISCLAIMER, FULL, NAMELESS, TERSE, TITLE, answer, page, write

Read = Callable[[str | bytes], list[Any]]


def answers(records: list[Any]) -> list[AnswerRecord]:
    return [record for record in records if isinstance(record, AnswerRecord)]


def notes(records: list[Any]) -> list[str]:
    return [record.text for record in records if isinstance(record, Note)]


def test_a_whole_page(read: Read) -> None:
    records = read(page(FULL, TERSE))
    question = next(record for record in records if isinstance(record, QuestionRecord))
    assert (question.title, question.source_answer_count, question.state, question.source_votes) == (TITLE, 2, None, None)
    first, second = answers(records)
    assert (first.headline, first.place, first.source_helpful) == ("Stop it a week before", 1, None)
    assert first.body.count("\n\n") == 1
    assert first.origin is not None
    assert (first.origin.author_text, first.origin.credentials_text) == ("Wilma Quenby", "MD, PhD")
    assert (first.origin.specialty, first.origin.city_id, str(first.origin.rating), first.origin.review_count) == (
        "dermatology", 1, "4.8", 48,
    )  # fmt: skip
    assert (second.body, second.place) == ("No.", 2)
    assert notes(records) == []


def test_doctors_carry_what_the_page_shows(read: Read) -> None:
    doctors = [record for record in read(page(FULL, TERSE)) if isinstance(record, DoctorRecord)]
    assert [(doctor.name, doctor.credentials, doctor.kind, doctor.mention) for doctor in doctors] == [
        ("Wilma Quenby", "MD, PhD", "person", True),
        ("Odo Farnleigh", "DO", "person", True),
    ]


def test_an_answer_without_a_named_doctor_survives_and_says_so(read: Read) -> None:
    records = read(page(NAMELESS, FULL))
    first = answers(records)[0]
    assert first.doctor_key is None
    assert first.origin is not None
    assert (first.origin.specialty_text, first.origin.city_text, first.origin.review_count) == ("Plastic Surgeon", "New York", 30)
    assert notes(records) == ["answer 1 names no doctor; it is kept without one."]


def test_an_answer_without_byline_is_found_by_its_counter(read: Read) -> None:
    counted = FULL.replace("\n\n", f"\n\n{COUNTER}\n\n", 1)
    found = answers(read(page(BARE, counted, BARE)))
    assert [(one.headline, one.doctor_key is None) for one in found] == [
        ("I would wait", True), ("Stop it a week before", False), ("I would wait", True),
    ]  # fmt: skip
    assert all("{{" not in one.body for one in found)
    assert len({one.key for one in found}) == 3


def test_counters_with_a_number_are_the_votes_of_the_source(read: Read) -> None:
    one, two = answers(read(page(BARE.replace(COUNTER, "+3"), BARE.replace(COUNTER, "12 people found this helpful"))))
    assert (one.source_helpful, two.source_helpful) == (3, 12)


def test_a_bare_number_below_the_headline_is_a_counter_and_one_in_the_text_is_not(read: Read) -> None:
    one = answers(read(page(answer("How many days", "14", "The test needs fourteen days.", place="NYC Dermatologist"))))[0]
    assert (one.source_helpful, one.body) == (14, "The test needs fourteen days.")
    two = answers(read(page(answer("How many days", "The number of days is:", "14", place="NYC Dermatologist"))))[0]
    assert (two.source_helpful, two.body) == (None, "The number of days is:\n\n14")


def test_furniture_is_left_out_and_ends_an_answer_without_byline(read: Read) -> None:
    plain = "I would wait\n\nWaiting costs nothing here.\n\nYou might also like...\n\nWas this answer helpful?"
    found = answers(read(page(plain, FULL)))
    assert [one.headline for one in found] == ["I would wait", "Stop it a week before"]
    assert found[0].body == "Waiting costs nothing here."


def test_furniture_between_text_and_byline_does_not_part_them(read: Read) -> None:
    text = FULL.replace("\n\nWilma", "\n\nYou might also like...\n\nWilma")
    found = answers(read(page(text)))
    assert len(found) == 1
    assert found[0].origin is not None
    assert found[0].origin.author_text == "Wilma Quenby"


@pytest.mark.parametrize("end", [f" {DISCLAIMER}", f"\n\n{DISCLAIMER}"])
def test_furniture_just_above_the_disclaimer(read: Read, end: str) -> None:
    found = answers(read(page(FULL, end=f"\n\nYou might also like...{end}")))
    assert [(one.headline, "like" in one.body) for one in found] == [("Stop it a week before", False)]


def test_a_sentence_of_the_words_of_furniture_is_text(read: Read) -> None:
    assert answers(read(page(FULL.replace("\n\nWilma", "\n\nAsk a doctor.\n\nWilma"))))[0].body.endswith("Ask a doctor.")


@pytest.mark.parametrize("words", ["These answers are for informational purposes only.", DISCLAIMER])
def test_a_doctors_own_disclaimer_cuts_nothing(read: Read, words: str) -> None:
    found = answers(read(page(FULL.replace("\n\nWilma", f"\n\n{words}\n\nWilma"), TERSE)))
    assert [one.headline for one in found] == ["Stop it a week before", "Not on that day"]
    assert found[0].body.endswith(words)


def test_promotion_is_the_doctors_text(read: Read) -> None:
    text = BARE + "\n\nFor more information, please visit us online at:"
    assert answers(read(page(text)))[0].body.endswith("please visit us online at:")


@pytest.mark.parametrize("end", [f" {DISCLAIMER}", f"\n{DISCLAIMER}", f"\n\n\n{DISCLAIMER}\n\n", "", "\n"])
def test_the_disclaimer_goes_and_nothing_else(read: Read, end: str) -> None:
    plain = "I would wait\n\nWaiting costs nothing here."
    assert answers(read(page(plain, end=end)))[0].body == "Waiting costs nothing here."


def test_a_wrapped_disclaimer_goes_as_a_whole(read: Read) -> None:
    wrapped = DISCLAIMER.replace(". ", ".\n")
    records = read(page(FULL, end=f"\n\n{wrapped}\n"))
    assert len(answers(records)) == 1
    assert not [record for record in records if isinstance(record, Skip)]


def test_text_after_the_disclaimer_is_reported(read: Read) -> None:
    records = read(page(FULL) + "\n\nAll rights reserved.\n")
    skips = [record for record in records if isinstance(record, Skip)]
    assert [(skip.where.line > 10, skip.reason) for skip in skips] == [
        (True, "text after the disclaimer is not part of an answer.")
    ]


@pytest.mark.parametrize("badge", ["Dr Quenby\nRealAdvice100 Member", "RealAdvice100 Member", "Yours,\nRealAdvice100 Member"])
def test_a_badge_goes_to_the_doctor_and_a_signature_stays(read: Read, badge: str) -> None:
    records = read(page(FULL.replace("\n\nWilma", f"\n\n{badge}\n\nWilma")))
    one = answers(records)[0]
    assert one.origin is not None
    assert one.origin.badge == "RealAdvice100 Member"
    signature = badge.partition("\n")[0] if "\n" in badge else ""
    assert one.body.endswith(signature or "matter.")
    assert "RealAdvice" not in one.body
    assert next(record for record in records if isinstance(record, DoctorRecord)).badge == "RealAdvice100 Member"


def test_a_badge_that_ends_like_a_title(read: Read) -> None:
    one = answers(read(page(FULL.replace("\n\nWilma", "\n\nVerified Provider\n\nWilma"))))[0]
    assert one.origin is not None
    assert (one.origin.badge, one.body.endswith("matter.")) == ("Verified Provider", True)


def test_a_badge_is_no_text(read: Read) -> None:
    one = answers(
        read(page(answer("Ask first", badge="Top Contributor", author="Odo Farnleigh, DO", place="NYC Dermatologist")))
    )[0]
    assert one.origin is not None
    assert (one.origin.badge, one.body) == ("Top Contributor", "")


def test_a_badge_of_unknown_words_in_its_own_paragraph(read: Read) -> None:
    one = answers(read(page(FULL.replace("\n\nWilma", "\n\nCommunity Hero\n\nWilma"))))[0]
    assert one.origin is not None
    assert (one.origin.badge, one.body.endswith("matter.")) == ("Community Hero", True)


@pytest.mark.parametrize("line", ["Dr. Quenby", "Wilma Quenby", "Good luck", "Best Regards", "Quenby Skin Clinic", "San Diego"])
def test_a_signature_is_no_badge(read: Read, line: str) -> None:
    one = answers(read(page(FULL.replace("\n\nWilma", f"\n\n{line}\n\nWilma"))))[0]
    assert one.origin is not None
    assert (one.origin.badge, one.body.endswith(line)) == ("", True)


STARS = "4.8 out of 5 stars 48 reviews"
PAIR = "Wilma Quenby, MD and Odo Farnleigh, DO"
GROUP = "Quenby Plastic Surgery Group"


@pytest.mark.parametrize(
    ("byline", "author", "specialty", "city"),
    [
        ("Wilma Quenby, MD", "Wilma Quenby", "", ""),
        (f"Wilma Quenby, MD\n{STARS}", "Wilma Quenby", "", ""),
        ("Wilma Quenby, MD\nSan Diego Dermatologist", "Wilma Quenby", "Dermatologist", "San Diego"),
        ("Wilma Quenby, MD\nSan Diego Skin Whisperer", "Wilma Quenby", "San Diego Skin Whisperer", ""),
        (f"Wilma Quenby\nSan Diego Dermatologist\n{STARS}", "Wilma Quenby", "Dermatologist", "San Diego"),
        ("San Diego Dermatologist", "", "Dermatologist", "San Diego"),
        ("San Diego Dermatologist\n1 review", "", "Dermatologist", "San Diego"),
        (STARS, "", "", ""),
        (f"{GROUP}\nSeattle Plastic Surgeon\n4.6 out of 5 stars", GROUP, "Plastic Surgeon", "Seattle"),
        (f"{GROUP}\n{STARS}", GROUP, "", ""),
        (f"Quenby\nSan Diego Dermatologist\n{STARS}", "Quenby", "Dermatologist", "San Diego"),
        (f"Skin by quenby\nSan Diego Med Spa\n{STARS}", "Skin by quenby", "Med Spa", "San Diego"),
        ("Irvine Nurse Practitioner", "", "Nurse Practitioner", "Irvine"),
        (f"{PAIR}\nIrvine Dermatologist", PAIR, "Dermatologist", "Irvine"),
        (f"wilma quenby, MD\nSan Diego Dermatologist\n{STARS}", "wilma quenby, MD", "Dermatologist", "San Diego"),
        ("Wilma Quenby, MD\nSan Diego Dermatologist\nNot yet rated", "Wilma Quenby", "Dermatologist", "San Diego"),
        ("Wilma Quenby, RN (deactivated)", "Wilma Quenby (deactivated)", "", ""),
    ],
)
def test_bylines_of_all_kinds(read: Read, byline: str, author: str, specialty: str, city: str) -> None:
    found = answers(read(page(f"It is fine\n\nI see no harm in it.\n\n{byline}", TERSE)))
    assert [one.headline for one in found] == ["It is fine", "Not on that day"]
    assert found[0].body == "I see no harm in it."
    origin = found[0].origin
    assert origin is not None
    assert (origin.author_text, origin.specialty_text, origin.city_text) == (author, specialty, city)


def test_groups_are_groups(read: Read) -> None:
    text = "It is fine\n\nNo harm.\n\nWilma Quenby, MD and Odo Farnleigh, DO\nIrvine Dermatologist"
    doctor = next(record for record in read(page(text)) if isinstance(record, DoctorRecord))
    assert (doctor.kind, doctor.name, doctor.credentials) == ("group", "Wilma Quenby, MD and Odo Farnleigh, DO", "")


def test_a_headline_that_looks_like_a_byline_stays_a_headline(read: Read) -> None:
    text = answer("San Diego Dermatologist", "Ask one.", author="Odo Farnleigh, DO", place="NYC Dermatologist")
    found = answers(read(page(FULL, text)))
    assert [one.headline for one in found] == ["Stop it a week before", "San Diego Dermatologist"]


def test_a_headline_too_long_for_one_is_text(read: Read) -> None:
    long = "Wait with it, please, and think it over. " * 8
    one = answers(read(page(FULL.replace("Stop it a week before", long))))[0]
    assert (one.headline, one.body.startswith(f"{long.strip()}\n\nAn antihistamine")) == ("", True)


def test_a_question_too_long_for_a_title_is_kept_whole(read: Read) -> None:
    long = "May I " + "really " * 60 + "do it?"
    records = read(page(FULL, title=long, body="I am in a hurry."))
    question = next(record for record in records if isinstance(record, QuestionRecord))
    assert (question.title[-8:], len(question.title) <= 300, question.body) == (" really…", True, f"{long}\n\nI am in a hurry.")
    assert notes(records) == ["the question has more than 300 characters; they are in its text, the title is cut."]


def test_a_headline_equal_to_the_question(read: Read) -> None:
    assert answers(read(page(FULL.replace("Stop it a week before", TITLE))))[0].headline == TITLE


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n\n", "\n\n\n\n"),
        lambda text: text.replace("\n", "\n\n"),
        lambda text: text.replace("\n\n", "\n"),
        lambda text: text.replace("\n\nWilma", "\nWilma"),
        lambda text: text.replace("before\n\nAn", "before\nAn"),
        lambda text: text.replace(" ", "\u00a0"),
        lambda text: "\n\n  " + text.replace("\n", "  \n\t"),
    ],
)
def test_line_ends_and_empty_lines_do_not_matter(read: Read, change: Callable[[str], str]) -> None:
    found = answers(read(change(page(FULL, NAMELESS, TERSE))))
    assert [(one.headline, one.origin and one.origin.author_text) for one in found] == [
        ("Stop it a week before", "Wilma Quenby"), ("Ask first", ""), ("Not on that day", "Odo Farnleigh"),
    ]  # fmt: skip
    assert found[0].body.split()[0] == "An"


def test_a_number_that_does_not_fit_is_reported(read: Read) -> None:
    assert notes(read(page(FULL, TERSE, announced=5))) == ["the page announces 5 answers; 2 were found."]


def test_the_announced_number_parts_answers_that_run_into_each_other(read: Read) -> None:
    plain = "I would wait\n\nWaiting costs nothing here, and the test is then right."
    found = answers(read(page(plain, FULL, announced=2)))
    assert [one.headline for one in found] == ["I would wait", "Stop it a week before"]
    assert found[0].origin is not None
    assert found[0].origin.author_text == ""


def test_a_specialty_in_an_unknown_place_ends_an_answer_too(read: Read) -> None:
    plain = "I would wait\n\nWaiting costs nothing here, and the test is then right.\n\nNowhereville Dermatologist"
    for found in (answers(read(page(plain, FULL))), answers(read(page(FULL, plain)))[::-1]):
        assert [one.headline for one in found] == ["I would wait", "Stop it a week before"]
        origin = found[0].origin
        assert origin is not None
        assert (origin.city_text, origin.specialty, found[0].body.endswith("right.")) == ("Nowhereville", "dermatology", True)


def test_without_a_clear_place_to_part_they_stay_together_and_the_report_says_so(read: Read) -> None:
    records = read(page("Wait", "Just wait.", announced=7))
    assert len(answers(records)) == 1
    assert "the page announces 7 answers; 1 were found." in notes(records)


def test_the_question_may_have_a_body(read: Read) -> None:
    question = next(
        r for r in read(page(FULL, body="I take one every day.\n\nThe test is on Monday.")) if isinstance(r, QuestionRecord)
    )
    assert question.body == "I take one every day.\n\nThe test is on Monday."


@pytest.mark.parametrize("line", ["Doctor Answers (2)", "2 Doctor Answers", "DOCTOR ANSWERS: 2", "Answers (2)", "2 answers"])
def test_the_number_may_be_written_otherwise(read: Read, line: str) -> None:
    records = read(page(FULL, "I got\n\n2 answers").replace("Doctor Answers 2", line))
    assert (len(answers(records)), notes(records)) == (2, ["answer 2 names no doctor; it is kept without one."])


def test_a_question_without_answers(read: Read) -> None:
    records = read(page(announced=0))
    assert answers(records) == []
    assert notes(records) == []


def test_plain_text_never_becomes_markup(read: Read) -> None:
    one = answers(
        read(page(answer("Mind", "# 1 reason", "1. Take *two*_ <b>now</b> [x](y)", "- and\n- rest", place="NYC Dermatologist")))
    )[0]
    assert one.body == "\\# 1 reason\n\n1\\. Take \\*two\\*\\_ \\<b\\>now\\</b\\> \\[x\\](y)\n\n\\- and\\\n\\- rest"


def test_a_template_over_two_lines_and_one_within_text(read: Read) -> None:
    text = f"I would wait\n\n{COUNTER.replace(' ? ', chr(10) + '? ')}\n\nWait {{{{ n }}}} days."
    one = answers(read(page(text)))[0]
    assert (one.headline, one.body) == ("I would wait", "Wait days.")


def test_keys_do_not_depend_on_the_order_of_answers(read: Read) -> None:
    forth, back = answers(read(page(FULL, TERSE))), answers(read(page(TERSE, FULL)))
    assert [one.key for one in forth] == [one.key for one in reversed(back)]


def test_the_source_is_named_by_the_operator(tmp_path: Path, directory: Directory) -> None:
    options = Options(url="https://questions.example.org/7", licence="CC BY 4.0")
    source = next(iter(pages.page(write(tmp_path, page(FULL)), options, directory, lambda title: ())))
    assert isinstance(source, SourceRecord)
    assert (source.name, source.url, source.licence) == ("questions.example.org", options.url, "CC BY 4.0")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 0, "the file is empty"),
        ("\n\n  \n", 0, "the file is empty"),
        ("Just some text\n\nof two lines.", 0, 'no line "Doctor Answers N"'),
        ("Doctor Answers 4\n\nA headline", 1, "no question before this line"),
        (page(FULL, end="") + "\n\nDoctor Answers 2\n", 15, "a second page starts here"),
        (f"{page(FULL)}\n\n{page(TERSE)}", 19, "a second page starts here"),
    ],
)  # fmt: skip
def test_what_is_no_page_is_refused(read: Read, text: str, line: int, words: str) -> None:
    with pytest.raises(BadInput, match=words) as caught:
        read(text)
    assert caught.value.where.line == line
