"""How much of the server one client may hold, and for how long."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds for one request; sizes in bytes, times in seconds."""

    head_seconds: float = 15.0
    """For the head of a request, and for the pause between two requests on one connection; then it is closed."""
    body_bytes: int = 10_000_000
    """A longer body is refused with 413."""
    body_seconds: float = 30.0
    """A body that takes longer from first to last byte is refused with 408."""
    memory_bytes: int = 1_000_000
    """The part of a body kept in memory; a longer one goes to a temporary file."""
    stall_seconds: float = 30.0
    """A client that takes no byte of a streamed answer for so long is given up."""
