"""Who reacts to which fact. Filled once at start by consilium.wiring, the only place that knows all apps."""

from collections.abc import Callable, Mapping, Sequence

from consilium.journal.models import Entry

Reaction = Callable[[Entry], None]
Round = Callable[[], bool]
"""Work of the worker that no single entry asks for: a bounded piece of it, outside of any transaction; whether there may be
more at once."""

_at_once: dict[str, tuple[Reaction, ...]] = {}
_later: dict[str, tuple[Reaction, ...]] = {}
_by_name: dict[str, Reaction] = {}
_rounds: list[Round] = []
_apart: set[Reaction] = set()


def fill(
    at_once: Mapping[str, Sequence[Reaction]], later: Mapping[str, Sequence[Reaction]], rounds: Sequence[Round] = ()
) -> None:
    """Set both columns, reactions inside the recording transaction and reactions run by the worker, and the worker's rounds."""
    _rounds[:] = rounds
    _at_once.clear()
    _later.clear()
    _at_once.update({fact: tuple(reactions) for fact, reactions in at_once.items()})
    _later.update({fact: tuple(reactions) for fact, reactions in later.items()})
    _by_name.clear()
    _by_name.update({name(reaction): reaction for reactions in _later.values() for reaction in reactions})


def apart(reaction: Reaction) -> Reaction:
    """Mark a reaction of the worker that takes long or waits for another machine: it runs outside of any transaction.

    A transaction would keep everybody else from writing meanwhile (SQLite has one writer). Such a reaction makes its own
    short transactions; what it did before it failed stays, and it is run again.
    """
    _apart.add(reaction)
    return reaction


def is_apart(reaction: Reaction) -> bool:
    return reaction in _apart


def name(reaction: Reaction) -> str:
    """The name a delivery row keeps, e.g. "questions.refresh_related"."""
    return f"{reaction.__module__.split('.')[-2]}.{reaction.__name__}"


def at_once(fact: str) -> tuple[Reaction, ...]:
    return _at_once.get(fact, ())


def later(fact: str) -> tuple[Reaction, ...]:
    return _later.get(fact, ())


def by_name(reaction: str) -> Reaction | None:
    """The reaction of that name; None when a newer or older release knows it and this one does not."""
    return _by_name.get(reaction)


def rounds() -> tuple[Round, ...]:
    return tuple(_rounds)
