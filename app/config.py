"""Every setting the service reads, in one class. Nothing else reads the environment."""

import base64
import binascii
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
"""Hosts that only this machine can reach."""


class Settings(BaseSettings):
    """Values come from AFTERGLOW_* variables. Every one has a default that is safe on a laptop."""

    model_config = SettingsConfigDict(
        env_prefix="AFTERGLOW_", extra="ignore", frozen=True, hide_input_in_errors=True
    )

    database_url: SecretStr | None = None
    """What serve logs in with, postgresql://user:password@host/name. Unset: embedded PostgreSQL."""

    owner_url: SecretStr | None = None
    """What migrate and the `add` commands log in with. Unset: database_url is the owner's."""

    data_dir: Path = Path(".afterglow")
    """Where the embedded PostgreSQL and the secrets Afterglow makes for itself are kept."""

    host: str = "127.0.0.1"
    """The address to listen on. Other than loopback needs tls_in_front."""

    port: Annotated[int, Field(ge=0, le=65535)] = 8000
    """The port to listen on."""

    tls_in_front: bool = False
    """Say true when a proxy in front ends TLS, and only then listen beyond loopback."""

    proxies: str = "127.0.0.1"
    """With tls_in_front: addresses, comma-separated, whose X-Forwarded-For is believed."""

    workers: Annotated[int, Field(ge=1, le=64)] = 1
    """Processes that answer requests. Each has a pool of its own."""

    pool_size: Annotated[int, Field(ge=1, le=500)] = 10
    """Database connections each process keeps."""

    pool_wait_seconds: Annotated[float, Field(gt=0, le=300)] = 30.0
    """How long a request waits for a connection before it is told 503."""

    statement_timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 15.0
    """A statement that takes longer is cancelled."""

    lock_timeout_seconds: Annotated[float, Field(gt=0, le=600)] = 10.0
    """A statement that waits longer for another's lock is cancelled."""

    max_body_bytes: Annotated[int, Field(ge=1024)] = 1024 * 1024
    """A request body over this is 413."""

    body_seconds: Annotated[float, Field(gt=0, le=600)] = 15.0
    """A request body that is not complete by then is 408."""

    max_connections: Annotated[int, Field(ge=1)] = 1000
    """Client connections each process holds open; one more is told 503."""

    keep_alive_seconds: Annotated[int, Field(ge=1, le=3600)] = 5
    """How long a connection may idle between requests. Longer than a proxy in front keeps it."""

    shutdown_seconds: Annotated[int, Field(ge=1, le=600)] = 20
    """How long a stopping service lets running requests finish."""

    access_token_minutes: Annotated[int, Field(ge=1, le=1440)] = 60
    """How long an access token lives."""

    idle_minutes: Annotated[int, Field(ge=1, le=1440)] = 20
    """After so long without a touch a page in a browser locks itself."""

    requests_per_minute: Annotated[int, Field(ge=0, le=10_000_000)] = 60_000
    """How often one caller may ask the API of each process, before it is told 429. 0: no limit."""

    alert_url: str | None = None
    """Where alerts of level warn and above are sent, as Standard Webhooks."""

    alert_secret: SecretStr | None = None
    """The key (whsec_...) that signs them. Unset: one is made and kept in the data directory."""

    keep_changes_days: Annotated[int, Field(ge=7, le=36500)] = 400
    """How long GET /v1/changes tells of a change; an older cursor has expired."""

    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    """The least that is logged."""

    @field_validator("alert_url")
    @classmethod
    def alerts_go_somewhere(cls, url: str | None) -> str | None:
        """An address that is none would only be noticed when nobody was paged."""
        if not url:
            return None
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError("AFTERGLOW_ALERT_URL must be a URL like https://pager.example/hook")
        return url

    @field_validator("alert_secret")
    @classmethod
    def alerts_can_be_signed(cls, secret: SecretStr | None) -> SecretStr | None:
        """A key that can't be read would only be noticed when nobody was paged."""
        text = secret.get_secret_value().removeprefix("whsec_").rstrip("=") if secret else ""
        try:
            key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
        except binascii.Error:
            key = b""
        if secret and not key:
            raise ValueError("AFTERGLOW_ALERT_SECRET must be whsec_ and a key in base64")
        return secret or None

    @model_validator(mode="after")
    def stays_on_loopback_without_tls(self) -> Self:
        """Charts never cross a network in the clear."""
        if self.host not in LOOPBACK and not self.tls_in_front:
            raise ValueError(
                "AFTERGLOW_HOST is not loopback: end TLS in front of Afterglow and say so with "
                "AFTERGLOW_TLS_IN_FRONT=true, or listen on 127.0.0.1"
            )
        return self
