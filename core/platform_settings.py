"""The groups of settings for the chat platforms, such as ``PARTNERSHIP_SLACK__…``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr, ValidationInfo, field_validator, model_validator

from core.pasted_text import guid, not_ascii, setting

FILE: Final = "_FILE"
"""The suffix of a setting whose value is the name of a file."""


_PATHS: Final = ("federated_token_path",)
_TENANT: Final = re.compile("[A-Za-z0-9-]{1,64}")
"""What Teams can send as a tenant; a domain such as contoso.onmicrosoft.com never comes in."""


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def without_names_of_files(cls, given: object) -> object:
        """Drop the settings given as files, which ``core.settings`` has already read; clean what was pasted."""
        if not isinstance(given, dict):
            return given
        kept = {name: value for name, value in given.items() if not name.upper().endswith(FILE)}
        return {name: setting(value) if isinstance(value, str) else value for name, value in kept.items()}

    @field_validator("*")
    @classmethod
    def is_typed_plainly(cls, value: object, info: ValidationInfo) -> object:
        """Ids, secrets and addresses on the internet have nothing else; the name of a file may."""
        text = value.get_secret_value() if isinstance(value, SecretStr) else value
        if isinstance(text, str) and info.field_name not in _PATHS and (strange := not_ascii(text)):
            raise ValueError(f"there is {strange} in this value. Type it again.")
        return value


class SlackSettings(_Group):
    """How the bot acts in Slack: in one workspace by its bot token, or in many that install it (OAuth)."""

    signing_secret: SecretStr | None = None
    """The secret with which Slack signs what it sends over HTTP."""
    bot_token: SecretStr | None = None
    app_token: SecretStr | None = None
    """For Socket Mode, if Slack can't reach this installation."""
    client_id: str | None = None
    client_secret: SecretStr | None = None
    api_url: str = "https://slack.com/api/"
    encryption_keys: SecretStr | None = None
    """Fernet keys for the tokens of installations, separated by commas; the first one encrypts, all of them decrypt."""

    @field_validator("api_url")
    @classmethod
    def is_an_address(cls, value: str) -> str:
        if not is_safe(value):
            raise ValueError("write an address that begins with https://, such as https://slack.com/api/.")
        return value.rstrip("/") + "/"


class TeamsSettings(_Group):
    """How the bot acts in Microsoft Teams: as one registered app, in the listed organisations (tenants)."""

    app_id: str | None = None
    tenant_id: str | None = None
    """The organisation that the app is registered in."""
    client_secret: SecretStr | None = None
    certificate: SecretStr | None = None
    """PEM: the private key, and the certificate uploaded to the app's registration."""
    federated_token_path: str | None = None
    """A file in which the operator keeps an up-to-date token that the app's registration trusts."""
    allowed_tenants: str = ""
    """Organisations whose people the bot talks to, separated by commas; only its own if none is given."""
    cloud: Literal["public", "us-government", "china"] = "public"
    openid_url: str | None = None
    """The Bot Connector's key metadata; like the next two, it defaults to the cloud's address."""
    authority: str | None = None
    """Where the bot's own tokens come from, without the tenant."""
    service_hosts: str = ""
    """The only hosts that messages are sent to, separated by commas."""
    playground: bool = False
    """For Microsoft's Agents Playground on this computer, which authenticates nobody: anybody can be anybody in it."""
    pictures: Literal["address", "attachment"] = "address"
    """Whether pictures are linked from this installation or embedded in the message."""

    @field_validator("app_id", "tenant_id")
    @classmethod
    def in_small_letters(cls, value: str | None) -> str | None:
        return value if value is None else guid(value) or value

    @field_validator("tenant_id", "allowed_tenants")
    @classmethod
    def are_ids(cls, value: str | None) -> str | None:
        if not all(_TENANT.fullmatch(each) for each in _listed(value or "")):
            raise ValueError("write the Directory (tenant) ID, such as 87654321-4321-4321-4321-cba987654321.")
        return value

    @field_validator("openid_url", "authority")
    @classmethod
    def is_an_address(cls, value: str | None) -> str | None:
        if value is not None and not is_safe(value):
            raise ValueError("write an address that begins with https://.")
        return None if value is None else value.rstrip("/")

    @property
    def tenants(self) -> frozenset[str]:
        """The organisations whose people the bot talks to, in lower case."""
        return _listed(self.allowed_tenants) or _listed(self.tenant_id or "")

    @property
    def hosts(self) -> frozenset[str]:
        return _listed(self.service_hosts)


class PlatformSettings(BaseModel):
    """A group for each platform that has settings.

    This is the one place where ``core`` knows about platforms: to add one, add its group here as well as its line in
    ``integrations/platforms.py``."""

    slack: SlackSettings = SlackSettings()
    teams: TeamsSettings = TeamsSettings()

    def given(self) -> Iterator[tuple[str, str]]:
        """The group and name of every setting that is set."""
        for group in GROUPS:
            settings: _Group = getattr(self, group)
            yield from ((group, name) for name in settings.model_fields_set)


GROUPS: Final = tuple(PlatformSettings.model_fields)


def _listed(written: str) -> frozenset[str]:
    return frozenset(guid(each) or each.lower() for each in re.split(r"[,;\s]+", written) if each)


def is_safe(address: str) -> bool:
    """Whether an address protects what is sent there, and contains nothing that does not belong."""
    url = urlsplit(address)
    safe = url.scheme == "https" or (url.scheme == "http" and is_loopback(url.hostname))
    return safe and bool(url.hostname) and not (url.query or url.fragment or url.username)


def is_loopback(host: str | None) -> bool:
    if host is None or host == "localhost":
        return host is not None
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
