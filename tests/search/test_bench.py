"""The benches take what others have written: any corpus, queries and judgements, any pairs; what is wrong is said in a line."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from bench import duplicates, search

GOOD = {
    "corpus": '{"id": 7, "question": "Is gout inherited?", "answer": null}\n{"id": "b", "question": "What is asthma?"}\n',
    "queries": '{"id": 1, "text": "gout"}\n',
    "qrels": "1 0 7 2\n",
}


def run(bench: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object) -> dict[str, Any]:
    """What the bench prints as JSON."""
    monkeypatch.setattr(sys, "argv", ["bench", *map(str, arguments), "--json"])
    bench.main()
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def failing(bench: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], *arguments: object) -> str:
    """The one line that it says, when it ends with status 2."""
    with pytest.raises(SystemExit) as ended:
        run(bench, monkeypatch, capsys, *arguments)
    said = capsys.readouterr()
    assert (ended.value.code, said.out, said.err.count("\n")) == (2, "", 1)
    return said.err


def written(folder: Path, **changed: str) -> list[str]:
    """The options for a corpus, queries and judgements in files."""
    found = ["--no-vectors"]
    for name, content in (GOOD | changed).items():
        path = folder / name
        path.write_text(content, encoding="utf-8")
        found += [f"--{name}", str(path)]
    return found


class TestSearch:
    def test_grades_of_documents_that_are_and_are_not_there(self, tmp_path, monkeypatch, capsys) -> None:
        """Ids are numbers or texts; trec_eval counts what is not there as not found, and so does this."""
        options = written(tmp_path, qrels="1 0 7 2\n1\tQ0\tnowhere\t1.0\n1 0 b 0\n9 0 b 1\n")
        quality = run(search, monkeypatch, capsys, *options)["quality"]
        assert (quality["queries"], quality["relevant"], quality["relevant_not_in_corpus"]) == (1, 2, 1)
        assert quality["words"]["ndcg@10"] == pytest.approx(2 / (2 + 1 / 1.58496), abs=1e-3)
        assert (quality["words"]["mrr"], quality["words"]["recall@5"]) == (1.0, 0.5)

    def test_what_a_file_may_look_like(self, tmp_path, monkeypatch, capsys) -> None:
        """A byte order mark, empty lines, carriage returns, line separators inside of texts, several answers, no id."""
        corpus = tmp_path / "c.jsonl.gz"
        rows = [
            '{"question": "Is gout\u2028inherited?", "answer": ["Yes.", "No."]}',
            "",
            '{"question": "", "answer": "Asthma is."}',
        ]
        corpus.write_bytes(gzip.compress(("\ufeff" + "\r\n".join(rows)).encode()))
        options = written(tmp_path, queries='{"id": "x", "text": "asthma"}\n{"id": "y", "text": ""}', qrels="x 0 1 1\ny 0 0 1")
        quality = run(search, monkeypatch, capsys, *options, "--corpus", corpus)["quality"]
        assert (quality["queries"], quality["words"]["mrr"]) == (2, 0.5)

    @pytest.mark.parametrize(
        ("changed", "said"),
        [
            ({"corpus": ""}, "is empty"),
            ({"corpus": '{"id": 1}'}, "line 1: there is no “question”"),
            ({"corpus": '{"question": "a"}\n{"question'}, "line 2: this is not JSON"),
            ({"corpus": '["a"]'}, "line 1: this is not an object"),
            ({"queries": '{"id": 1}'}, "line 1: a query has"),
            ({"qrels": "1 0 7"}, "line 1: expected"),
            ({"qrels": "1 0 7 good"}, "line 1: expected"),
            ({"qrels": "2 0 7 1"}, "No query has a relevant document"),
        ],
    )
    def test_what_is_wrong_is_said_in_a_line(self, tmp_path, monkeypatch, capsys, changed: dict[str, str], said: str) -> None:
        assert said in failing(search, monkeypatch, capsys, *written(tmp_path, **changed))

    def test_a_file_that_is_not_there_or_not_text(self, tmp_path, monkeypatch, capsys) -> None:
        options = written(tmp_path)
        assert "cannot be read" in failing(search, monkeypatch, capsys, *options, "--corpus", tmp_path / "nowhere")
        (tmp_path / "noise").write_bytes(b"\xff\xfe\x00")
        assert "not UTF-8" in failing(search, monkeypatch, capsys, *options, "--corpus", tmp_path / "noise")


@pytest.mark.slow
class TestDuplicates:
    def test_pairs_in_any_shape(self, tmp_path, monkeypatch, capsys, built_model: Path) -> None:
        path = tmp_path / "p.csv"
        path.write_text(
            "\ufefflabel,n,text2,text1\n"
            '1,0,"Can gout be\npassed on, or not?",Is gout inherited?\n'
            "0.0,1,What is asthma?,Is gout inherited?\n"
            "TRUE,2,Does wine harm with antibiotics?,May I drink wine when I take antibiotics?\n"
            "no,3,,What is asthma?\n"
        )
        report = run(duplicates, monkeypatch, capsys, "--pairs", path, "--model", built_model)
        assert (report["pairs"], report["same"], report["queries"]) == (4, 2, 2)
        assert (report["auc"], report["accuracy"], report["recall@5"]) == (1.0, 1.0, 1.0)
        path.write_text("Is gout inherited?,Can gout be passed on?,0\n")
        report = run(duplicates, monkeypatch, capsys, "--pairs", path, "--model", built_model)
        assert (report["pairs"], report["same"], report["auc"], report["threshold"]) == (1, 0, None, None)

    @pytest.mark.parametrize(
        ("content", "said"),
        [
            ("", "is empty"),
            ("text1,text2\na,b\n", "no columns"),
            ("text1,text2,label\n", "no pairs"),
            ("text1,text2,label\na,b\n", "line 2: a pair has"),
            ("text1,text2,label\na,b,maybe\n", "line 2: a pair has"),
        ],
    )
    def test_what_is_wrong_is_said_in_a_line(self, tmp_path, monkeypatch, capsys, content: str, said: str) -> None:
        path = tmp_path / "p.csv"
        path.write_text(content)
        assert said in failing(duplicates, monkeypatch, capsys, "--pairs", path)


def test_they_run_as_programs_without_a_site(tmp_path) -> None:
    for bench in ("search", "duplicates"):
        command = [sys.executable, f"bench/{bench}.py", "--corpus" if bench == "search" else "--pairs", str(tmp_path / "nowhere")]
        done = subprocess.run(command, env={}, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stderr.count("\n")) == (2, 1), done.stderr
