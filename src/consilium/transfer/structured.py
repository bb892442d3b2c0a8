"""schema.org items out of saved HTML: JSON-LD, microdata and RDFa as the same plain nested nodes."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Any, Final

import extruct

from consilium.transfer.reading import checked, whole
from consilium.transfer.records import BadInput, Where

LIMIT: Final = 10_000_000  # bytes of one saved page
NODES: Final = 50_000  # items of one page
FAULTS: Final = 5  # that are told of one page
DEEPEST: Final = 30  # levels of items within items
CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
SCRIPT: Final = re.compile(
    r"""<script\b[^>]{0,300}\btype\s{0,9}=\s{0,9}["']?\s{0,9}application/ld\+json\b[^>]{0,300}>""", re.IGNORECASE
)
SCRIPT_END: Final = re.compile(r"</script\b", re.IGNORECASE)
OPENING: Final = re.compile(r"(?:(?://|/\*)?\s*(?:<!--(?://-->)?|<!\[CDATA\[(?://>)?)\s*(?:\*/)?\s*){1,3}")
CLOSING: Final = re.compile(r"(?:(?://|/\*|<!)?\s*(?:-->|\]\]>)\s*(?:\*/)?\s*){1,3}\Z")
# What must stand in a page for a syntax to be worth reading (RDFa takes a hundred times longer than the others).
MARKS: Final = {
    "json-ld": re.compile("ld\\+json", re.IGNORECASE),
    "microdata": re.compile("itemscope", re.IGNORECASE),
    "rdfa": re.compile("typeof", re.IGNORECASE),
}

Node = dict[str, Any]  # local property name -> list of texts, numbers and nodes; "@type" -> list of local names


def page_text(path: str) -> str:
    """The page as text, in the encoding it declares (UTF-8 if it does not)."""
    raw = whole(path, LIMIT)
    where = Where(path)
    if not re.search(rb"<\w", raw):
        raise BadInput(where, "is no HTML.", "Save the page from a browser as HTML.")
    declared = CHARSET.search(raw[:4096])
    name = declared[1].decode("ascii") if declared else "utf-8"
    try:
        text = raw.decode(_codec(name))
    except LookupError:
        raise BadInput(where, f"declares the unknown encoding {name}.", "Save it as UTF-8.") from None
    except UnicodeDecodeError as error:
        place = Where(path, raw.count(b"\n", 0, error.start) + 1)
        raise BadInput(place, f"there is text that is not {name}.", "Save it as UTF-8.") from None
    return checked(text, Where(path, text.count("\n", 0, max(text.find("\x00"), 0)) + 1))


def _codec(name: str) -> str:
    found = codecs.lookup(name)
    if not found._is_text_encoding:  # "rot13" and "zip" are codecs, too
        raise LookupError(name)
    return "cp1252" if found.name in {"iso8859-1", "ascii"} else found.name  # as browsers read them


def items(text: str, base_url: str, where: Where) -> tuple[str, list[Node], list[str]]:
    """The syntax used, its top items, and what was wrong with the others. The first syntax with a question counts."""
    faults: list[str] = []
    for syntax, mark in MARKS.items():
        if not mark.search(text):
            continue
        parts = _scripts(text) if syntax == "json-ld" else [text]
        try:
            nodes = _linked([item for part in parts for item in _extracted(part, syntax, base_url, faults)], where)
        except RecursionError:
            faults.append(f"its {syntax} is nested too deeply")
        else:
            if any("Question" in node["@type"] for node in walk(nodes)):
                return syntax, nodes, faults
    return "", [], faults


def _scripts(text: str) -> Iterator[str]:
    """The JSON-LD scripts, each on its own, so that a broken one spoils no other."""
    for start in SCRIPT.finditer(text):
        end = SCRIPT_END.search(text, start.end())
        yield f'<script type="application/ld+json">{_bare(text[start.end() : end.start() if end else len(text)])}</script>'
        if end is None:
            return


def _bare(script: str) -> str:
    """The script without the comment marks (<!-- -->, CDATA) that hide it from old browsers."""
    script = script.strip()
    opening, closing = OPENING.match(script), CLOSING.search(script, max(0, len(script) - 50))
    return script[opening.end() if opening else 0 : closing.start() if closing else len(script)]


def _extracted(text: str, syntax: str, base_url: str, faults: list[str]) -> list[Any]:
    """What the text holds in this syntax; what is wrong with it goes to `faults`."""
    try:
        found = extruct.extract(text, base_url=base_url or None, syntaxes=[syntax], uniform=syntax != "rdfa", errors="strict")
    except RecursionError:
        faults.append(f"its {syntax} is nested too deeply")
    except Exception as error:  # extruct and the parsers below it raise whatever occurs to them on broken input
        fault = f"its {syntax} cannot be read ({' '.join(str(error).split())[:150] or type(error).__name__})"
        if fault not in faults and len(faults) < FAULTS:
            faults.append(fault)
    else:
        return list(found.get(syntax, []))
    return []


def _linked(found: list[Any], where: Where) -> list[Node]:
    """The items with plain names, and each reference by @id replaced by the item it names."""
    raw = [item for entry in found for item in (entry.get("@graph", [entry]) if isinstance(entry, dict) else [])]
    return _Linker([item for item in raw if isinstance(item, dict)], where).nodes()


class _Linker:
    """Builds the nodes of one page; an item that contains itself is told once, and the number of nodes is bounded."""

    def __init__(self, items: list[dict[str, Any]], where: Where) -> None:
        self.items, self.where = items, where
        self.by_id = {item["@id"]: item for item in items if isinstance(item.get("@id"), str) and len(item) > 1}
        self.open: set[str] = set()
        self.made = 0

    def nodes(self) -> list[Node]:
        return [self._node(item) for item in self.items]

    def _node(self, item: dict[str, Any]) -> Node:
        self.made += 1
        if self.made > NODES or len(self.open) > DEEPEST:
            raise BadInput(self.where, "its structured data is too large.", "Check that it is the right file.")
        identity = checked(str(item.get("@id", "")), self.where)
        node: Node = {"@type": [local(str(name)) for name in _list(item.get("@type"))], "@id": identity}
        self.open.add(identity)
        for name, value in item.items():
            if name not in {"@type", "@id", "@context"}:
                node.setdefault(local(name), []).extend(self._value(entry) for entry in _list(value))
        self.open.discard(identity)
        return node

    def _value(self, entry: Any) -> Any:
        if isinstance(entry, dict) and "@value" in entry:
            entry = entry["@value"]
        if not isinstance(entry, dict):
            return checked(entry, self.where) if isinstance(entry, str) else entry
        named = entry.get("@id")
        if named in self.open:
            return named
        if entry.keys() == {"@id"}:
            return self._node(self.by_id[named]) if named in self.by_id else named
        return self._node(entry)


def _list(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, dict) and isinstance(value.get("@list"), list):
        value = value["@list"]
    return [entry for entry in value if not isinstance(entry, list)] if isinstance(value, list) else [value]


def local(name: str) -> str:
    """ "name" for "https://schema.org/name", "schema:name" and "name"."""
    return re.split(r"[/#:]", name)[-1]


def walk(nodes: list[Node]) -> Iterator[Node]:
    """All nodes, outer before inner."""
    for node in nodes:
        yield node
        for name, values in node.items():
            if not name.startswith("@"):
                yield from walk([value for value in values if isinstance(value, dict)])


def first(node: Node, *names: str) -> Any:
    """The first value of the first of these properties that has one; None if none has."""
    return next((node[name][0] for name in names if node.get(name)), None)


def nodes_of(node: Node, *names: str) -> list[Node]:
    """All values of these properties that are items; a bare text becomes an item with that text and name."""
    values = (value for name in names for value in node.get(name, []))
    return [value if isinstance(value, dict) else {"@type": [], "@id": "", "text": [value], "name": [value]} for value in values]
