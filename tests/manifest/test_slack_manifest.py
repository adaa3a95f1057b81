"""The Slack app's manifest: what Slack takes, what leaders need, and no more permission than there is a reason for."""

from __future__ import annotations

import json
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator
from typer.testing import CliRunner

from integrations.cli import app
from manifest.slack import scopes
from manifest.slack.builder import NoManifest, build_slack_manifest

ROOT = Path(__file__).parent.parent.parent
SCHEMA = ROOT.parent / "shared" / "schemas" / "slack-manifest.schema.json"
"""Slack's own description of a manifest, where it lies beside the project."""
ADDRESS = "https://bot.example.org"
COMMITTED = {
    "http.json": ("--public-url", ADDRESS),
    "socket-mode.json": ("--socket-mode",),
    "many-workspaces.json": ("--public-url", ADDRESS, "--many-workspaces"),
}

Json = dict[str, Any]


def printed(*options: str) -> str:
    result = CliRunner().invoke(app, ["manifest", "slack", *options])
    assert result.exit_code == 0, result.output
    return result.stdout


def http(**options: bool) -> Json:
    return build_slack_manifest(ADDRESS, **options)


def socket_mode() -> Json:
    return build_slack_manifest(socket_mode=True)


def every_manifest() -> list[Json]:
    flags = ("private_channels", "look_back")
    chosen = [dict(zip(flags, each, strict=True)) for each in product((False, True), repeat=2)]
    chosen.append({"many_workspaces": True})
    by_http = [http(**each) for each in chosen]
    by_socket = [build_slack_manifest(ADDRESS, socket_mode=True, **each) for each in chosen]
    return [*by_http, *by_socket, socket_mode()]


def bot_scopes(manifest: Json) -> set[str]:
    return set(manifest["oauth_config"]["scopes"]["bot"])


# What Slack takes


def test_slack_takes_every_manifest() -> None:
    if not SCHEMA.exists():
        pytest.skip("Slack's own description of a manifest is not at hand")
    described = Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    found = [f"{each.json_path}: {each.message}" for made in every_manifest() for each in described.iter_errors(made)]
    assert found == []


def test_slacks_description_knows_a_mistake() -> None:
    if not SCHEMA.exists():
        pytest.skip("Slack's own description of a manifest is not at hand")
    described = Draft7Validator(json.loads(SCHEMA.read_text(encoding="utf-8")))
    made = http()
    made["features"]["app_home"]["messages_tab"] = True
    assert not described.is_valid(made)


def test_the_texts_have_the_lengths_that_slack_wants() -> None:
    shown = http()["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 175 <= len(shown["long_description"]) <= 4000


def test_the_names_are_what_slack_allows_for_commands() -> None:
    for each in http()["features"]["slash_commands"]:
        assert each["command"].startswith("/")
        assert each["command"] == each["command"].lower()
        assert len(each["command"]) <= 32


# What people need


@pytest.mark.parametrize("manifest", [http(), socket_mode()], ids=["http", "socket mode"])
def test_leaders_can_type_to_the_bot(manifest: Json) -> None:
    home = manifest["features"]["app_home"]
    assert home == {
        "home_tab_enabled": True,
        "messages_tab_enabled": True,
        "messages_tab_read_only_enabled": False,
    }


@pytest.mark.parametrize("manifest", [http(), socket_mode()], ids=["http", "socket mode"])
def test_both_commands_tell_how_they_are_used(manifest: Json) -> None:
    commands = {each["command"]: each for each in manifest["features"]["slash_commands"]}
    assert set(commands) == {"/partnership-report", "/partnership"}
    assert all(each["usage_hint"] and each["description"] for each in commands.values())
    told = commands["/partnership-report"]["usage_hint"]
    assert [word for word in ("help", "preview", "cycle", "area") if word not in told] == []


@pytest.mark.parametrize("manifest", [http(), socket_mode()], ids=["http", "socket mode"])
def test_what_happens_is_told_to_the_bot(manifest: Json) -> None:
    settings = manifest["settings"]
    assert set(settings["event_subscriptions"]["bot_events"]) == {
        "message.im", "app_home_opened", "app_uninstalled", "tokens_revoked", "user_change",
    }  # fmt: skip
    assert settings["interactivity"]["is_enabled"] is True


def test_by_http_everything_goes_to_one_address() -> None:
    manifest = http()
    events = f"{ADDRESS}/slack/events"
    assert {each["url"] for each in manifest["features"]["slash_commands"]} == {events}
    assert manifest["settings"]["event_subscriptions"]["request_url"] == events
    assert manifest["settings"]["interactivity"]["request_url"] == events
    assert manifest["settings"]["socket_mode_enabled"] is False
    assert manifest["oauth_config"]["redirect_urls"] == [f"{ADDRESS}/slack/oauth_redirect"]


def test_by_socket_nothing_names_an_address() -> None:
    assert "http" not in json.dumps(socket_mode())
    assert socket_mode()["settings"]["socket_mode_enabled"] is True


def test_tokens_expire_only_where_the_bot_can_renew_them() -> None:
    """A token that was copied into a setting can't be renewed, so it may not expire."""
    assert http()["settings"]["token_rotation_enabled"] is False
    assert http()["settings"]["org_deploy_enabled"] is False
    assert http(many_workspaces=True)["settings"]["token_rotation_enabled"] is True
    assert http(many_workspaces=True)["settings"]["org_deploy_enabled"] is True


# As little permission as can be


def test_the_bot_asks_for_these_and_no_more() -> None:
    assert bot_scopes(http()) == {
        "chat:write", "commands", "im:history", "im:write", "files:write", "files:read", "users:read",
        "users:read.email", "channels:read",
    }  # fmt: skip
    assert bot_scopes(socket_mode()) == bot_scopes(http())


def test_it_acts_for_no_person() -> None:
    assert all("user" not in each["oauth_config"]["scopes"] for each in every_manifest())


def test_what_only_some_need_is_asked_for_by_them_alone() -> None:
    assert bot_scopes(http(private_channels=True)) - bot_scopes(http()) == {"groups:read"}
    assert bot_scopes(http(look_back=True)) - bot_scopes(http()) == {"channels:history", "groups:history"}


def test_each_scope_has_a_reason_and_something_that_needs_it() -> None:
    asked = (*scopes.NEEDED, *scopes.PRIVATE_CHANNELS, *scopes.LOOK_BACK)
    assert all(each.why and each.needed_for for each in asked)
    assert len({each.name for each in asked}) == len(asked)


# What is printed


@pytest.mark.parametrize("name", COMMITTED)
def test_the_examples_are_what_the_command_prints(name: str) -> None:
    committed = (ROOT / "manifest" / "slack" / name).read_text(encoding="utf-8")
    assert printed(*COMMITTED[name]) == committed, f"print it again into manifest/slack/{name}"


def test_yaml_says_the_same_as_json() -> None:
    assert yaml.safe_load(printed("--socket-mode", "--yaml")) == json.loads(printed("--socket-mode"))


def test_a_slash_at_the_end_of_the_address_does_not_matter() -> None:
    assert build_slack_manifest(f"{ADDRESS}/") == http()


@pytest.mark.parametrize(
    "address",
    [
        pytest.param(None, id="none at all"),
        pytest.param("http://bot.example.org", id="Slack wants https"),
        pytest.param("bot.example.org", id="no scheme"),
        pytest.param("https://", id="no host"),
        pytest.param("https://me:secret@bot.example.org", id="a password in it"),
        pytest.param("https://bot.example.org/?a=b", id="a query"),
    ],
)
def test_an_address_that_slack_can_not_use_is_refused_in_words(address: str | None) -> None:
    with pytest.raises(NoManifest, match=r"--public-url https://.* or --socket-mode"):
        build_slack_manifest(address)
    options = () if address is None else ("--public-url", address)
    result = CliRunner().invoke(app, ["manifest", "slack", *options])
    assert result.exit_code == 1
    assert "--socket-mode" in result.stderr


def test_several_workspaces_need_an_address_even_by_socket() -> None:
    with pytest.raises(NoManifest, match="several workspaces"):
        build_slack_manifest(socket_mode=True, many_workspaces=True)


@pytest.mark.parametrize("more", ["private_channels", "look_back"])
def test_what_would_change_nothing_for_who_installs_it_is_refused_in_words(more: str) -> None:
    with pytest.raises(NoManifest, match="Leave out --private-channels and --look-back"):
        http(many_workspaces=True, **{more: True})


def test_the_reasons_can_be_printed() -> None:
    assert printed("--scopes") == scopes.table()
