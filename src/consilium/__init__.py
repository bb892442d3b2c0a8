"""Consilium: patients ask about treatments, several doctors answer, the page shows where they stand."""
