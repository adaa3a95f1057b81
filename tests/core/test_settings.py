"""Settings come from the environment or from files, and a mistake in one is told without its value."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

from core.settings import Settings, SettingsMistakes, load_settings, unknown_settings


@pytest.fixture(autouse=True)
def empty_environment(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    import os

    for name in [name for name in os.environ if name.upper().startswith("PARTNERSHIP_")]:
        monkeypatch.delenv(name)
    return monkeypatch


def mistakes(**given: object) -> list[str]:
    with pytest.raises(SettingsMistakes) as found:
        load_settings(**given)
    return found.value.lines


def test_without_any_setting_it_is_a_file_under_the_working_directory_on_loopback() -> None:
    settings = load_settings()
    assert settings.database_url.get_secret_value() == "sqlite:///var/partnership.db"
    assert (settings.host, settings.port, settings.role, settings.demo) == ("127.0.0.1", 8000, "all", False)


def test_the_environment_sets_it_and_the_command_line_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_PORT", "9000")
    monkeypatch.setenv("PARTNERSHIP_ROLE", "Worker")
    monkeypatch.setenv("PARTNERSHIP_PUBLIC_URL", "")
    settings = load_settings(port=9100)
    assert (settings.port, settings.role, settings.public_url) == (9100, "worker", None)


@pytest.mark.parametrize("own", ["var/partnership.db", "./var/../var/partnership.db", "var/partnership.db-wal"])
def test_the_list_of_erased_people_is_not_written_into_the_database(own: str) -> None:
    assert mistakes(erasures=own) == ["PARTNERSHIP_ERASURES: this is the database itself; name another file."]
    assert load_settings(erasures="var/partnership.db.erased").erasures == Path("var/partnership.db.erased")
    beside_postgresql = load_settings(erasures="var/partnership.db", database_url="postgresql://localhost/bot")
    assert beside_postgresql.erasures == Path("var/partnership.db")


def test_a_group_is_written_with_two_underscores(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_SLACK__BOT_TOKEN", "hush")
    token = load_settings().slack.bot_token
    assert token is not None
    assert token.get_secret_value() == "hush"


def test_a_secret_is_read_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    url, token = tmp_path / "url", tmp_path / "token"
    url.write_text("postgresql://bot:hush@db/bot\n")
    token.write_text("hush\n")
    monkeypatch.setenv("PARTNERSHIP_DATABASE_URL_FILE", str(url))
    monkeypatch.setenv("PARTNERSHIP_SLACK__BOT_TOKEN_FILE", str(token))
    settings = load_settings()
    assert settings.database_url.get_secret_value() == "postgresql://bot:hush@db/bot"
    assert settings.slack.bot_token is not None
    assert settings.slack.bot_token.get_secret_value() == "hush"
    assert "hush" not in repr(settings)


def test_a_setting_of_slack_that_does_not_exist_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_SLACK__BOTTOKEN", "hush")
    monkeypatch.setenv("PARTNERSHIP_SLACK__COLOUR", "hush")
    assert mistakes() == [
        "PARTNERSHIP_SLACK__BOTTOKEN: there is no such setting. Did you mean PARTNERSHIP_SLACK__BOT_TOKEN?",
        "PARTNERSHIP_SLACK__COLOUR: there is no such setting.",
    ]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        pytest.param("SLACK_BOT_TOKEN", "SLACK__BOT_TOKEN", id="one underscore"),
        pytest.param("SLACK_BOT_TOKEN_FILE", "SLACK__BOT_TOKEN_FILE", id="one underscore, and a file"),
        pytest.param("DATABSE_URL", "DATABASE_URL", id="a letter is missing"),
        pytest.param("DB_URL", "DATABASE_URL", id="what others call it"),
        pytest.param("LOGLEVEL", "LOG_LEVEL", id="no underscore"),
        pytest.param("PROT", "PORT", id="letters change places"),
        pytest.param("TEAMS_SERVICE_HOST", "TEAMS__SERVICE_HOSTS", id="as a service's variable is named"),
        pytest.param("TEEMS__APP_ID", "TEAMS__APP_ID", id="no such group"),
        pytest.param("slack_bot_token", "SLACK__BOT_TOKEN", id="small letters"),
    ],
)
def test_a_mistyped_name_is_a_mistake(monkeypatch: pytest.MonkeyPatch, name: str, meant: str) -> None:
    monkeypatch.setenv(f"PARTNERSHIP_{name}", "hush.example.org")
    assert mistakes() == [f"PARTNERSHIP_{name.upper()}: there is no such setting. Did you mean PARTNERSHIP_{meant}?"]
    monkeypatch.setenv(f"PARTNERSHIP_{name}", "")
    assert load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_SERVICE_HOST", "10.0.0.11"),
        ("BOT_SERVICE_PORT", "8000"),
        ("BOT_SERVICE_PORT_HTTP", "8000"),
        ("BOT_PORT", "tcp://10.0.0.11:8000"),
        ("BOT_PORT_8000_TCP", "tcp://10.0.0.11:8000"),
        ("BOT_PORT_8000_TCP_PROTO", "tcp"),
        ("BOT_PORT_8000_TCP_PORT", "8000"),
        ("BOT_PORT_8000_TCP_ADDR", "fd00::11"),
        ("BOT_WORKER_SERVICE_HOST", "10.0.0.12"),
        ("SERVICE_HOST", "10.0.0.11"),
        ("TEAMS_SERVICE_HOST", "10.0.0.11"),
    ],
)
def test_what_containers_are_told_of_services_is_no_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv(f"PARTNERSHIP_{name}", value)
    assert load_settings().port == 8000
    assert unknown_settings() == []


def test_a_service_of_the_settings_own_name_is_told_apart_from_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_PORT", "tcp://10.0.0.11:8000")
    assert mistakes() == [
        "PARTNERSHIP_PORT: this is what Kubernetes tells of a Service called partnership. Give the Service another "
        "name, or set enableServiceLinks: false for the Pod."
    ]


def test_any_other_name_is_no_mistake_but_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_COLOUR", "hush")
    monkeypatch.setenv("PARTNERSHIP_BOT_TOKEN", "hush")
    monkeypatch.setenv("PARTNERSHIP_HTTP_PORT", "hush")
    monkeypatch.setenv("PARTNERSHIP_SECRET_FILE", "/nowhere/hush")
    assert load_settings()
    assert unknown_settings() == [
        "PARTNERSHIP_BOT_TOKEN: there is no such setting. Did you mean PARTNERSHIP_SLACK__BOT_TOKEN?",
        "PARTNERSHIP_COLOUR: there is no such setting.",
        "PARTNERSHIP_HTTP_PORT: there is no such setting.",
        "PARTNERSHIP_SECRET_FILE: there is no such setting.",
    ]


def test_secrets_are_sent_to_no_address_without_https(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_SLACK__API_URL", "http://hush.example.org/api")
    assert mistakes() == [
        "PARTNERSHIP_SLACK__API_URL: write an address that begins with https://, such as https://slack.com/api/."
    ]
    monkeypatch.setenv("PARTNERSHIP_SLACK__API_URL", "http://127.0.0.1:9000/api")
    assert load_settings().slack.api_url == "http://127.0.0.1:9000/api/"


def test_a_secret_given_twice_is_a_mistake(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("hush")
    monkeypatch.setenv("PARTNERSHIP_SLACK__BOT_TOKEN", "hush")
    monkeypatch.setenv("PARTNERSHIP_SLACK__BOT_TOKEN_FILE", str(tmp_path / "token"))
    assert mistakes() == [
        "PARTNERSHIP_SLACK__BOT_TOKEN: given here and in PARTNERSHIP_SLACK__BOT_TOKEN_FILE; leave one of them out."
    ]


def test_a_file_that_is_not_there_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_DATABASE_URL_FILE", "/nowhere/url")
    assert mistakes() == ["PARTNERSHIP_DATABASE_URL_FILE: this file can't be read."]


def test_each_mistake_has_one_line_with_its_variable_and_never_its_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_PORT", "hush")
    monkeypatch.setenv("PARTNERSHIP_ROLE", "hush")
    monkeypatch.setenv("PARTNERSHIP_DEMO", "hush")
    monkeypatch.setenv("PARTNERSHIP_DATABASE_URL", "mysql://bot:hush@db/bot")
    monkeypatch.setenv("PARTNERSHIP_PUBLIC_URL", "http://hush.example.org")
    assert mistakes() == [
        "PARTNERSHIP_DATABASE_URL: The database URL must name a SQLite file (sqlite:///var/partnership.db) or a "
        "PostgreSQL database (postgresql://user:password@host/name).",
        "PARTNERSHIP_PORT: write a whole number.",
        "PARTNERSHIP_PUBLIC_URL: write an address that begins with https://, such as https://bot.example.org.",
        "PARTNERSHIP_ROLE: write 'all', 'serve' or 'worker'.",
        "PARTNERSHIP_DEMO: write true or false.",
    ]


def test_a_group_given_as_one_value_is_a_mistake(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_SLACK", "hush")
    assert mistakes() == [
        "PARTNERSHIP_SLACK, PARTNERSHIP_TEAMS: write these as single settings, such as PARTNERSHIP_SLACK__NAME=value."
    ]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("PARTNERSHIP_SLACK__BOT_TOKEN", "hush"),
        ("PARTNERSHIP_TEAMS__APP_ID", "hush"),
        ("PARTNERSHIP_HOST", "0.0.0.0"),
        ("PARTNERSHIP_DATABASE_URL", "postgresql://bot:hush@db.example.org/bot"),
        ("PARTNERSHIP_DATABASE_URL", "postgresql://bot:hush@/bot?host=db.example.org"),
        ("PARTNERSHIP_PUBLIC_URL", "https://bot.example.org"),
        ("PARTNERSHIP_ENVIRONMENT", "production"),
    ],
)
def test_the_demo_is_refused_beside_a_production_setting(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    assert mistakes(demo=True) == [
        f"PARTNERSHIP_DEMO: the demo lets anybody be anybody; it can't be on beside {variable}."
    ]
    assert load_settings(demo=False)


@pytest.mark.parametrize(
    "url",
    [
        "sqlite:///var/demo.db",
        "postgresql://bot:hush@localhost/bot",
        "postgresql://bot:hush@127.0.0.1:5433/bot",
        "postgresql://bot:hush@/bot?host=/run/postgresql",
    ],
)
def test_the_demo_may_use_a_database_of_this_machine(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("PARTNERSHIP_DATABASE_URL", url)
    assert load_settings(demo=True).demo


# In the documents

OPERATIONS = (Path(__file__).parent.parent.parent / "docs" / "operations.md").read_text(encoding="utf-8")
OF_DEVELOPMENT = {"environment", "demo"}


def test_every_setting_stands_in_the_documents() -> None:
    named = {each.lower() for each in re.findall(r"`PARTNERSHIP_([A-Z]+(?:_[A-Z]+)*)`", OPERATIONS)}
    groups = {name for name, field in Settings.model_fields.items() if isinstance(field.default, BaseModel)}
    assert named == set(Settings.model_fields) - groups - OF_DEVELOPMENT


def test_the_log_is_text_for_people_unless_a_program_reads_it(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (load_settings().log_level, load_settings().log_format) == ("info", "text")
    monkeypatch.setenv("PARTNERSHIP_LOG_FORMAT", "JSON")
    assert load_settings().log_format == "json"
    monkeypatch.setenv("PARTNERSHIP_LOG_FORMAT", "hush")
    assert mistakes() == ["PARTNERSHIP_LOG_FORMAT: write 'text' or 'json'."]


# What came along with pasted text

TENANT = "87654321-4321-4321-4321-cba987654321"


@pytest.mark.parametrize(
    ("name", "pasted", "expected"),
    [
        pytest.param("tenant_id", TENANT.upper(), TENANT, id="tokens and events are compared in small letters"),
        pytest.param("tenant_id", f"{{{TENANT}}}", TENANT, id="braces, as PowerShell shows an id"),
        pytest.param("tenant_id", f"“{TENANT}”\u00a0", TENANT, id="quotation marks and a non-breaking space"),
        pytest.param("app_id", f"\u200e{TENANT.upper()}", TENANT, id="a direction mark, as Windows copies it"),
        pytest.param("authority", "https://login.example.org/\u200b", "https://login.example.org", id="an address"),
    ],
)
def test_a_setting_of_teams_is_cleaned_of_what_came_along(
    monkeypatch: pytest.MonkeyPatch, name: str, pasted: str, expected: str
) -> None:
    monkeypatch.setenv(f"PARTNERSHIP_TEAMS__{name.upper()}", pasted)
    assert getattr(load_settings().teams, name) == expected


def test_tenants_are_apart_by_commas_semicolons_or_spaces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_TEAMS__ALLOWED_TENANTS", f"{{{TENANT.upper()}}};\u00a0B-2, c-3\n")
    assert load_settings().teams.tenants == {TENANT, "b-2", "c-3"}


def test_a_secret_is_cleaned_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_SLACK__BOT_TOKEN", '"xoxb-hush\u200b"')
    token = load_settings().slack.bot_token
    assert token is not None
    assert token.get_secret_value() == "xoxb-hush"


def test_the_public_address_is_cleaned_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_PUBLIC_URL", "“https://bot.example.org/”\u200b")
    assert load_settings().public_url == "https://bot.example.org"


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        pytest.param("SLACK__BOT_TOKEN", "xoxb–hush", "there is – (En dash, U+2013) in this value", id="a secret"),
        pytest.param("TEAMS__APP_ID", "hush\u0430", "\u0430 (Cyrillic small letter a, U+0430)", id="an id"),
        pytest.param("TEAMS__TENANT_ID", "hush.onmicrosoft.com", "write the Directory (tenant) ID", id="a domain"),
        pytest.param("TEAMS__ALLOWED_TENANTS", f"{TENANT},hush.org", "write the Directory (tenant) ID", id="domains"),
    ],
)
def test_what_can_not_be_meant_in_a_setting_is_told_without_its_value(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str
) -> None:
    monkeypatch.setenv(f"PARTNERSHIP_{variable}", value)
    (line,) = mistakes()
    assert line.startswith(f"PARTNERSHIP_{variable}: ")
    assert words in line
    assert "hush" not in line


def test_the_name_of_a_file_may_have_any_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_TEAMS__FEDERATED_TOKEN_PATH", "/run/tŷ/token")
    assert load_settings().teams.federated_token_path == "/run/tŷ/token"


def test_a_pooler_is_said_to_lend_connections_for_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PARTNERSHIP_DATABASE_URL", "postgresql://localhost/bot")
    assert not load_settings().database().behind_pooler
    monkeypatch.setenv("PARTNERSHIP_DATABASE_POOLER", "Transaction")
    assert load_settings().database().behind_pooler
    monkeypatch.setenv("PARTNERSHIP_DATABASE_POOLER", "pgbouncer")
    assert mistakes() == ["PARTNERSHIP_DATABASE_POOLER: write 'none' or 'transaction'."]
