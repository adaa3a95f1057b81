"""Check whether the bot can work in Slack, and list each problem in one sentence. Changes nothing there.

What is stored is always looked at; Slack itself only where it is to be asked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
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
from integrations.side_by_side import side_by_side
from integrations.slack import installations
from integrations.slack.connection import CALL_ERRORS, Answer, in_our_words
from integrations.slack.errors import Trouble, code_of, trouble_of
from integrations.slack.installations import Installation
from integrations.slack.parse import PLATFORM
from integrations.slack.setup import Slack, slack_of, vault_of
from integrations.slack.vault import UnreadableSecret, Vault
from integrations.slack.workspaces import OneWorkspace, Workspace
from manifest.slack import scopes

_table = tables.Channel.__table__

_AGAIN: Final = "Add it in the app's manifest (partnership-bot manifest slack), then install the app again."
_INVITE: Final = "Type there: /invite @Partnership bot"
_NOBODY_YET: Final = "Slack: no workspace has installed the app yet. Its people begin at /slack/install"

_A_PAGE: Final = 999
"""As many as Slack gives at once."""
_MOST_PAGES: Final = 50
_MOST_ASKED: Final = 10
"""Channels of a workspace that are asked about one by one."""


@dataclass(frozen=True, slots=True)
class _Channel:
    partnership: str
    tenant: str
    id: str

    @property
    def name(self) -> str:
        return f"the channel {self.id} of {self.partnership}"


async def check_up(
    settings: Settings, database: Database, clock: Callable[[], datetime], *, ask: bool
) -> list[Checked]:
    """Raises only the database's own errors: whatever can't be found out is reported."""
    found = list(_in_settings(settings.slack, settings.public_url))
    try:
        slack = slack_of(settings, database, clock)
    except SettingsMistakes as mistakes:
        return [*found, *(Checked(False, f"Slack: {line}") for line in mistakes.lines)]
    if slack is None:
        return found
    if not ask:
        return [*found, *await database.read(partial(_stored, slack=settings.slack))]
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


# What is stored


def _stored(reading: Transaction, slack: SlackSettings) -> list[Checked]:
    channels = _by_workspace(_channels(reading))
    found = [] if slack.bot_token is not None else [*_installations(reading, slack, channels)]
    return [*found, *(told for tenant in channels for told in _people(reading, tenant))]


def _installations(
    reading: Transaction, slack: SlackSettings, channels: Mapping[str, Sequence[_Channel]]
) -> Iterator[Checked]:
    installed = installations.every(reading)
    if not installed:
        yield Checked(True, _NOBODY_YET)
    for each in installed:
        if (words := _unreadable(vault_of(slack), each)) is not None:
            yield _no(words)
    if any(installations.is_organisation(each.tenant) for each in installed):
        return  # Only Slack knows which workspaces are its.
    known = {each.tenant for each in installed}
    yield from (_not_in(tenant, those) for tenant, those in channels.items() if tenant not in known)


def _unreadable(vault: Vault, installation: Installation) -> str | None:
    try:
        vault.open(installation.tenant, installation.tokens)
    except UnreadableSecret as error:
        return str(error)
    return None


def _by_workspace(channels: Iterable[_Channel]) -> dict[str, list[_Channel]]:
    found = defaultdict[str, list[_Channel]](list)
    for each in channels:
        found[each.tenant].append(each)
    return found


def _not_in(tenant: str, channels: Sequence[_Channel]) -> Checked:
    return _no(f"{_names(channels)}: the bot is not in the workspace {tenant}. Check its id in the file.")


def _names(channels: Sequence[_Channel]) -> str:
    first, *more = channels
    return first.name if not more else f"{first.name} and {len(more)} more"


# Slack itself


async def _in_slack(slack: Slack) -> list[Checked]:
    found = [*await _app_token(slack), *await _workspaces(slack)]
    if isinstance(slack.workspaces, OneWorkspace) and not await _is_introduced(slack, slack.workspaces):
        return found
    channels = _by_workspace(await slack.database.read(_channels))
    told = await side_by_side(_in_workspace(slack, tenant, those) for tenant, those in channels.items())
    people = await slack.database.read(
        lambda reading: [each for tenant in channels for each in _people(reading, tenant)]
    )
    return [*found, *(each for those in told for each in those), *people]


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
        return [Checked(True, _NOBODY_YET)]
    told = await side_by_side(_installed(slack, each) for each in every)
    return [each for those in told for each in those]


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


async def _in_workspace(slack: Slack, tenant: str, channels: Sequence[_Channel]) -> list[Checked]:
    try:
        workspace = await slack.workspaces.find(tenant)
        if workspace is None:
            return [_not_in(tenant, channels)]
        return await _looked_up(slack, workspace, channels)
    except (RateLimited, SendFailed, OutcomeUnknown, Unreachable) as trouble:
        return [_no(f"{_names(channels)}: {_reason(trouble)}")]


async def _looked_up(slack: Slack, workspace: Workspace, channels: Sequence[_Channel]) -> list[Checked]:
    """As a rule one page holds all that the bot is in; only the others are asked about one by one, for the cause."""
    archived = await _joined(slack, workspace, "public_channel") or {}
    private = await _joined(slack, workspace, "private_channel") if _not_among(channels, archived) else {}
    archived |= private or {}
    missing = _not_among(channels, archived)
    told = [_of_joined(each, is_archived=archived[each.id]) for each in channels if each.id in archived]
    told += [await _of_channel(slack, workspace, each) for each in missing[:_MOST_ASKED]]
    return [*told, *(_of_missing(each, may_be_private=private is None) for each in missing[_MOST_ASKED:])]


def _not_among(channels: Sequence[_Channel], there: Container[str]) -> list[_Channel]:
    return [each for each in channels if each.id not in there]


async def _joined(slack: Slack, workspace: Workspace, kind: str) -> dict[str, bool] | None:
    """Whether each channel of this kind that the bot is in is archived; None if the app may not look."""
    found: dict[str, bool] = {}
    cursor = ""
    for _ in range(_MOST_PAGES):
        page = await _page(slack, workspace, kind, cursor)
        if page is None:
            return None
        found |= dict(_read(page))
        match page:
            case {"response_metadata": {"next_cursor": str() as cursor}} if cursor:
                continue
        break
    return found


def _read(page: Answer) -> Iterator[tuple[str, bool]]:
    match page:
        case {"channels": list() as channels}:
            for each in channels:
                match each:
                    case {"id": str(name), **others}:
                        yield name, others.get("is_archived") is True


async def _page(slack: Slack, workspace: Workspace, kind: str, cursor: str) -> Answer | None:
    async def page(web: AsyncWebClient) -> AsyncSlackResponse:
        return await web.users_conversations(
            types=kind, limit=_A_PAGE, cursor=cursor or None, team_id=workspace.tenant, exclude_archived=False
        )

    with in_our_words():
        try:
            return await slack.connection.ask(workspace.tenant, workspace.token, "users.conversations", page)
        except SlackApiError as error:
            if code_of(error) == "missing_scope":
                return None
            raise


def _of_joined(channel: _Channel, *, is_archived: bool) -> Checked:
    return _archived(channel) if is_archived else Checked(True, f"Slack: the bot is in {channel.name}.")


def _of_missing(channel: _Channel, *, may_be_private: bool) -> Checked:
    return _out_of_sight(channel) if may_be_private else _no(f"the bot is not in {channel.name}. {_INVITE}")


def _out_of_sight(channel: _Channel) -> Checked:
    return Checked(True, f"Slack: {channel.name} is private, and the app may not look. See --private-channels.")


def _archived(channel: _Channel) -> Checked:
    return _no(f"{channel.name} is archived. Choose another in the partnership's file.")


async def _of_channel(slack: Slack, workspace: Workspace, channel: _Channel) -> Checked:
    name = channel.name

    async def look(web: AsyncWebClient) -> AsyncSlackResponse:
        return await web.conversations_info(channel=channel.id)

    with in_our_words():
        try:
            answer = await slack.connection.ask(workspace.tenant, workspace.token, "conversations.info", look)
        except SlackApiError as error:
            if code_of(error) == "channel_not_found":
                return _no(f"{name} is not known, or is private and the bot is not in it. {_INVITE}, and check the id.")
            if code_of(error) == "missing_scope":
                return _out_of_sight(channel)
            raise
    match answer:
        case {"channel": {"is_archived": True}}:
            return _archived(channel)
        case {"channel": {"is_member": True}}:
            return Checked(True, f"Slack: the bot is in {name}.")
        case _:
            return _no(f"the bot is not in {name}, so no report can be posted there. {_INVITE}")


def _people(reading: Transaction, tenant: str) -> Iterator[Checked]:
    """How many people the bot can't write to yet, in a workspace with a channel."""
    if unjoined := linking.how_many_unjoined(reading, PLATFORM, tenant):
        words = f"{unjoined} who take part have no account in {tenant} yet. Look them up with:"
        yield Checked(True, f"Slack: {words} partnership-bot find-people")
