"""Check whether the bot can work in Slack, and list each problem in one sentence. Changes nothing there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Final

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from sqlalchemy import Connection as Transaction
from sqlalchemy import select

from bot.platform import OutcomeUnknown, RateLimited, SendFailed, Unreachable
from core.services import linking
from core.settings import Settings, SettingsMistakes, SlackSettings
from core.storage import tables
from core.storage.database import Database
from integrations.registration import Checked
from integrations.slack import installations
from integrations.slack.connection import CALL_ERRORS, in_our_words
from integrations.slack.errors import Trouble, code_of, trouble_of
from integrations.slack.installations import Installation
from integrations.slack.parse import PLATFORM
from integrations.slack.setup import Slack, slack_of
from integrations.slack.workspaces import OneWorkspace, Workspace
from manifest.slack import scopes

_table = tables.Channel.__table__

_AGAIN: Final = "Add it in the app's manifest (partnership-bot manifest slack), then install the app again."
_INVITE: Final = "Type there: /invite @Partnership bot"


@dataclass(frozen=True, slots=True)
class _Channel:
    partnership: str
    tenant: str
    id: str


async def check_up(settings: Settings, database: Database, clock: Callable[[], datetime]) -> list[Checked]:
    """Ask Slack. Raises only the database's own errors: whatever can't be found out is reported."""
    found = list(_in_settings(settings.slack, settings.public_url))
    try:
        slack = slack_of(settings, database, clock)
    except SettingsMistakes as mistakes:
        return [*found, *(Checked(False, f"Slack: {line}") for line in mistakes.lines)]
    if slack is None:
        return found
    try:
        return [*found, *await _in_slack(slack)]
    finally:
        await slack.connection.close()


# The settings


def _in_settings(slack: SlackSettings, public_url: str | None) -> Iterator[Checked]:
    if slack.bot_token is None and slack.client_id is None:
        yield _no("there is no bot token. Set PARTNERSHIP_SLACK__BOT_TOKEN; docs/slack.md says where to find it.")
    if slack.bot_token is not None and not slack.bot_token.get_secret_value().startswith("xoxb-"):
        yield _no("PARTNERSHIP_SLACK__BOT_TOKEN is another kind of token: a bot token begins with xoxb-.")
    if slack.app_token is not None and not slack.app_token.get_secret_value().startswith("xapp-"):
        yield _no("PARTNERSHIP_SLACK__APP_TOKEN is another kind of token: an app-level token begins with xapp-.")
    if slack.signing_secret is None and slack.app_token is None:
        yield _no(
            "nothing that happens there can come in. Set PARTNERSHIP_SLACK__SIGNING_SECRET if Slack can reach this "
            "bot, or PARTNERSHIP_SLACK__APP_TOKEN for Socket Mode."
        )
    if slack.client_id is not None and public_url is None:
        yield _no("nobody can install the app. Set PARTNERSHIP_PUBLIC_URL to where Slack reaches this bot.")


def _no(words: str) -> Checked:
    return Checked(False, f"Slack: {words}")


# Slack itself


async def _in_slack(slack: Slack) -> list[Checked]:
    found = [*await _app_token(slack), *await _workspaces(slack)]
    if isinstance(slack.workspaces, OneWorkspace) and not await _is_introduced(slack, slack.workspaces):
        return found
    channels = await slack.database.read(_channels)
    told = [await _in_words(slack, each) for each in channels]
    return [*found, *told, *await _people(slack, sorted({each.tenant for each in channels}))]


async def _app_token(slack: Slack) -> list[Checked]:
    token = slack.settings.app_token
    if token is None:
        return []
    try:
        await slack.connection.client("").apps_connections_open(app_token=token.get_secret_value())
    except SlackApiError as error:
        words = (
            f"PARTNERSHIP_SLACK__APP_TOKEN is not taken ({code_of(error)}). Make one with the scope "
            f"{scopes.CONNECTION} under Basic Information, and switch Socket Mode on."
        )
        return [_no(words)]
    except CALL_ERRORS:
        return [_no("it could not be reached to open Socket Mode.")]
    return [Checked(True, "Slack: Socket Mode can be opened.")]


async def _workspaces(slack: Slack) -> list[Checked]:
    if slack.settings.bot_token is not None:
        return await _token(slack, slack.settings.bot_token.get_secret_value())
    every = await slack.database.read(installations.every)
    if not every:
        return [Checked(True, "Slack: no workspace has installed the app yet. Its people begin at /slack/install")]
    return [checked for each in every for checked in await _installed(slack, each)]


async def _installed(slack: Slack, installation: Installation) -> list[Checked]:
    name = f"{installation.name or installation.tenant}: "
    try:
        workspace = await slack.workspaces.find(installation.tenant)
    except (RateLimited, SendFailed, OutcomeUnknown, Unreachable) as trouble:
        return [_no(f"{name}{_reason(trouble)}")]
    return [] if workspace is None else await _token(slack, workspace.token, name)


async def _is_introduced(slack: Slack, workspace: OneWorkspace) -> bool:
    try:
        return await workspace.learn(slack.connection) is not None
    except (RateLimited, *CALL_ERRORS):
        return False


async def _token(slack: Slack, token: str, name: str = "") -> list[Checked]:
    """Whose token it is, and what it may do."""
    try:
        answer = await slack.connection.client(token).auth_test()
    except CALL_ERRORS as error:
        return [_no(f"{name}{_reason(trouble_of(error))}")]
    where = answer.get("team") or answer.get("team_id")
    lacks = [
        _no(f"in {where} the app lacks {each.name}, so the bot can't {each.why}. {_AGAIN}")
        for each in _missing(answer.headers.get("x-oauth-scopes", ""))
    ]
    return lacks or [Checked(True, f"Slack: the bot is in {where} and may do all it needs.")]


def _reason(trouble: Trouble) -> str:
    return "it asks for a pause; try again in a minute." if isinstance(trouble, RateLimited) else trouble.reason


def _missing(granted: str) -> list[scopes.Scope]:
    """The scopes the token lacks; nothing if Slack didn't say which it has."""
    has = {each.strip() for each in granted.split(",") if each.strip()}
    return [each for each in scopes.NEEDED if has and each.name not in has]


def _channels(reading: Transaction) -> list[_Channel]:
    wanted = select(_table.c.partnership_id, _table.c.tenant, _table.c.conversation).where(
        _table.c.platform == PLATFORM
    )
    return [_Channel(*row) for row in reading.execute(wanted.order_by(*_table.primary_key))]


async def _in_words(slack: Slack, channel: _Channel) -> Checked:
    name = f"the channel {channel.id} of {channel.partnership}"
    try:
        workspace = await slack.workspaces.find(channel.tenant)
        if workspace is None:
            return _no(f"{name}: the bot is not in the workspace {channel.tenant}. Check its id in the file.")
        return await _of_channel(slack, workspace, channel, name)
    except (RateLimited, SendFailed, OutcomeUnknown, Unreachable) as trouble:
        return _no(f"{name}: {_reason(trouble)}")


async def _of_channel(slack: Slack, workspace: Workspace, channel: _Channel, name: str) -> Checked:
    async def look(web: AsyncWebClient) -> AsyncSlackResponse:
        return await web.conversations_info(channel=channel.id)

    with in_our_words():
        try:
            answer = await slack.connection.ask(workspace.tenant, workspace.token, "conversations.info", look)
        except SlackApiError as error:
            if code_of(error) == "channel_not_found":
                return _no(f"{name} is not known, or is private and the bot is not in it. {_INVITE}, and check the id.")
            if code_of(error) == "missing_scope":
                return Checked(True, f"Slack: {name} is private, and the app may not look. See --private-channels.")
            raise
    match answer:
        case {"channel": {"is_archived": True}}:
            return _no(f"{name} is archived. Choose another in the partnership's file.")
        case {"channel": {"is_member": True}}:
            return Checked(True, f"Slack: the bot is in {name}.")
        case _:
            return _no(f"the bot is not in {name}, so no report can be posted there. {_INVITE}")


async def _people(slack: Slack, tenants: Sequence[str]) -> list[Checked]:
    """For each workspace with a channel, how many people the bot can't write to yet."""
    told = []
    for each in tenants:
        unjoined = await slack.database.read(partial(linking.unjoined, platform=PLATFORM, tenant=each))
        if unjoined:
            words = f"{len(unjoined)} who take part have no account in {each} yet. Look them up with:"
            told.append(Checked(True, f"Slack: {words} partnership-bot find-people"))
    return told
