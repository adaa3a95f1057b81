"""The groups of settings for the chat platforms, such as ``PARTNERSHIP_SLACK__…``."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address
from typing import Final, Literal
from urllib.parse import urlsplit

from pydantic import BaseModel, ConfigDict, SecretStr, field_validator, model_validator

FILE: Final = "_FILE"
"""How the name of a setting ends that is given as the name of a file."""


class _Group(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    @model_validator(mode="before")
    @classmethod
    def without_names_of_files(cls, given: object) -> object:
        """Those have been read by ``core.settings``."""
        if not isinstance(given, dict):
            return given
        return {name: value for name, value in given.items() if not name.upper().endswith(FILE)}


class SlackSettings(_Group):
    """How the bot acts in Slack: in one workspace by its bot token, or in many that install it (OAuth)."""

    signing_secret: SecretStr | None = None
    """By which Slack signs what it sends over HTTP."""
    bot_token: SecretStr | None = None
    app_token: SecretStr | None = None
    """For Socket Mode, where Slack can't reach this installation."""
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
    """How the bot acts in Microsoft Teams: as one registered app, in the organisations (tenants) that are named."""

    app_id: str | None = None
    tenant_id: str | None = None
    """The organisation that the app is registered in."""
    client_secret: SecretStr | None = None
    certificate: SecretStr | None = None
    """PEM: the private key, and the certificate that the app's registration knows."""
    federated_token_path: str | None = None
    """A file in which whoever runs this bot puts an ever new token that the app's registration trusts."""
    allowed_tenants: str = ""
    """Organisations whose people the bot talks with, separated by commas; its own where none is named."""
    cloud: Literal["public", "us-government", "china"] = "public"
    openid_url: str | None = None
    """Where the keys of the Bot Connector are described; like the two after it, that of the cloud unless given."""
    authority: str | None = None
    """Where the bot's own tokens come from, without the tenant."""
    service_hosts: str = ""
    """The only hosts that messages are sent to, separated by commas."""
    playground: bool = False
    """For Microsoft's Agents Playground on this computer, which proves nothing: anybody can be anybody in it."""
    pictures: Literal["address", "attachment"] = "address"
    """Whether a picture is shown from an address of this installation, or sent along."""

    @field_validator("openid_url", "authority")
    @classmethod
    def is_an_address(cls, value: str | None) -> str | None:
        if value is not None and not is_safe(value):
            raise ValueError("write an address that begins with https://.")
        return None if value is None else value.rstrip("/")

    @property
    def tenants(self) -> frozenset[str]:
        """Whose people the bot talks with, in small letters."""
        return _listed(self.allowed_tenants) or _listed(self.tenant_id or "")

    @property
    def hosts(self) -> frozenset[str]:
        return _listed(self.service_hosts)


class PlatformSettings(BaseModel):
    """A group for each platform that is set up by settings. ``core`` knows no platform, and this is the one exception:
    whoever adds one adds its group here, besides its line in ``integrations/platforms.py``."""

    slack: SlackSettings = SlackSettings()
    teams: TeamsSettings = TeamsSettings()

    def given(self) -> Iterator[tuple[str, str]]:
        """The group and the name of whatever is set."""
        for group in GROUPS:
            settings: _Group = getattr(self, group)
            yield from ((group, name) for name in settings.model_fields_set)


GROUPS: Final = tuple(PlatformSettings.model_fields)


def _listed(written: str) -> frozenset[str]:
    return frozenset(each.strip().lower() for each in written.split(",") if each.strip())


def is_safe(address: str) -> bool:
    """Whether an address keeps what is sent there from others, and has nothing in it that does not belong."""
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
