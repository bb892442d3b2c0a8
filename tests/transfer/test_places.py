"""Which words of "San Diego Dermatologist" are the city, and which city it is."""

import pytest

from consilium.transfer.places import Certainty, Directory, canonical


@pytest.mark.parametrize(
    ("line", "city", "number", "specialty", "text"),
    [
        ("San Diego Dermatologist", "San Diego", 1, "dermatology", "Dermatologist"),
        ("Panama City Facial Plastic Surgeon", "Panama City", 3, "facial-plastic-surgery", "Facial Plastic Surgeon"),
        ("New York Plastic Surgeon", "New York", 5, "plastic-surgery", "Plastic Surgeon"),
        ("NYC Dermatologist", "NYC", 5, "dermatology", "Dermatologist"),
        ("St Louis Dermatologic Surgeon", "St Louis", 6, "dermatologic-surgery", "Dermatologic Surgeon"),
        ("Saint Louis Phlebologist", "Saint Louis", 6, "phlebology", "Phlebologist"),
        ("Salt Lake City Dermatologist", "Salt Lake City", 7, "dermatology", "Dermatologist"),
        ("Lake Oswego Dermatologic Surgeon", "Lake Oswego", 15, "dermatologic-surgery", "Dermatologic Surgeon"),
        ("Toronto OB/GYN", "Toronto", 12, "obstetrics-and-gynecology", "OB/GYN"),
        ("Toronto, ON Dermatologist", "Toronto, ON", 12, "dermatology", "Dermatologist"),
        ("Paris, France Dermatologist", "Paris, France", 10, "dermatology", "Dermatologist"),
        ("Portland, Maine Dermatologist", "Portland, Maine", 18, "dermatology", "Dermatologist"),
        ("Dermatologist in San Diego", "San Diego", 1, "dermatology", "Dermatologist"),
        ("Dermatologist, San Diego", "San Diego", 1, "dermatology", "Dermatologist"),
        ("Dermatologist", "", None, "dermatology", "Dermatologist"),
        (
            "Beverly Hills Board Certified Plastic Surgeon",
            "Beverly Hills",
            13,
            "plastic-surgery",
            "Board Certified Plastic Surgeon",
        ),
        # Not known, or not certain: kept as text.
        ("Marin Plastic Surgeon", "Marin", None, "plastic-surgery", "Plastic Surgeon"),
        ("Bay Area Dermatologist", "Bay Area", None, "dermatology", "Dermatologist"),
        ("OC Plastic Surgeon", "OC", None, "plastic-surgery", "Plastic Surgeon"),
        ("Springfield Dermatologist", "Springfield", None, "dermatology", "Dermatologist"),
        ("Paris Dermatologist", "Paris", None, "dermatology", "Dermatologist"),
        ("Nowhereville Dermatologist", "Nowhereville", None, "dermatology", "Dermatologist"),
        ("Irvine Foot Surgeon", "Irvine", 14, "", "Foot Surgeon"),
        ("Irvine Aesthetic Injector", "Irvine", 14, "", "Aesthetic Injector"),
        ("Nowhereville Aesthetic Injector", "", None, "", "Nowhereville Aesthetic Injector"),
        ("Nowhereville Nurse Practitioner", "Nowhereville", None, "", "Nurse Practitioner"),
        ("San Diego Med Spa", "San Diego", 1, "", "Med Spa"),
        ("San Diego", "San Diego", 1, "", ""),
    ],
)
def test_a_byline_is_read(directory: Directory, line: str, city: str, number: int | None, specialty: str, text: str) -> None:
    found = directory.byline(line)
    assert found is not None
    assert (found.city_text, found.city_id, found.specialty, found.specialty_text) == (city, number, specialty, text)


@pytest.mark.parametrize(
    "line",
    [
        "Botox and MS",
        "I would ask a Dermatologist.",
        "Good luck",
        "",
        "Ask your Dermatologist",
        "Diplomate, Board of Dermatology",
        "Wilma Quenby, MD",
        "a " * 11 + "Surgeon",
    ],
)
def test_other_lines_are_no_bylines(directory: Directory, line: str) -> None:
    assert directory.byline(line) is None


def test_only_a_known_city_with_a_known_title_is_certain(directory: Directory) -> None:
    certainties = [
        directory.byline(line) for line in ("San Diego Dermatologist", "Nowhereville Dermatologist", "Marin Dermatologist")
    ]
    assert [found and found.certainty for found in certainties] == [Certainty.PLACED, Certainty.KNOWN, Certainty.PLACED]


def test_the_site_of_another_country_prefers_its_own_cities(directory: Directory) -> None:
    home = Directory(directory.titles, directory.cities, "FR")
    assert home.city("Paris") == 10


def test_a_region_has_its_own_name() -> None:
    assert (canonical("Marin"), canonical("NYC"), canonical("Ghent")) == ("Marin County", "New York City", "Ghent")
