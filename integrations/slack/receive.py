"""What comes in from Slack, by HTTP or by socket: through Bolt, to the bot, acknowledged once it is committed.

Bolt gets what is verified and read already. Its own verification answers 500 to some garbage and logs what it refuses,
it logs payloads that it has no listener for, and its decoder takes most of its time.
"""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Coroutine, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltContext, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import Connection as Transaction

from bot.inbound.events import Account, Conversation, Incoming, Kind
from bot.messages.blocks import Message, Paragraph
from bot.platform import OutcomeUnknown, RateLimited, SendFailed, Unreachable
from bot.turn.handle import Handled, is_brief, turn
from core.log import Log
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.storage.outbox import OutboxItem
from integrations.delivery_port import Delivers
from integrations.slack import form, words
from integrations.slack.client import SlackChat
from integrations.slack.connection import quiet_logger
from integrations.slack.parse import (
    PLATFORM,
    BotRemoved,
    Guest,
    Heard,
    Home,
    Ignored,
    Payload,
    Received,
    UrlCheck,
    WantsForm,
    parse,
)
from integrations.slack.workspaces import Workspace, Workspaces

_log = Log(__name__)

ShowHome: TypeAlias = Callable[[str, str], Awaitable[None]]
"""Shows a person (workspace, user) the bot's own tab."""
Recognise: TypeAlias = Callable[[Account], Awaitable[None]]
"""Finds out whose account this is, where nobody has said so."""

_ANYTHING: Final = re.compile("")
_OK: Final = BoltResponse(status=200, body="")
_LATER: Final = BoltResponse(status=503, body="")
"""Slack sends it again, and tells whoever pressed or typed that it did not work yet."""
_NOT_OURS: Final = BoltResponse(
    status=200,
    body=json.dumps({"response_type": "ephemeral", "text": "\n".join(words.FOR_MEMBERS.values())}),
    headers={"Content-Type": "application/json"},
)


class SlackDoor:
    def __init__(  # noqa: PLR0913 - what it passes events on to
        self,
        *,
        workspaces: Workspaces,
        slack: SlackChat,
        database: Database,
        shelf: FrameworkShelf,
        clock: Callable[[], datetime],
        delivery: Delivers,
        recognise: Recognise | None = None,
        show_home: ShowHome | None = None,
    ) -> None:
        self._workspaces = workspaces
        self._slack = slack
        self._database = database
        self._shelf = shelf
        self._clock = clock
        self._delivery = delivery
        self._recognise = recognise
        self._show_home = show_home
        self._running: set[asyncio.Task[None]] = set()
        self._bolt = _bolt(self._listen)

    @property
    def clock(self) -> Callable[[], datetime]:
        return self._clock

    async def receive(self, payload: Payload, *, again: bool = False) -> BoltResponse:
        """Do what a verified payload asks, and return what Slack is to be told. ``again``: Slack has sent it before."""
        received = parse(payload, self._clock())
        match received:
            case UrlCheck(text):
                return BoltResponse(status=200, body=text, headers={"Content-Type": "text/plain"})
            case Ignored():
                return _OK
        try:
            workspace = await self._workspaces.find(_tenant(received))
        except (RateLimited, SendFailed, OutcomeUnknown, Unreachable) as trouble:
            _log.warning("Something from Slack has to wait", reason=getattr(trouble, "reason", "It asks for a pause."))
            return _LATER
        if workspace is None:
            return _NOT_OURS if "command" in payload else _OK
        if isinstance(received, Guest):
            return _OK if again else self._politely(received)
        return await self._through_bolt(payload, received, workspace)

    async def finish(self) -> None:
        """Wait until everything that was begun is done."""
        await asyncio.gather(*self._running, return_exceptions=True)

    async def _through_bolt(self, payload: Payload, received: Received, workspace: Workspace) -> BoltResponse:
        # The mode in which Bolt takes a payload that has been read already.
        request = AsyncBoltRequest(
            body=_outline(payload, workspace.tenant),
            mode="socket_mode",
            context={"received": received, "workspace": workspace},
        )
        response = await self._bolt.async_dispatch(request)
        # Bolt has no listener for everything that exists, and Slack repeats what is not acknowledged.
        return _OK if response.status == 404 else response

    async def _listen(self, ack: AsyncAck, context: AsyncBoltContext) -> None:
        await self._do(context["received"])
        await ack()

    async def _do(self, received: Received) -> None:
        match received:
            case Heard():
                await self._hear(received)
            case WantsForm(tenant, trigger, wanted):
                self._begin(self._slack.open_form(tenant, trigger, form.modal(wanted)))
            case Home(tenant, user, first):
                if first is not None:
                    await self._hear(Heard(first))
                self._begin_home(tenant, user)
            case BotRemoved(tenant):
                _log.warning("The bot was removed from a Slack workspace", tenant=tenant)
                await self._workspaces.forget(tenant)
            case _:
                pass

    async def _hear(self, heard: Heard) -> None:
        incoming = heard.incoming
        if heard.channel is not None and incoming.conversation.kind is Kind.DIRECT:
            self._slack.remember(incoming.account.tenant, incoming.account.user, heard.channel)
        if self._recognise is not None:
            await self._recognise(incoming.account)
        handled, claimed = await self._database.write(
            lambda writing: self._turn(writing, incoming), brief=is_brief(incoming)
        )
        if handled.conversations:
            self._begin(self._delivery.deliver(handled.conversations, claimed))
        if heard.at_home:
            self._begin_home(incoming.account.tenant, incoming.account.user)

    def _turn(self, writing: Transaction, incoming: Incoming) -> tuple[Handled, Sequence[OutboxItem]]:
        handled = turn(writing, self._shelf, incoming, self._clock())
        return handled, self._delivery.claim(writing, handled.conversations)

    def _begin_home(self, tenant: str, user: str) -> None:
        if self._show_home is not None:
            self._begin(self._show_home(tenant, user))

    def _politely(self, guest: Guest) -> BoltResponse:
        if guest.channel is not None:
            there = Conversation(PLATFORM, guest.tenant, guest.channel, Kind.CHANNEL)
            message = Message("for-members", tuple(map(Paragraph, words.FOR_MEMBERS.values())), "en")
            self._begin(self._slack.private(there, guest.user, message))
        return _OK

    def _begin(self, work: Awaitable[object]) -> None:
        """Do something after the acknowledgement."""
        task = asyncio.create_task(_contained(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)


def _outline(payload: Payload, tenant: str) -> dict[str, object]:
    """What Bolt goes by. Not the payload itself: Bolt trips over fields that the bot does not even look at."""
    match payload:
        case {"type": "event_callback", "event": {"type": kind}}:
            return {"type": "event_callback", "team_id": tenant, "event": {"type": kind}}
        case {"type": "block_actions"}:
            return {"type": "block_actions", "team": {"id": tenant}, "actions": [{"action_id": "press"}]}
        case {"type": "view_submission"}:
            return {
                "type": "view_submission",
                "team": {"id": tenant},
                "view": {"type": "modal", "callback_id": "write"},
            }
        case _:
            return {"command": "/partnership", "team_id": tenant}


def _tenant(received: Heard | WantsForm | Guest | Home | BotRemoved) -> str:
    return received.incoming.account.tenant if isinstance(received, Heard) else received.tenant


async def _contained(work: Awaitable[object]) -> None:
    try:
        await work
    except RateLimited:
        _log.warning("Something could not be shown in Slack", reason="It asks for a pause.")
    except (SendFailed, OutcomeUnknown, Unreachable) as trouble:
        _log.warning("Something could not be shown in Slack", reason=trouble.reason)


def _bolt(listener: Callable[[AsyncAck, AsyncBoltContext], Coroutine[Any, Any, None]]) -> AsyncApp:
    """One listener for each kind of thing, presses first: they are the most, and listeners are tried in order."""

    async def authorize(context: AsyncBoltContext) -> AuthorizeResult:
        workspace: Workspace = context["workspace"]
        return AuthorizeResult(
            enterprise_id=None,
            team_id=workspace.tenant,
            bot_token=workspace.token,
            bot_id=workspace.bot,
            bot_user_id=workspace.bot_user,
        )

    app = AsyncApp(
        name="partnership-bot",
        logger=quiet_logger(),
        client=AsyncWebClient(logger=quiet_logger(), retry_handlers=[]),
        authorize=authorize,
        signing_secret="",
        request_verification_enabled=False,
        ssl_check_enabled=False,
        ignoring_self_events_enabled=False,
        url_verification_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        process_before_response=True,
    )
    app.error(_not_done)
    for listens in (app.action, app.event, app.command, app.view):
        listens(_ANYTHING)(listener)
    return app


async def _not_done(error: Exception) -> BoltResponse:
    """Nothing was committed. Slack says so to the person, or sends the event again later."""
    _log.error("Something from Slack could not be done", error)
    return _LATER
