"""The operator's settings: read once from the environment, typed, refused loudly when wrong."""

import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import available_timezones

from django.core.exceptions import ImproperlyConfigured
from pydantic import AliasChoices, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo, field_validator

PREFIX = "CONSILIUM_"
# Read by the test suite and the benchmarks, not by the site.
TOOL_NAMES = frozenset({"CONSILIUM_TEST_DATABASE", "CONSILIUM_SEEDS", "CONSILIUM_CHROMIUM"})


def _named(name: str) -> AliasChoices:
    return AliasChoices(name)


class Config(BaseModel):
    """Every setting, with its meaning; docs/settings.md is checked against this class."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = Field("127.0.0.1", validation_alias=_named("HOST"), description="Address that `consilium serve` listens on.")
    port: int = Field(
        8000, ge=1, le=65535, validation_alias=_named("PORT"), description="Port that `consilium serve` listens on."
    )
    database_url: str = Field(
        "",
        validation_alias=_named("DATABASE_URL"),
        description="PostgreSQL as `postgresql://…`; empty: SQLite in the data folder.",
    )
    data: Path = Field(
        Path("var"), validation_alias=_named("CONSILIUM_DATA"), description="Folder for the database, files and mail."
    )
    secret_key: str = Field(
        "",
        validation_alias=_named("CONSILIUM_SECRET_KEY"),
        description="Signs sessions; empty: made once and kept in the data folder.",
    )
    debug: bool = Field(
        default=False, validation_alias=_named("CONSILIUM_DEBUG"), description="Error pages with details; never on a public site."
    )
    demo: bool = Field(
        default=False, validation_alias=_named("CONSILIUM_DEMO"), description="Pages say that people and texts are invented."
    )
    site_name: str = Field(
        "Consilium", validation_alias=_named("CONSILIUM_SITE_NAME"), description="Name in the header and in mails."
    )
    site_url: str = Field(
        "",
        validation_alias=_named("CONSILIUM_SITE_URL"),
        description="Public address, `https://…`, for links in mails, feeds and sitemaps.",
    )
    allowed_hosts: list[str] = Field(
        ["localhost", "127.0.0.1", "[::1]"],
        validation_alias=_named("CONSILIUM_ALLOWED_HOSTS"),
        description="Host names the site answers to, separated by commas; the host of CONSILIUM_SITE_URL is always one.",
    )
    trusted_proxies: list[str] = Field(
        [],
        validation_alias=_named("CONSILIUM_TRUSTED_PROXIES"),
        description="Addresses of reverse proxies whose X-Forwarded-For and X-Forwarded-Proto are believed.",
    )
    country: str = Field(
        "US",
        pattern="^[A-Z]{2}$",
        validation_alias=_named("CONSILIUM_COUNTRY"),
        description="Country (ISO 3166, two letters) whose emergency number is shown to a reader who has chosen none.",
    )
    time_zone: str = Field(
        "UTC", validation_alias=_named("CONSILIUM_TIME_ZONE"), description="Time zone of a reader who has chosen none."
    )
    email_url: str = Field(
        "",
        validation_alias=_named("CONSILIUM_EMAIL_URL"),
        description="Mail server as `smtp://user:password@host:port` (`smtps://` for TLS); empty: mails are files.",
    )
    email_from: str = Field(
        "Consilium <noreply@localhost>", validation_alias=_named("CONSILIUM_EMAIL_FROM"), description="Sender of mails."
    )
    contact: str = Field(
        "",
        validation_alias=_named("CONSILIUM_CONTACT"),
        description="Address of those who run the site, `mailto:…` or `https://…`: on the privacy page, in security.txt, "
        "told to registries that are asked.",
    )
    log_level: str = Field(
        "INFO",
        pattern="^(DEBUG|INFO|WARNING|ERROR)$",
        validation_alias=_named("CONSILIUM_LOG_LEVEL"),
        description="Least severe log line that is written.",
    )
    page_size: int = Field(
        20, ge=5, le=100, validation_alias=_named("CONSILIUM_PAGE_SIZE"), description="Entries on one page of a list."
    )
    max_body_bytes: int = Field(
        10_000_000, ge=100_000, validation_alias=_named("CONSILIUM_MAX_BODY_BYTES"), description="Largest request body, in bytes."
    )

    consensus_alpha_agree: float = Field(
        0.05,
        gt=0,
        lt=0.5,
        validation_alias=_named("CONSILIUM_CONSENSUS_ALPHA_AGREE"),
        description="Chance that “most say” is printed although no stance is held by more than half of such doctors.",
    )
    consensus_alpha_strong: float = Field(
        0.02,
        gt=0,
        lt=0.5,
        validation_alias=_named("CONSILIUM_CONSENSUS_ALPHA_STRONG"),
        description="The same chance for “nearly all say”.",
    )
    metadata: str = Field(
        "off",
        pattern="^(off|crossref)$",
        validation_alias=_named("CONSILIUM_METADATA"),
        description="Who is asked for titles of cited works: `off` nobody; `crossref` Crossref for DOIs, PubMed for its numbers.",
    )
    metadata_crossref_url: str = Field(
        "https://api.crossref.org",
        validation_alias=_named("CONSILIUM_METADATA_CROSSREF_URL"),
        description="Where Crossref or a mirror of it answers.",
    )
    metadata_pubmed_url: str = Field(
        "https://eutils.ncbi.nlm.nih.gov/entrez/eutils",
        validation_alias=_named("CONSILIUM_METADATA_PUBMED_URL"),
        description="Where PubMed’s E-utilities or a mirror of them answer.",
    )

    @field_validator("allowed_hosts", "trusted_proxies", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @field_validator("consensus_alpha_strong")
    @classmethod
    def _not_weaker(cls, value: float, info: ValidationInfo) -> float:
        if value > info.data.get("consensus_alpha_agree", value):
            raise ValueError("must not be greater than CONSILIUM_CONSENSUS_ALPHA_AGREE")
        return value

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        if value not in available_timezones():
            raise ValueError("is no time zone name; use one such as Europe/Vienna")
        return value

    @field_validator("contact")
    @classmethod
    def _reachable(cls, value: str) -> str:
        if value and not value.startswith(("mailto:", "https://")):
            raise ValueError("must start with mailto: or https://")
        return value

    @field_validator("metadata_crossref_url", "metadata_pubmed_url")
    @classmethod
    def _registry(cls, value: str) -> str:
        parts = urlsplit(value)
        near = parts.scheme == "http" and parts.hostname in {"127.0.0.1", "::1", "localhost"}
        if not parts.hostname or not (parts.scheme == "https" or near) or parts.query or parts.fragment or parts.username:
            raise ValueError("must be an https:// address without user, query and fragment")
        return value.rstrip("/")

    @field_validator("site_url")
    @classmethod
    def _plain_url(cls, value: str) -> str:
        if value and not value.startswith(("http://", "https://")):
            raise ValueError("must start with https:// or http://")
        return value.rstrip("/")


def names() -> dict[str, str]:
    """Environment name → attribute of Config."""
    return {
        str(field.validation_alias.choices[0]): name
        for name, field in Config.model_fields.items()
        if isinstance(field.validation_alias, AliasChoices)
    }


def load(environ: Mapping[str, str] | None = None) -> Config:
    """Read the settings; raise ImproperlyConfigured with one sentence that names what is wrong."""
    source = dict(os.environ if environ is None else environ)
    known = names()
    _refuse_unknown(source, known)
    values = {name: _value(source, name) for name in known if name in source or f"{name}_FILE" in source}
    try:
        return Config.model_validate(values)
    except ValidationError as error:
        first = error.errors()[0]
        raise ImproperlyConfigured(
            f"{first['loc'][0]}: {first['msg'].removeprefix('Value error, ')}. See docs/settings.md."
        ) from None


def _refuse_unknown(source: Mapping[str, str], known: Mapping[str, str]) -> None:
    for name in source:
        if name.startswith(PREFIX) and name.removesuffix("_FILE") not in known and name not in TOOL_NAMES:
            raise ImproperlyConfigured(f"{name} is no setting of Consilium. See docs/settings.md for the list.")


def _value(source: Mapping[str, str], name: str) -> str:
    if f"{name}_FILE" not in source:
        return source[name]
    if name in source:
        raise ImproperlyConfigured(f"{name} and {name}_FILE are both set; keep one.")
    try:
        return Path(source[f"{name}_FILE"]).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise ImproperlyConfigured(f"{name}_FILE cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise ImproperlyConfigured(f"{name}_FILE names a file that is not UTF-8 text.") from None


def secret_key(config: Config) -> str:
    """The given key, or one made once per data folder (mode 600), so that a first start needs no setting."""
    if config.secret_key:
        return config.secret_key
    path = config.data / "secret-key"
    if not path.exists():
        config.data.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f"secret-key.{os.getpid()}")
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_urlsafe(50), encoding="ascii")
        # A link either makes the whole file or fails: two first starts at once agree on one key.
        with suppress(FileExistsError):
            os.link(fresh, path)
        fresh.unlink()
    return path.read_text(encoding="ascii").strip()
