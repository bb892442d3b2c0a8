"""Our own format: one JSON object per line, everything that belongs to the content, nothing that belongs to an account."""

from consilium.transfer.jsonl.reader import read, reader
from consilium.transfer.jsonl.writer import lines

__all__ = ["lines", "read", "reader"]
