"""The single lines around an answer."""

from decimal import Decimal

import pytest

from consilium.transfer.bylines import badge, counter, named_author, possible_author, rating


@pytest.mark.parametrize(
    ("line", "stars", "reviews"),
    [
        ("4.8 out of 5 stars 48 reviews", "4.8", 48),
        ("5.0 out of 5 stars 1 review", "5.0", 1),
        ("5 out of 5 stars", "5.0", None),
        ("4.75 out of 5 stars 1,048 reviews", "4.8", 1048),
        ("4.8 out of 5 stars (48 reviews)", "4.8", 48),
        ("4/5 - 12 ratings", "4.0", 12),
        ("7.5 out of 5 stars 3 reviews", None, 3),
        ("12 reviews", None, 12),
        ("No reviews yet", None, None),
    ],
)
def test_ratings(line: str, stars: str | None, reviews: int | None) -> None:
    found = rating(line)
    assert found is not None
    assert (found.stars, found.reviews) == (Decimal(stars) if stars else None, reviews)


@pytest.mark.parametrize("line", ["3 out of 5 patients feel better", "Five stars", "4.8", "I read 12 reviews of it", ""])
def test_no_ratings(line: str) -> None:
    assert rating(line) is None


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("{{ voteCount >= 0 ? '+' + (voteCount + 1) : (voteCount + 1) }}", (True, None)),
        ("+{{ votes }}", (True, None)),
        ("+3", (True, 3)),
        ("−2", (True, -2)),
        ("7 people found this helpful", (True, 7)),
        ("3", (False, None)),
        ("Take {{ amount }} of it", (False, None)),
    ],
)
def test_counters(line: str, found: tuple[bool, int | None]) -> None:
    assert counter(line) == found


@pytest.mark.parametrize(
    ("line", "name", "credentials", "group"),
    [
        ("Wilma Quenby, MD", "Wilma Quenby", "MD", False),
        ("Wilma J. Quenby, MD, PhD, FACS", "Wilma J. Quenby", "MD, PhD, FACS", False),
        ("Odo Farnleigh Jr., MD", "Odo Farnleigh Jr.", "MD", False),
        ("Odo Farnleigh, Jr., MD", "Odo Farnleigh, Jr.", "MD", False),
        ("Odo Farnleigh III, DDS", "Odo Farnleigh III", "DDS", False),
        ("Greet van der Bosk, M.D.", "Greet van der Bosk", "M.D.", False),
        ("Ana María O'Bril-Sánchez, RN, BSN", "Ana María O'Bril-Sánchez", "RN, BSN", False),
        ("Ivo Tarrant, PA-C", "Ivo Tarrant", "PA-C", False),
        ("Ivo Tarrant MD", "Ivo Tarrant", "MD", False),
        ("Dr. Ivo Tarrant, MBBS, FRCS(C)", "Ivo Tarrant", "MBBS, FRCS(C)", False),
        ("Ivo Tarrant, MD (deactivated)", "Ivo Tarrant", "MD", False),
        ("Ivo Tarrant (deactivated)", "Ivo Tarrant", "", False),
        ("Ivo Tarrant, MD and Bea Nolte, DO", "Ivo Tarrant, MD and Bea Nolte, DO", "", True),
        ("Ivo Tarrant, MD & Bea Nolte, DO", "Ivo Tarrant, MD & Bea Nolte, DO", "", True),
        ("Ivo Tarrant, MD, Bea Nolte, DO", "Ivo Tarrant, MD, Bea Nolte, DO", "", True),
        ("Luc d'Arbois, MD", "Luc d'Arbois", "MD", False),
        ("Maria dell'Orto-Penn, MD", "Maria dell'Orto-Penn", "MD", False),
        ("IVO Q. TARRANT, MD", "IVO Q. TARRANT", "MD", False),
        ("IVO TARRANT MD", "IVO TARRANT", "MD", False),
        ("林美玲, MD", "林美玲", "MD", False),
        ("سلمى نور, MD", "سلمى نور", "MD", False),
    ],
)
def test_authors_with_degrees(line: str, name: str, credentials: str, group: bool) -> None:
    found = named_author(line)
    assert found is not None
    assert (found.name, found.credentials, found.group) == (name, credentials, group)


def test_what_the_page_says_of_an_account_is_kept_in_the_shown_name() -> None:
    found = named_author("Ivo Tarrant, MD (deactivated)")
    assert found is not None
    assert found.shown == "Ivo Tarrant (deactivated)"


@pytest.mark.parametrize(
    "line",
    [
        "I am an MD.",
        "MS and Botox",
        "Best, Dr. Green",
        "Ask your doctor, MD or DO",
        "see me, MD",
        "Yes, it is",
        "MD",
        "Hello, World",
        "Botox for TMJ",
        "Lasers in MS",
        "Dr. Quenby, MD Says Yes",
    ],
)
def test_no_authors(line: str) -> None:
    assert named_author(line) is None


@pytest.mark.parametrize(
    "line", ["Tarrant Plastic Surgery Group", "The Nolte Clinic", "Ivo Tarrant", "Tarrant & Nolte Associates, Inc."]
)
def test_authors_where_one_is_due(line: str) -> None:
    assert possible_author(line) is not None


@pytest.mark.parametrize("line", ["Good luck", "Best Regards", "it went well", "Hope this helps!", "Thank You"])
def test_closings_are_no_authors(line: str) -> None:
    assert possible_author(line) is None


@pytest.mark.parametrize(
    "line", ["RealAdvice100 Member", "Top Contributor", "Featured Expert", "Award Winner 2014", "Hall of Fame"]
)
def test_badges(line: str) -> None:
    assert badge(line, named_author("Ivo Tarrant, MD"))


@pytest.mark.parametrize(
    "line",
    [
        "Dr Tarrant",
        "Ivo Tarrant",
        "Member, American Society of Something",
        "I am a member of it.",
        "Board Certified Expert",
        "the top",
        "x",
    ],
)
def test_signatures_are_no_badges(line: str) -> None:
    assert not badge(line, named_author("Ivo Tarrant, MD"))
