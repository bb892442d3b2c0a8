"""From records to rows: batches in transactions, equal rows untouched, killed half-way and run again without loss."""

from consilium.transfer.loader.run import load

__all__ = ["load"]
