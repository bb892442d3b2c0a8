"""Reading "San Diego Dermatologist": which words are the city, which the specialty, and which rows of ours they are.

What is not recognised is kept as text and never lost. A city is resolved to the most populous place of that name in
the site's country, else in the world; it stays text where that would be a guess (see `_certain`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import NamedTuple

from django.conf import settings

from consilium.doctors.models import City
from consilium.lib.text import fold
from consilium.topics.models import Specialty, SpecialtySynonym

# Words of pages for places, folded -> the place's own name. Regions have no row in GeoNames and stay text.
ALIASES = {
    "nyc": "New York City",
    "new york": "New York City",
    "manhattan": "New York City",
    "new york metro": "New York City",
    "la": "Los Angeles",
    "l.a.": "Los Angeles",
    "sf": "San Francisco",
    "philly": "Philadelphia",
    "vegas": "Las Vegas",
    "dc": "Washington",
    "d.c.": "Washington",
    "washington dc": "Washington",
    "washington d.c.": "Washington",
    "washington, dc": "Washington",
    "ft lauderdale": "Fort Lauderdale",
    "ft worth": "Fort Worth",
    "ft myers": "Fort Myers",
    "marin": "Marin County",
    "oc": "Orange County",
    "orange county": "Orange County",
    "bay area": "San Francisco Bay Area",
    "sf bay area": "San Francisco Bay Area",
    "san francisco bay area": "San Francisco Bay Area",
    "silicon valley": "Silicon Valley",
    "long island": "Long Island",
    "inland empire": "Inland Empire",
    "south florida": "South Florida",
    "northern virginia": "Northern Virginia",
    "nova": "Northern Virginia",
    "dfw": "Dallas-Fort Worth",
    "twin cities": "Twin Cities",
    "westchester": "Westchester County",
    "hamptons": "The Hamptons",
    "the hamptons": "The Hamptons",
}
# Names of countries (and of Canada's provinces) after a comma -> ISO 3166 code.
COUNTRIES = {
    "usa": "US", "us": "US", "united states": "US", "uk": "GB", "united kingdom": "GB", "england": "GB",
    "scotland": "GB", "wales": "GB", "ireland": "IE", "canada": "CA", "mexico": "MX", "australia": "AU",
    "new zealand": "NZ", "germany": "DE", "france": "FR", "spain": "ES", "italy": "IT", "portugal": "PT",
    "netherlands": "NL", "belgium": "BE", "switzerland": "CH", "austria": "AT", "poland": "PL", "czech republic": "CZ",
    "hungary": "HU", "greece": "GR", "turkey": "TR", "israel": "IL", "egypt": "EG", "uae": "AE",
    "united arab emirates": "AE", "india": "IN", "pakistan": "PK", "thailand": "TH", "south korea": "KR", "japan": "JP",
    "china": "CN", "singapore": "SG", "malaysia": "MY", "philippines": "PH", "brazil": "BR", "argentina": "AR",
    "colombia": "CO", "costa rica": "CR", "panama": "PA", "dominican republic": "DO", "south africa": "ZA",
    "on": "CA", "ontario": "CA", "bc": "CA", "british columbia": "CA", "qc": "CA", "quebec": "CA", "ab": "CA", "alberta": "CA",
}  # fmt: skip
STATES = {
    "alabama": "AL", "alaska": "AK", "arizona": "AZ", "arkansas": "AR", "california": "CA", "colorado": "CO",
    "connecticut": "CT", "delaware": "DE", "florida": "FL", "georgia": "GA", "hawaii": "HI", "idaho": "ID",
    "illinois": "IL", "indiana": "IN", "iowa": "IA", "kansas": "KS", "kentucky": "KY", "louisiana": "LA",
    "maine": "ME", "maryland": "MD", "massachusetts": "MA", "michigan": "MI", "minnesota": "MN", "mississippi": "MS",
    "missouri": "MO", "montana": "MT", "nebraska": "NE", "nevada": "NV", "new hampshire": "NH", "new jersey": "NJ",
    "new mexico": "NM", "new york": "NY", "north carolina": "NC", "north dakota": "ND", "ohio": "OH", "oklahoma": "OK",
    "oregon": "OR", "pennsylvania": "PA", "rhode island": "RI", "south carolina": "SC", "south dakota": "SD",
    "tennessee": "TN", "texas": "TX", "utah": "UT", "vermont": "VT", "virginia": "VA", "washington": "WA",
    "west virginia": "WV", "wisconsin": "WI", "wyoming": "WY", "district of columbia": "DC",
}  # fmt: skip
# Words that may stand before a title without being part of the city's name.
QUALIFIERS = frozenset(
    ["board", "certified", "double", "triple", "cosmetic", "aesthetic", "general", "pediatric", "senior", "chief", "licensed"]
)
JOINTS = frozenset(
    ["of", "the", "de", "la", "le", "les", "los", "las", "del", "den", "am", "an", "der", "on", "upon", "sur", "by", "and"]
)
# Titles too wide to decide alone: in "Irvine Foot Surgeon" the words before belong to the title, not to the city.
WIDE_TITLES = frozenset(
    {
        "surgeon",
        "physician",
        "doctor",
        "specialist",
        "practitioner",
        "nurse",
        "therapist",
    }
)
TITLE_ENDS = (
    "ologist", "iatrist", "dontist", "dentist", "etician", "hetist", "hesist", "etrist", "ician", "iatrician", "metrist",
    "surgeon", "physician", "doctor", "specialist", "practitioner", "nurse", "therapist", "provider", "injector",
    "assistant", "hygienist", "midwife", "internist", "geneticist", "allergist", "technician", "professional",
    "chiropractor", "acupuncturist", "psychologist", "consultant", "chiropodist", "osteopath", "naturopath",
)  # fmt: skip
# Titles that are whole in themselves and name no branch of medicine: what stands before one is the city.
PROFESSIONS = frozenset(
    {
        "nurse", "physician", "registered nurse", "nurse practitioner", "nurse injector", "nurse midwife", "physician assistant",
        "physician associate", "aesthetician", "esthetician", "medical aesthetician", "laser technician", "med spa", "medspa",
        "medical spa", "chiropractor", "acupuncturist", "naturopath", "naturopathic doctor", "midwife", "pharmacist", "dietitian",
        "optometrist", "psychologist", "physical therapist", "dental hygienist", "endodontist", "audiologist",
    }
)  # fmt: skip
LONGEST = 10  # words of a line that still may be a byline


class Certainty(IntEnum):
    """How sure it is that a line is a byline at all."""

    LIKELY = 1  # ends like a title, or is nothing but a known city
    KNOWN = 2  # ends with a title of our list
    PLACED = 3  # … and begins with a city or region that we know


@dataclass(frozen=True, slots=True)
class Byline:
    """The reading of one line. `specialty` is a slug or "", `city_id` a geonames id or None; the texts are as shown."""

    certainty: Certainty
    specialty: str
    specialty_text: str
    city_id: int | None
    city_text: str


class Place(NamedTuple):
    """What the resolver needs of a city."""

    population: int
    id: int
    country: str
    admin1: str


class Directory:
    """The specialties by folded title and the cities by folded name, held in memory (34,000 cities: 10 MB)."""

    def __init__(
        self,
        titles: Mapping[str, str],
        cities: Mapping[str, list[Place]],
        country: str = "US",
    ) -> None:
        self.titles = titles
        self.cities = cities
        self.country = country

    @classmethod
    def load(cls) -> Directory:
        """From the database; without the city list every city stays text."""
        titles = {fold(title): slug for title, slug in SpecialtySynonym.objects.values_list("folded", "specialty__slug")}
        for slug, noun, title in Specialty.objects.values_list("slug", "noun", "title"):
            titles[fold(noun)] = titles[fold(title)] = slug
        rows = City.objects.values_list("folded", "population", "id", "country", "admin1").iterator(5000)
        return cls(titles, by_name(rows), settings.CONFIG.country)

    def byline(self, line: str) -> Byline | None:
        """The line as "City Title", "Title in City" or "Title, City"; None if it does not look like one."""
        words = line.split()
        if not 0 < len(words) <= LONGEST or line.endswith((".", "?", "!", ":", ";")):
            return None
        return self._city_first(words) or self._title_first(line) or self._city_alone(line)

    def _city_first(self, words: list[str]) -> Byline | None:
        start = next((at for at in range(len(words)) if self._title(" ".join(words[at:]))), None)
        city_end = self._city_words(words)
        if start is None:
            likely = words[-1].lower().endswith(TITLE_ENDS)
            return self._built("", words, city_end if city_end < len(words) else 0, Certainty.LIKELY) if likely else None
        title = fold(" ".join(words[start:]))
        slug = self.titles.get(title, "")
        while start and words[start - 1].lower().strip("-,") in QUALIFIERS:
            start -= 1
        if title in WIDE_TITLES and start > city_end:
            return self._built("", words, city_end, Certainty.PLACED if city_end else Certainty.LIKELY)
        named = all(word[0].isupper() or word in JOINTS for word in words[:start])
        if start != city_end and (not named or (start and words[start - 1] in JOINTS)):
            return None  # "Ask your Dermatologist", "Diplomate of the American Board of Dermatology"
        return self._built(slug, words, start, Certainty.PLACED if start == city_end and start else Certainty.KNOWN)

    def _title(self, text: str) -> bool:
        return fold(text) in self.titles or fold(text) in PROFESSIONS

    def _title_first(self, line: str) -> Byline | None:
        for sign in (" in ", ", ", " - ", " | "):
            title, found, city = line.partition(sign)
            slug = self.titles.get(fold(title))
            if found and slug and city[:1].isupper():
                place = self.city(city)
                certainty = Certainty.PLACED if place or fold(city) in ALIASES else Certainty.KNOWN
                return Byline(certainty, slug, title, place, city)
        return None

    def _city_alone(self, line: str) -> Byline | None:
        place = self.city(line)
        if place is None and fold(line) not in ALIASES:
            return None
        return Byline(Certainty.LIKELY, "", "", place, line)

    def _built(self, slug: str, words: list[str], city_end: int, certainty: Certainty) -> Byline:
        city = " ".join(words[:city_end]).rstrip(",-| ")
        return Byline(certainty, slug, " ".join(words[city_end:]), self.city(city), city)

    def _city_words(self, words: list[str]) -> int:
        """How many words at the start name a place that we know (0: none)."""
        for end in range(len(words), 0, -1):
            text = " ".join(words[:end]).rstrip(",-|")
            if fold(text) in ALIASES or self._named(text):
                return end
        return 0

    def specialty(self, name: str) -> str:
        """The slug of the specialty that the name or title is, or ""."""
        return self.titles.get(fold(name), "")

    def city(self, text: str) -> int | None:
        """The geonames id of the city that the text names, or None where that would be a guess."""
        return _certain(self._named(text), self.country) if text else None

    def _named(self, text: str) -> list[Place]:
        name = fold(text)
        found = self.cities.get(city_key(ALIASES.get(name, name)), [])
        if found or "," not in name:
            return found
        name, _, region = (part.strip() for part in name.rpartition(","))
        state = STATES.get(region, region.upper())
        country = COUNTRIES.get(region, "")
        places = self.cities.get(city_key(ALIASES.get(name, name)), [])
        in_state = [place for place in places if place.country == "US" and place.admin1 == state]
        return in_state or [place for place in places if place.country == country]


def canonical(city: str) -> str:
    """A place's own name for what a page calls it ("Marin" is Marin County), else the page's word."""
    return ALIASES.get(fold(city), city)


def by_name(rows: Iterable[tuple[str, int, int, str, str]]) -> dict[str, list[Place]]:
    """(folded name, population, id, country, admin1) rows as an index by `city_key`."""
    cities: dict[str, list[Place]] = {}
    for folded, population, number, country, admin1 in rows:
        cities.setdefault(city_key(folded), []).append(Place(population, number, country, admin1))
    return cities


def city_key(name: str) -> str:
    """A city's name as looked up: "St. Louis", "St Louis" and "Saint Louis" are one."""
    words = fold(name).replace(".", " ").replace("-", " ").replace("'", "").replace("’", "").split()
    return " ".join({"saint": "st", "sainte": "ste", "fort": "ft", "mount": "mt"}.get(word, word) for word in words)


def _certain(places: list[Place], home: str) -> int | None:
    """The most populous place at home, else abroad; None between equals (Springfield) and beside a world city (Paris)."""
    at_home = sorted((place for place in places if place.country == home), reverse=True)
    ranked = at_home or sorted(places, reverse=True)
    if not ranked:
        return None
    first = ranked[0]
    if len(ranked) > 1 and ranked[1].population * 2 > first.population:
        return None
    largest = max(places).population
    return None if largest > 1_000_000 and largest > 50 * first.population else first.id
