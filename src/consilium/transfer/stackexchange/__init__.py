"""A Stack Exchange data dump as records."""

from consilium.transfer.stackexchange.reader import read

__all__ = ["read"]
