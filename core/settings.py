"""How this installation is set up, from ``PARTNERSHIP_…`` in the environment.

Groups are separated by two underscores (``PARTNERSHIP_SLACK__BOT_TOKEN``). Every setting may be given as a file
instead by appending ``_FILE`` (``PARTNERSHIP_DATABASE_URL_FILE=/run/secrets/url``), as recommended for secrets.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Final, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, SettingsError

from core.pasted_text import setting
from core.platform_settings import FILE, GROUPS, PlatformSettings, is_loopback, is_safe
from core.platform_settings import SlackSettings as SlackSettings
from core.platform_settings import TeamsSettings as TeamsSettings
from core.setting_names import Misnamed, misnamed
from core.storage.database import Database, parse_url

PREFIX: Final = "PARTNERSHIP_"
_ANYBODY: Final = "lets anybody be anybody; it can't be on beside"
_OF_PLAYGROUND: Final = {("teams", "playground"), ("teams", "pictures")}


class SettingsMistakes(Exception):
    """One line for each mistake. It names the variable and never shows a value, which may be a secret."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        super().__init__("\n".join(lines))


class Settings(PlatformSettings, BaseSettings):
    """Read once, by ``load_settings``, and passed on."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    database_url: SecretStr = SecretStr("sqlite:///var/partnership.db")
    """A SQLite file, relative to the working directory, or a PostgreSQL database; it may contain a password."""
    database_pooler: Literal["none", "transaction"] = "none"
    """Whether a pooler such as PgBouncer gives out PostgreSQL's connections for one transaction at a time."""
    erasures: Path | None = None
    """The list of who was erased: a file that outlives the database. A SQLite file has one beside it by default."""
    host: str = "127.0.0.1"
    port: int = Field(8000, ge=0, le=65535)
    """0 takes any free port."""
    public_url: str | None = None
    """The address at which chat platforms reach this installation, without a trailing slash."""
    role: Literal["all", "serve", "worker"] = "all"
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["text", "json"] = "text"
    environment: Literal["development", "production"] = "development"
    demo: bool = False
    """Anybody who opens the demo can act as anybody in it; see ``not_beside_production``."""

    @field_validator("database_pooler", "role", "log_level", "log_format", "environment", mode="before")
    @classmethod
    def in_small_letters(cls, value: object) -> object:
        return value.lower() if isinstance(value, str) else value

    @field_validator("public_url", "host", mode="before")
    @classmethod
    def without_what_was_pasted_along(cls, value: object) -> object:
        return setting(value) if isinstance(value, str) else value

    @field_validator("port", mode="before")
    @classmethod
    def is_nobody_elses(cls, value: object) -> object:
        if isinstance(value, str) and value.startswith("tcp://"):
            raise ValueError(
                "this is what Kubernetes tells of a Service called partnership. Give the Service another name, or set "
                "enableServiceLinks: false for the Pod."
            )
        return value

    @field_validator("database_url")
    @classmethod
    def is_a_database(cls, value: SecretStr) -> SecretStr:
        parse_url(value.get_secret_value())
        return value

    @field_validator("public_url")
    @classmethod
    def is_an_address(cls, value: str | None) -> str | None:
        if value is None:
            return None
        if not is_safe(value):
            raise ValueError("write an address that begins with https://, such as https://bot.example.org.")
        return value.rstrip("/")

    def database(self) -> Database:
        """The database that they name, in which nothing is open yet."""
        url, pooled = self.database_url.get_secret_value(), self.database_pooler == "transaction"
        return Database(url, self.erasures, pooled=pooled)

    @model_validator(mode="after")
    def erasures_outside_database(self) -> Settings:
        """Whatever is written into the database's own files would destroy it, and what is there is restored with it."""
        url = parse_url(self.database_url.get_secret_value())
        if self.erasures is not None and url.get_backend_name() == "sqlite":
            file = Path(str(url.database)).resolve()
            if self.erasures.resolve() in {Path(f"{file}{ending}") for ending in ("", "-wal", "-shm", "-journal")}:
                raise ValueError(f"{_variable('erasures')}: this is the database itself; name another file.")
        return self

    @model_validator(mode="after")
    def not_beside_production(self) -> Settings:
        signs = list(self._signs_of_production())
        if self.demo and signs:
            raise ValueError(f"{_variable('demo')}: the demo {_ANYBODY} {_variables(signs)}.")
        others = [place for place in signs if place not in _OF_PLAYGROUND]
        if self.teams.playground and others:
            raise ValueError(f"{_variable('teams', 'playground')}: the playground {_ANYBODY} {_variables(others)}.")
        return self

    def _signs_of_production(self) -> Iterator[tuple[str, ...]]:
        yield from self.given()
        if not is_loopback(self.host):
            yield ("host",)
        if not all(is_loopback(host) for host in _database_hosts(self.database_url)):
            yield ("database_url",)
        if self.public_url is not None:
            yield ("public_url",)
        if self.environment == "production":
            yield ("environment",)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 - these names are given by the library
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        return init_settings, env_settings, _Files(settings_cls)


def load_settings(**given: object) -> Settings:
    """The settings in the environment; ``given`` ones (from the command line, say) take precedence.

    Raises ``SettingsMistakes``.
    """
    slips = [each for each in _misnamed() if _is_slip(each)]
    lines = [str(each) for each in slips]
    try:
        found = Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        told = {each.name for each in slips}
        details = error.errors(include_url=False, include_context=True)
        lines += [_line(detail) for detail in details if _variable(*detail["loc"]) not in told]
    except SettingsError:
        groups = ", ".join(_variable(group) for group in GROUPS)
        lines += [f"{groups}: write these as single settings, such as {_variable(GROUPS[0])}__NAME=value."]
    except SettingsMistakes as mistakes:
        lines += mistakes.lines
    else:
        if not lines:
            return found
    raise SettingsMistakes(lines)


def unknown_settings() -> list[str]:
    """A line for each variable in the environment that is named like a setting, is none, and has no effect."""
    return [str(each) for each in _misnamed() if not _is_slip(each)]


def _is_slip(name: Misnamed) -> bool:
    """Nobody else's variable has a group of ours in its name."""
    return name.near or name.name.startswith(tuple(f"{_variable(group)}__" for group in GROUPS))


def _misnamed() -> Iterator[Misnamed]:
    given = {name.upper(): value for name, value in os.environ.items() if name.upper().startswith(PREFIX)}
    return misnamed(given, frozenset(_known()))


def _known() -> Iterator[str]:
    """The variables of all settings, also as the names of files."""
    for name, field in Settings.model_fields.items():
        yield _variable(name)
        yield _variable(name) + FILE
        for of_group in getattr(type(field.default), "model_fields", ()):
            yield _variable(name, of_group)
            yield _variable(name, of_group) + FILE


class _Files(PydanticBaseSettingsSource):
    """Settings given as the name of a file that contains the value."""

    def get_field_value(self, field: FieldInfo, field_name: str) -> tuple[Any, str, bool]:  # noqa: ARG002
        return None, field_name, False

    def __call__(self) -> dict[str, Any]:
        values: dict[str, Any] = {}
        names = {name.upper(): value for name, value in os.environ.items() if value}
        mistakes = []
        for variable in sorted(name for name in names if name.endswith(FILE) and name in _known()):
            plain = variable.removesuffix(FILE)
            try:
                content = Path(names[variable]).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError):
                mistakes.append(f"{variable}: this file can't be read.")
                continue
            if plain in names:
                mistakes.append(f"{plain}: given here and in {variable}; leave one of them out.")
            _put(values, plain.removeprefix(PREFIX).lower().split("__"), content)
        if mistakes:
            raise SettingsMistakes(mistakes)
        return values


def _put(values: dict[str, Any], place: list[str], content: str) -> None:
    for group in place[:-1]:
        values = values.setdefault(group, {})
    values[place[-1]] = content


def _variable(*place: object) -> str:
    return PREFIX + "__".join(str(part) for part in place).upper()


def _variables(places: Iterable[tuple[str, ...]]) -> str:
    return ", ".join(_variable(*place) for place in places)


def _line(detail: ErrorDetails) -> str:
    words = _WORDS.get(detail["type"], detail["msg"]).format(**detail.get("ctx", {}))
    return f"{_variable(*detail['loc'])}: {words}" if detail["loc"] else words


_WORDS: Final = {
    "int_parsing": "write a whole number.",
    "greater_than_equal": "write a number from {ge}.",
    "less_than_equal": "write a number up to {le}.",
    "bool_parsing": "write true or false.",
    "literal_error": "write {expected}.",
    "value_error": "{error}",
    "extra_forbidden": "there is no such setting.",
}


def _database_hosts(database_url: SecretStr) -> list[str]:
    """The hosts of a database URL; none for a file or a local socket."""
    url = parse_url(database_url.get_secret_value())
    hosts = [url.host or "", *url.normalized_query.get("host", ())]
    return [host for host in hosts if host and not host.startswith("/")]
