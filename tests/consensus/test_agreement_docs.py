"""docs/consensus.md says what the rule does: its tables are printed by the rule, its lists are those of the code."""

import re

import pytest
from bench.consensus_numbers import DOC, TABLES, main, placed
from bench.panel_check import SCALES

from consilium.consensus.agreement import NAME, Cap, Label, Levels, algorithm
from consilium.consensus.counting import Reason

TEXT = DOC.read_text("utf-8")


@pytest.mark.parametrize("name", TABLES)
def test_every_table_is_the_one_that_the_rule_prints(name: str) -> None:
    assert placed(TEXT, name).group() == TABLES[name](), "refresh it: python -m bench.consensus_numbers --write"


def test_no_other_table_is_marked() -> None:
    assert sorted(re.findall(r"<!-- table: (\w+) -->", TEXT)) == sorted(TABLES)


def test_the_script_prints_all_tables(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["consensus_numbers"])
    main()
    printed = capsys.readouterr().out
    assert all(f"{name}\n\n{made()}\n" in printed for name, made in TABLES.items())


def test_every_reason_for_not_counting_is_explained_once() -> None:
    assert re.findall(r"^\| `(\w+)` \|", TEXT.split("### Who is counted")[1].split("###")[0], re.MULTILINE) == list(Reason)


def test_every_label_cap_and_scale_is_explained() -> None:
    assert all(f"**{label.upper()}**" in TEXT for label in Label)
    assert set(re.findall(r"^- \*\*(Blind|Coverage|One specialty)\.\*\*", TEXT, re.MULTILINE)) == {
        cap.replace("_", " ").capitalize() for cap in Cap
    }
    assert re.findall(r"^\| `(\w+)` \| .*(?:yes|`yes`)", TEXT.split("## Try it")[1], re.MULTILINE) == list(SCALES)


def test_names_of_the_rule() -> None:
    assert f"`{NAME}`" in TEXT
    assert f"`{algorithm(Levels(0.1, 0.05))}`" in TEXT


def test_links_within_the_page_lead_somewhere() -> None:
    headings = re.findall(r"^#+ (.*)$", TEXT, re.MULTILINE)
    anchors = {re.sub(r"[^\w -]", "", heading).lower().replace(" ", "-") for heading in headings}
    assert set(re.findall(r"\]\(#([\w-]+)\)", TEXT)) <= anchors
