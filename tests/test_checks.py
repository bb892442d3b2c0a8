"""`consilium check --deploy` on settings as a laptop has them and as a public site should have them."""

import os
import subprocess
import sys

import pytest
from django.core.checks import WARNING

from consilium import checks
from consilium.search import semantic
from tests.search.conftest import built_model

__all__ = ["built_model"]  # a fixture
pytestmark = pytest.mark.slow

PUBLIC = {
    "CONSILIUM_SITE_URL": "https://ask.example.org",
    "CONSILIUM_TRUSTED_PROXIES": "127.0.0.1",
    "CONSILIUM_EMAIL_URL": "smtp://localhost:25",
}


def check(tmp_path, **extra: str) -> subprocess.CompletedProcess[str]:
    environment = {"PATH": os.environ["PATH"], "CONSILIUM_DATA": str(tmp_path), **extra}
    command = [sys.executable, "-m", "consilium.cli", "check", "--deploy", "--fail-level", "WARNING"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_a_public_site_has_nothing_to_mend(tmp_path, built_model):
    (tmp_path / "model").symlink_to(built_model)
    done = check(tmp_path, **PUBLIC)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_missing_language_model_is_named_and_is_no_error(tmp_path, monkeypatch):
    done = check(tmp_path, **PUBLIC)
    assert done.returncode == 1
    assert "consilium.W005" in done.stderr
    assert "consilium model build" in done.stderr
    assert [found.level for found in checks.language_model(None)] == [WARNING]
    monkeypatch.setattr(semantic, "INSTALLED", False)
    assert checks.language_model(None) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"CONSILIUM_SITE_URL": ""}, "W001"),
        ({"CONSILIUM_TRUSTED_PROXIES": ""}, "W002"),
        ({"CONSILIUM_EMAIL_URL": ""}, "W003"),
        ({"CONSILIUM_DEMO": "1"}, "W004"),
        ({"CONSILIUM_DEBUG": "1"}, "W018"),
    ],
)
def test_each_gap_is_named(tmp_path, change, found):
    done = check(tmp_path, **(PUBLIC | change))
    assert done.returncode == 1
    assert found in done.stderr
