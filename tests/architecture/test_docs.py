"""Docs that cannot lie: what exists is written down, and what is written down exists."""

import re
from importlib import import_module
from itertools import chain, dropwhile, takewhile
from pathlib import Path

from django.urls import URLPattern, URLResolver, get_resolver

from consilium import wiring
from consilium.api import docs
from consilium.cli import VERBS
from consilium.config import TOOL_NAMES, Config, names
from consilium.journal import registry
from tests.architecture.repository import PACKAGE, ROOT, having, name, text
from tests.architecture.test_layers import layers

DOCS = ROOT / "docs"


def facts() -> set[str]:
    modules = [f"consilium.{path.parent.name}.facts" for path in having(".py", below=PACKAGE) if path.name == "facts.py"]
    return {value for module in modules for key, value in vars(import_module(module)).items() if key.isupper()}


def rows(file: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without its own heading."""
    after = text(DOCS / file).split(f"## {heading}\n")[1].splitlines()
    table = list(takewhile(lambda line: line.startswith("|"), dropwhile(lambda line: not line.startswith("|"), after)))
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table[2:]]


def addresses(resolver: URLResolver, before: str = "") -> set[str]:
    found = set()
    for entry in resolver.url_patterns:
        whole = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            found.add("/" + re.sub(r"<(?:\w+:)?(\w+)>", r"<\1>", whole))
        else:
            found |= addresses(entry, whole)
    return found


def test_every_fact_is_in_the_table_with_those_who_react() -> None:
    table = {cells[0].strip("`"): cells for cells in rows("architecture.md", "Facts")}
    assert set(table) == facts()
    for fact, cells in table.items():
        assert cells[1], fact
        assert bool(cells[2]) == bool(wiring.AT_ONCE.get(fact)), fact
        assert bool(cells[3]) == bool(wiring.LATER.get(fact)), fact


def test_every_fact_is_named_after_its_subject_and_only_once() -> None:
    assert all(re.fullmatch(r"[a-z]+\.[a-z_]+", fact) for fact in facts())
    assert set(wiring.AT_ONCE) | set(wiring.LATER) <= facts()
    reactions = set(chain(*wiring.AT_ONCE.values(), *wiring.LATER.values()))
    assert len({registry.name(reaction) for reaction in reactions}) == len(reactions)


def test_every_address_is_in_the_table_and_every_row_is_an_address() -> None:
    written = {word for cells in rows("architecture.md", "Addresses") for word in re.findall(r"`([^`]+)`", cells[0])}
    there = {address for address in addresses(get_resolver()) if not address.startswith("/accounts/")} | {"/accounts/…"}
    assert written == there


def test_every_operation_of_the_api_is_in_the_table_and_every_row_is_one() -> None:
    described = docs.schema()["paths"].items()
    there = {f"{method.upper()} {path}" for path, methods in described for method in methods}
    written = [cells[0].strip("`") for cells in rows("api.md", "Operations")]
    assert set(written) == there
    assert len(written) == len(there)


def test_every_layer_is_in_the_table() -> None:
    written = [set(re.findall(r"`(\w+)`", cells[0])) for cells in rows("architecture.md", "Layers")]
    assert written == layers()


def test_every_command_is_in_the_table() -> None:
    assert [cells[0].strip("`") for cells in rows("operations.md", "Commands")] == [f"consilium {verb}" for verb in VERBS]


def test_every_setting_is_in_the_table_with_its_default_and_meaning() -> None:
    lines = [line for line in text(DOCS / "settings.md").splitlines() if line.startswith("| `")]
    table = {cells[0].strip("` "): cells for cells in ([cell.strip() for cell in line.strip("|").split("|")] for line in lines)}
    assert set(table) == set(names())
    for variable, attribute in names().items():
        field = Config.model_fields[attribute]
        default = field.default
        shown = (
            ",".join(default)
            if isinstance(default, list)
            else str(default).lower()
            if isinstance(default, bool)
            else str(default)
        )
        assert table[variable][1].strip("`") == shown, variable
        assert table[variable][2] == field.description, variable


def test_names_that_only_tools_read_are_explained_too() -> None:
    said = text(DOCS / "settings.md") + text(ROOT / "CONTRIBUTING.md")
    assert [tool for tool in TOOL_NAMES if tool not in said] == []


def test_decisions_are_numbered_without_a_gap_and_say_why() -> None:
    pages = sorted((DOCS / "decisions").glob("*.md"))
    assert [path.name[:4] for path in pages] == [f"{number:04}" for number in range(1, len(pages) + 1)]
    for page in pages:
        assert text(page).startswith(f"# {page.name[:4]}. "), page.name
        assert all(f"**{word}.**" in text(page) for word in ("Why", "What", "Then")), page.name


def test_no_link_of_the_docs_leads_nowhere() -> None:
    broken = []
    for page in having(".md"):
        for target in re.findall(r"\]\(([^)\s]+)\)", text(page)):
            if not re.match(r"[a-z]+:|#", target) and not (page.parent / target.partition("#")[0]).exists():
                broken.append(f"{name(page)}: {target}")
    assert broken == []


def test_files_named_in_the_docs_exist() -> None:
    """`questions/actions/asking.py` and the like, said anywhere in docs/architecture.md."""
    said = set(re.findall(r"`((?:[a-z_]+/)+[a-z_]+\.(?:py|html))", text(DOCS / "architecture.md")))
    there = [PACKAGE, PACKAGE / "web", ROOT]
    missing = {one for one in said if "<" not in one and not any((Path(root) / one).exists() for root in there)}
    assert said
    assert missing == set()


def test_makes_help_names_every_target() -> None:
    makefile = text(ROOT / "Makefile")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony
    explained = set(re.findall(r"^([a-z]+):.*## ", makefile, re.MULTILINE))
    assert set(phony[1].split()) == explained
