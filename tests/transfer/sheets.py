"""Invented question pages in plain text, in the shape that `consilium import pages` reads."""

from pathlib import Path

TITLE = "May I take my allergy tablet on the day of a skin test?"
DISCLAIMER = (
    "These answers are for educational purposes and should not be relied upon as a substitute for medical advice you may "
    "receive from your physician. If you have a medical emergency, please call 911. These answers do not constitute or "
    "initiate a patient/doctor relationship."
)
COUNTER = "{{ voteCount >= 0 ? '+' + (voteCount + 1) : (voteCount + 1) }}"


def answer(
    headline: str,
    *paragraphs: str,
    author: str = "",
    place: str = "",
    rating: str = "",
    badge: str = "",
    counter: str = "",
) -> str:
    """One answer as such pages print it."""
    byline = "\n".join(line for line in (author, place, rating) if line)
    blocks = [headline, counter, *paragraphs, badge, byline]
    return "\n\n".join(block for block in blocks if block)


def page(*answers: str, title: str = TITLE, announced: int | None = None, body: str = "", end: str = f"\n\n{DISCLAIMER}") -> str:
    """A whole page; it announces as many answers as it has unless told otherwise."""
    number = len(answers) if announced is None else announced
    head = "\n\n".join(part for part in (title, body, f"Doctor Answers {number}") if part)
    return "\n\n".join([head, *answers]) + end


def write(folder: Path, text: str | bytes, name: str = "page.txt") -> str:
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return str(path)


FULL = answer(
    "Stop it a week before",
    "An antihistamine hides the reaction that the test looks for. Stop it seven days before.",
    "Ask the practice which of your other tablets matter.",
    author="Wilma Quenby, MD, PhD",
    place="San Diego Dermatologist",
    rating="4.8 out of 5 stars 48 reviews",
)
TERSE = answer(
    "Not on that day",
    "No.",
    author="Odo Farnleigh, DO",
    place="Panama City Facial Plastic Surgeon",
    rating="5.0 out of 5 stars 1 review",
)
NAMELESS = answer(
    "Ask first", "It depends on the tablet.", place="New York Plastic Surgeon", rating="4.2 out of 5 stars 30 reviews"
)
BARE = answer("I would wait", "Waiting costs nothing here.", counter=COUNTER)
