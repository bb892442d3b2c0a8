"""What registries know of a work: asked by the worker alone, and only where the operator switched it on."""

from consilium.evidence.backends.answers import Found
from consilium.evidence.backends.client import NoAnswer
from consilium.evidence.backends.registries import look_up, switched_on

__all__ = ["Found", "NoAnswer", "look_up", "switched_on"]
