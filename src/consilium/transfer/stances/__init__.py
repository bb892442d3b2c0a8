"""Tables of how editors read copied answers: one row for each coder, answer and statement."""

from consilium.transfer.stances.export import lines
from consilium.transfer.stances.run import load

__all__ = ["lines", "load"]
