"""Doctors' profiles, how far they are checked, and what they declare about themselves."""

from consilium.doctors.models.credential import Claim, Credential
from consilium.doctors.models.interest import Interest, Practice
from consilium.doctors.models.profile import City, Doctor, Source

__all__ = ["City", "Claim", "Credential", "Doctor", "Interest", "Practice", "Source"]
