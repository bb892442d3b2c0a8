"""The rule on a panel in a CSV file: what is read, what is said, what is refused."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bench.panel_check import Unusable, main, parse, read, report, scale_of

from consilium.consensus.agreement import Counts, Group, Levels
from tests.architecture.repository import ROOT

WORDS = scale_of("words")
SAMPLE = ROOT / "bench" / "panel_sample.csv"
HEAD = "statement,expert,vote\n"

Saved = Callable[[str | bytes], Path]


@pytest.fixture
def saved(tmp_path: Path) -> Saved:
    def save(content: str | bytes) -> Path:
        path = tmp_path / "panel.csv"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return save


def assessed(text: str) -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = report(parse(text, WORDS, "panel.csv"), Levels())["statements"]
    return results


def votes(**experts: str) -> str:
    return HEAD + "".join(f"Rest helps,{expert},{vote}\n" for expert, vote in experts.items())


# ---- reading -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("vote", "group"),
    [
        ("yes", "yes"),
        ("YES ", "yes"),
        ("conditional", "conditional"),
        ("yes_if", "conditional"),
        ("Yes if", "conditional"),
        ("no_unless", "conditional"),
        ("no", "no"),
        ("Cannot  say", "cannot_say"),
        ("cannot_say", "cannot_say"),
    ],
)
def test_votes_in_words(vote: str, group: str) -> None:
    [result] = assessed(votes(Ada=vote))
    assert result["counts"] == {**dict.fromkeys(Group, 0), group: 1}


@pytest.mark.parametrize("silence", ["", "-", "n/a", "NA", "not_addressed", "not addressed"])
def test_an_expert_without_a_vote_is_listed_and_not_counted(silence: str) -> None:
    [result] = assessed(votes(Ada="yes", Ben=silence))
    assert (result["n"], result["no_vote"]) == (1, 1)


@pytest.mark.parametrize(
    ("scale", "expected"),
    [
        (
            "rand9",
            {**dict.fromkeys("123", Group.NO), **dict.fromkeys("456", Group.CONDITIONAL), **dict.fromkeys("789", Group.YES)},
        ),
        ("signs", {"-1": Group.NO, "−1": Group.NO, "0": Group.CONDITIONAL, "1": Group.YES, "+1": Group.YES, "1.0": Group.YES}),
    ],
)
def test_other_scales(scale: str, expected: dict[str, Group]) -> None:
    for vote, group in expected.items():
        panel = parse(f"{HEAD}Rest helps,Ada,{vote}\n", scale_of(scale), "panel.csv")
        assert panel.statements[0].counts == Counts.of_groups([group])


@pytest.mark.parametrize(
    ("scale", "vote"), [("words", "7"), ("words", "1"), ("rand9", "0"), ("rand9", "10"), ("rand9", "7.5"), ("signs", "2")]
)
def test_a_scale_is_never_guessed(scale: str, vote: str) -> None:
    panel = parse(f"{HEAD}Rest helps,Ada,{vote}\n", scale_of(scale), "panel.csv")
    assert panel.statements == []
    assert f"“{vote}” is no vote" in panel.left_out[0].problem


def test_own_words_for_votes() -> None:
    scale = scale_of("words", ["Strongly agree=yes", "a=b=conditional", "Abstained=none"])
    panel = parse(HEAD + "s,Ada,strongly  AGREE\ns,Ben,a=b\ns,Cy,abstained\ns,Di,no\n", scale, "panel.csv")
    assert panel.left_out == []
    assert panel.statements[0].counts == Counts(yes=1, conditional=1, no=1)
    assert panel.statements[0].silent == {"Cy"}


@pytest.mark.parametrize("pair", ["agree", "agree=", "=yes", "agree=maybe", "agree=Yes"])
def test_words_for_votes_that_make_no_sense_are_refused(pair: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(SAMPLE), "--vote", pair])
    assert ended.value.code == 2
    assert f"“{pair}” must be WORD=GROUP" in capsys.readouterr().err


@pytest.mark.parametrize(
    "text",
    [
        "Vote;EXPERT; Statement\nyes;Ada;Rest helps\n",
        "vote\texpert\tstatement\nyes\tAda\tRest helps\n",
        '\ufeffstatement,expert,vote\r\n"Rest helps",Ada,yes\r\n',
        "id,statement,specialty,expert,vote\n1,Rest helps,x,Ada,yes\n",
        "statement,expert,vote\n\nRest helps,Ada,yes\n\n",
    ],
)
def test_columns_in_any_order_separator_and_line_ending(text: str, saved: Saved) -> None:
    panel = read(saved(text), WORDS)
    assert [(one.text, one.votes) for one in panel.statements] == [("Rest helps", {"Ada": Group.YES})]


def test_bad_rows_are_named_by_line_and_the_others_counted() -> None:
    panel = parse(
        HEAD + "Rest helps,Ada,yes\n"
        "Rest helps,Ben,maybe\n"  # 3
        ",Cy,yes\n"  # 4
        "Rest helps,,yes\n"  # 5
        "Rest helps,Ada,no\n"  # 6
        '"Rest\nhelps",Di,perhaps\n'  # 7 and 8
        "Rest, and warmth, help,Di,yes\n"  # 9
        "Rest helps,Eve\n"  # a vote that is not there
        "Rest helps,Flo,no\n",
        WORDS,
        "panel.csv",
    )
    assert [row.line for row in panel.left_out] == [3, 4, 5, 6, 8, 9]
    said = [row.problem for row in panel.left_out]
    assert "“maybe” is no vote; votes are yes, conditional, no, cannot_say, yes_if, no_unless (" in said[0]
    assert said[1:3] == ["no statement.", "no expert."]
    assert said[3] == "Ada is already listed with this statement."
    assert "2 cells more" in said[5]
    assert [(one.text, one.votes, one.silent) for one in panel.statements] == [
        ("Rest helps", {"Ada": Group.YES, "Flo": Group.NO}, {"Eve"}),
    ]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "must name the columns statement, expert, vote in its first line, each once."),
        ("statement,expert\nRest helps,Ada\n", "must name the columns"),
        ("statement,expert,vote,vote\nRest helps,Ada,yes,no\n", "each once"),
        (HEAD, "has no vote that can be counted."),
        (HEAD + "Rest helps,Ada,\n", "has no vote that can be counted."),
        (HEAD + "Rest helps,Ada,7\n", "has no vote that can be counted: line 2: “7” is no vote;"),
        (HEAD + 'Rest helps,Ada,yes\nRest helps,"Ben,yes\nx,y,no\n', "the row that begins in line 3: unexpected end of data."),
        ('"statement,expert\n', "the row that begins in line 1: unexpected end of data."),
        ("statement,expert,vote\nR\xe9st,Ada,yes\n".encode("latin-1"), "is not UTF-8 text (byte 23)"),
        (HEAD.encode("utf-16"), "is not UTF-8 text (byte 0)"),
    ],
)
def test_unusable_files_end_with_one_sentence(
    content: str | bytes, sentence: str, saved: Saved, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([str(saved(content))])
    captured = capsys.readouterr()
    assert ended.value.code == 2
    assert captured.out == ""
    assert sentence in captured.err
    assert captured.err.count("\n") == 1


@pytest.mark.parametrize(
    "arguments", [[], ["nowhere.csv"], [str(ROOT)], [str(SAMPLE), "--scale", "hands"], [str(SAMPLE), "--agree", "0.01"]]
)
def test_unusable_arguments_end_with_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert capsys.readouterr().err.count("\n") == 1


# ---- judging -------------------------------------------------------------------------------------------------------------


def test_leaving_one_out_names_who_changes_it() -> None:
    [result] = assessed(votes(A="yes", B="yes", C="yes", D="yes", E="yes", F="yes", G="yes", H="conditional", I="conditional"))
    assert (result["label"], result["side"], result["answers_to_overturn"]) == ("leaning", "yes", 1)
    assert result["leave_one_out"] == {"runs": 9, "same_label": 9, "same_side": 9, "changed_by": []}

    [result] = assessed(votes(A="yes", B="yes", C="yes", D="yes", E="yes", F="yes", G="no"))
    assert (result["label"], result["side"]) == ("leaning", "yes")
    run = result["leave_one_out"]
    assert (run["runs"], run["same_label"], run["same_side"]) == (7, 6, 7)
    assert run["changed_by"] == [{"expert": "G", "vote": "no", "label": "agree", "side": "yes"}]


def test_below_five_there_is_no_label_to_keep() -> None:
    [result] = assessed(votes(A="yes", B="yes", C="yes", D="yes", E="yes"))
    run = result["leave_one_out"]
    assert (result["label"], run["same_label"], run["same_side"]) == ("leaning", 0, 0)
    assert {change["label"] for change in run["changed_by"]} == {"few"}


def test_a_statement_that_nobody_voted_on_is_listed() -> None:
    first, second = assessed(votes(A="yes") + "Warmth helps,A,\n")
    assert second["label"] == "none"
    assert second["leave_one_out"]["runs"] == 0
    assert first["label"] == "few"


def test_levels_change_label_and_name() -> None:
    panel = parse(votes(A="yes", B="yes", C="yes", D="yes", E="yes"), WORDS, "panel.csv")
    whole = report(panel, Levels(agree=0.1, strong=0.05))
    assert whole["statements"][0]["label"] == "agree"
    assert whole["algorithm"] == "consilium-consensus/1?agree=0.1&strong=0.05"


def test_the_summary_adds_up() -> None:
    whole = report(read(SAMPLE, WORDS), Levels())
    total = whole["summary"]
    assert total["statements"] == len(whole["statements"]) == sum(part["statements"] for part in total["labels"].values())
    for key in ("runs", "same_label", "same_side", "stable"):
        assert total[key] == sum(part[key] for part in total["labels"].values())
    assert total["votes"] == total["runs"] == sum(result["n"] for result in whole["statements"])


# ---- the command ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("program", [["bench/panel_check.py"], ["-m", "bench.panel_check"]])
def test_it_runs_as_a_file_and_as_a_module(program: list[str]) -> None:
    ran = subprocess.run(
        [sys.executable, *program, "bench/panel_sample.csv"], capture_output=True, text=True, cwd=ROOT, check=True
    )
    assert ran.stderr == ""
    for label in ("STRONG yes", "AGREE conditional", "SPLIT", "MIXED", "LEANING no", "AGREE cannot say", "FEW"):
        assert f"  label      {label}" in ran.stdout
    assert "8 statements, 76 votes, consilium-consensus/1" in ran.stdout


def test_json_and_text_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(SAMPLE), "--json"]) == 0
    whole = json.loads(capsys.readouterr().out)
    assert main([str(SAMPLE)]) == 0
    text = capsys.readouterr().out
    for result in whole["statements"]:
        assert result["statement"] in text
        assert f"{result['leave_one_out']['same_label']} of {result['n']} same label" in text


def test_rows_left_out_are_told_and_change_the_exit_status(saved: Saved, capsys: pytest.CaptureFixture[str]) -> None:
    path = saved(votes(Ada="yes", Ben="maybe"))
    assert main([str(path)]) == 1
    captured = capsys.readouterr()
    assert "1 yes" in captured.out
    assert captured.err.startswith(f"{path}: line 3 is left out: “maybe” is no vote;")


def test_many_bad_rows_do_not_flood_the_terminal(saved: Saved, capsys: pytest.CaptureFixture[str]) -> None:
    path = saved(votes(Ada="yes", **{f"E{number}": "maybe" for number in range(50)}))
    assert main([str(path), "--json"]) == 1
    captured = capsys.readouterr()
    assert captured.err.splitlines()[-1] == f"{path}: 30 more rows are left out; --json names all."
    assert len(captured.err.splitlines()) == 21
    assert len(json.loads(captured.out)["left_out"]) == 50


def test_a_reader_that_stops_early_is_no_error() -> None:
    told = f"{sys.executable} -m bench.panel_check bench/panel_sample.csv --json | true"
    ran = subprocess.run(["/bin/sh", "-c", told], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stderr == ""


def test_unusable_is_raised_for_other_callers(saved: Saved) -> None:
    with pytest.raises(Unusable):
        read(saved("nothing"), WORDS)
