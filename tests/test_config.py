"""Settings from the environment: typed, and refused with one sentence when wrong."""

import stat
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from consilium.config import Config, load, names, secret_key


def refusal(environ: dict[str, str]) -> str:
    with pytest.raises(ImproperlyConfigured) as refused:
        load(environ)
    sentence = str(refused.value)
    assert "\n" not in sentence
    assert sentence.endswith(".")
    return sentence


def test_nothing_set_is_a_laptop():
    config = load({"PATH": "/usr/bin", "LANG": "C"})
    assert (config.host, config.port, config.data, config.database_url) == ("127.0.0.1", 8000, Path("var"), "")
    assert (config.country, config.time_zone, config.debug, config.demo) == ("US", "UTC", False, False)


def test_every_setting_arrives_as_its_type():
    config = load(
        {
            "HOST": "0.0.0.0", "PORT": "80", "DATABASE_URL": "postgresql://x/y", "CONSILIUM_DATA": "/srv/c",
            "CONSILIUM_DEBUG": "1", "CONSILIUM_ALLOWED_HOSTS": "a.example, b.example,", "CONSILIUM_SITE_URL": "https://a.example/",
            "CONSILIUM_COUNTRY": "AT", "CONSILIUM_TIME_ZONE": "Europe/Vienna", "CONSILIUM_PAGE_SIZE": "50",
        }
    )  # fmt: skip
    assert (config.host, config.port, config.data, config.debug) == ("0.0.0.0", 80, Path("/srv/c"), True)
    assert config.allowed_hosts == ["a.example", "b.example"]
    assert (config.site_url, config.country, config.page_size) == ("https://a.example", "AT", 50)


def test_an_unknown_name_is_refused_by_name():
    assert (
        refusal({"CONSILIUM_SITENAME": "x"})
        == "CONSILIUM_SITENAME is no setting of Consilium. See docs/settings.md for the list."
    )


def test_an_unknown_name_with_file_is_refused_too():
    assert "CONSILIUM_NOTHING_FILE is no setting" in refusal({"CONSILIUM_NOTHING_FILE": "/etc/hostname"})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"), ("PORT", "0"), ("PORT", "65536"), ("CONSILIUM_DEBUG", "perhaps"), ("CONSILIUM_COUNTRY", "Austria"),
        ("CONSILIUM_COUNTRY", "at"), ("CONSILIUM_TIME_ZONE", "Vienna"), ("CONSILIUM_SITE_URL", "example.org"),
        ("CONSILIUM_SITE_URL", "ftp://example.org"), ("CONSILIUM_LOG_LEVEL", "LOUD"), ("CONSILIUM_PAGE_SIZE", "1000000"),
        ("CONSILIUM_CONSENSUS_ALPHA_AGREE", "0.5"), ("CONSILIUM_CONSENSUS_ALPHA_STRONG", "0.06"),
        ("CONSILIUM_MAX_BODY_BYTES", "-1"),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_with_the_name_of_its_setting(name, value):
    assert refusal({name: value}).startswith(f"{name}: ")


def test_a_secret_comes_from_a_file(tmp_path):
    (tmp_path / "key").write_text("quite secret\n")
    assert load({"CONSILIUM_SECRET_KEY_FILE": str(tmp_path / "key")}).secret_key == "quite secret"


def test_a_value_and_a_file_at_once_are_refused(tmp_path):
    (tmp_path / "key").write_text("x")
    sentence = refusal({"CONSILIUM_SECRET_KEY": "x", "CONSILIUM_SECRET_KEY_FILE": str(tmp_path / "key")})
    assert sentence == "CONSILIUM_SECRET_KEY and CONSILIUM_SECRET_KEY_FILE are both set; keep one."


def test_a_missing_file_is_named(tmp_path):
    assert refusal({"DATABASE_URL_FILE": str(tmp_path / "none")}).startswith("DATABASE_URL_FILE cannot be read: ")


def test_a_file_that_is_no_text_is_refused(tmp_path):
    (tmp_path / "key").write_bytes(b"\xff\xfe\x00")
    assert refusal({"CONSILIUM_SECRET_KEY_FILE": str(tmp_path / "key")}).startswith("CONSILIUM_SECRET_KEY_FILE ")


def test_every_setting_has_a_name_and_a_meaning():
    assert set(names().values()) == set(Config.model_fields)
    assert all((field.description or "").endswith(".") for field in Config.model_fields.values())


def test_a_key_is_made_once_and_only_the_owner_reads_it(tmp_path):
    config = load({"CONSILIUM_DATA": str(tmp_path / "new" / "data")})
    made = secret_key(config)
    assert len(made) >= 50
    assert secret_key(config) == made
    kept = config.data / "secret-key"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert [path.name for path in config.data.iterdir()] == ["secret-key"]


def test_a_given_key_is_used_and_none_is_made(tmp_path):
    assert secret_key(load({"CONSILIUM_DATA": str(tmp_path), "CONSILIUM_SECRET_KEY": "given"})) == "given"
    assert not list(tmp_path.iterdir())
