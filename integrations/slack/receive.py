"""Act on what came from Slack: commit before returning, send replies afterwards."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from functools import partial
from typing import TypeAlias, assert_never

from sqlalchemy import Connection as Transaction

from bot.apply.tell import note_account
from bot.inbound.events import Account, Conversation, Incoming, Kind
from bot.messages.blocks import Message, Paragraph
from bot.platform import OutcomeUnknown, RateLimited, SendFailed, Unreachable
from bot.turn.event_line import EventLine, logged
from bot.turn.handle import Handled, is_brief, turn
from core.log import Log
from core.services import deactivated_accounts
from core.storage.database import Database
from core.storage.frameworks import FrameworkShelf
from core.storage.outbox import Claimed
from integrations.delivery_port import Delivers
from integrations.refusals import Refusal, Refusals
from integrations.slack import form, words
from integrations.slack.client import SlackChat
from integrations.slack.parse import (
    PLATFORM,
    AccountChanged,
    BotRemoved,
    Guest,
    Heard,
    Home,
    Ignored,
    Received,
    WantsForm,
)
from integrations.slack.workspaces import Workspaces

_log = Log(__name__)

ShowHome: TypeAlias = Callable[[str, str], Awaitable[None]]
"""Shows the bot's home tab to a person (workspace, user)."""
Recognise: TypeAlias = Callable[[Account], Awaitable[None]]
"""Identifies an account's person, if nobody has said so yet."""
IsColleague: TypeAlias = Callable[[str, str, str], Awaitable[bool]]
"""Whether somebody (workspace, user) who is signed in elsewhere (workspace) belongs to the same organisation as ours.

May raise the exceptions of ``bot.platform``.
"""
Asked: TypeAlias = Heard | WantsForm | Guest | Home | BotRemoved | AccountChanged
"""Whatever the bot has to do something about."""


class NotDone(Exception):
    """Nothing was committed, and the reason is in the log: Slack may send it again."""


class SlackDoor:
    def __init__(  # noqa: PLR0913 - where it passes events on to
        self,
        *,
        workspaces: Workspaces,
        slack: SlackChat,
        database: Database,
        shelf: FrameworkShelf,
        clock: Callable[[], datetime],
        delivery: Delivers,
        recognise: Recognise | None = None,
        is_colleague: IsColleague | None = None,
        show_home: ShowHome | None = None,
    ) -> None:
        self._workspaces = workspaces
        self._slack = slack
        self._database = database
        self._shelf = shelf
        self._clock = clock
        self._delivery = delivery
        self._recognise = recognise
        self._is_colleague = is_colleague
        self._show_home = show_home
        self._refusals = Refusals(PLATFORM, clock)
        self._running: set[asyncio.Task[None]] = set()

    async def receive(self, received: Received, *, again: bool = False) -> bool:
        """Do what was asked; False if the bot isn't installed. ``again``: Slack has sent it before.

        Raises ``NotDone``.
        """
        try:
            return isinstance(received, Ignored) or await self._receive(received, again)
        except (RateLimited, SendFailed, OutcomeUnknown, Unreachable) as trouble:
            _log.warning("Something from Slack has to wait", reason=_reason(trouble))
        except Exception as error:  # noqa: BLE001 - whatever it is, nothing was committed
            _log.error("Something from Slack could not be done", error)
        raise NotDone

    async def _receive(self, received: Asked, again: bool) -> bool:
        if await self._workspaces.find(_tenant(received)) is None:
            self._refusals.note(Refusal("workspace not installed", 200, _tenant(received)))
            return False
        if isinstance(received, Guest) and await self._is_one_of_us(received):
            return isinstance(received.did, Ignored) or await self._receive(received.did, again)
        if not (again and isinstance(received, Guest)):
            await self._do(received)
        return True

    async def _is_one_of_us(self, guest: Guest) -> bool:
        return self._is_colleague is not None and await self._is_colleague(guest.tenant, guest.user, guest.home)

    async def finish(self) -> None:
        """Wait until all background work is done."""
        while self._running:  # Some of it begins more.
            await asyncio.gather(*self._running, return_exceptions=True)

    async def _do(self, received: Asked) -> None:
        match received:
            case Heard():
                await self._hear(received)
            case WantsForm():
                with EventLine(PLATFORM, "form"):
                    self._begin(self._open(received))
            case Home(tenant, user, first):
                if first is not None:
                    await self._hear(Heard(first))
                with EventLine(PLATFORM, "home"):
                    self._begin_home(tenant, user)
            case BotRemoved(tenant):
                _log.warning("The bot was removed from a Slack workspace", tenant=tenant)
                with EventLine(PLATFORM, "removed"):
                    await self._workspaces.forget(tenant)
            case AccountChanged():
                await self._note(received)
            case Guest():
                with EventLine(PLATFORM, "guest"):
                    self._politely(received)
            case _:
                assert_never(received)

    async def _open(self, wants: WantsForm) -> None:
        """Open a form, or say that it can't be opened and what to do instead."""
        try:
            await self._slack.open_form(wants.tenant, wants.trigger, form.modal(wants.form))
        except (RateLimited, SendFailed, OutcomeUnknown, Unreachable) as trouble:
            _log.warning("A form could not be opened in Slack", reason=_reason(trouble))
            await self._hear(wants.instead)

    async def _hear(self, heard: Heard) -> None:
        incoming = heard.incoming
        if heard.channel is not None and incoming.conversation.kind is Kind.DIRECT:
            self._slack.remember(incoming.account.tenant, incoming.account.user, heard.channel)
        with logged(incoming) as line:
            if self._recognise is not None:
                await self._recognise(incoming.account)
            handled, claimed = await self._database.write(
                lambda writing: self._turn(writing, incoming), brief=is_brief(incoming)
            )
            line.take(handled)
        if handled.conversations:
            self._begin(self._delivery.deliver(handled.conversations, claimed))
        if heard.at_home:
            self._begin_home(incoming.account.tenant, incoming.account.user)

    async def _note(self, changed: AccountChanged) -> None:
        """Most changes are of people we don't know, or of their names: they cost a look, and leave no line."""
        for tenant in changed.workspaces:
            account = Account(PLATFORM, tenant, changed.user)
            found = await self._database.read(partial(deactivated_accounts.joined, account=account))
            if found is not None and found.deactivated != changed.deactivated:
                with EventLine(PLATFORM, "deactivated" if changed.deactivated else "restored"):
                    note = partial(note_account, account=account, active=not changed.deactivated, now=self._clock())
                    await self._database.write(note)

    def _turn(self, writing: Transaction, incoming: Incoming) -> tuple[Handled, Sequence[Claimed]]:
        handled = turn(writing, self._shelf, incoming, self._clock())
        return handled, self._delivery.claim(writing, handled.conversations)

    def _begin_home(self, tenant: str, user: str) -> None:
        if self._show_home is not None:
            self._begin(self._show_home(tenant, user))

    def _politely(self, guest: Guest) -> None:
        if guest.channel is not None:
            there = Conversation(PLATFORM, guest.tenant, guest.channel, Kind.CHANNEL)
            message = Message("for-members", tuple(map(Paragraph, words.FOR_MEMBERS.values())), "en")
            self._begin(self._slack.private_in_turn(there, guest.user, message))

    def _begin(self, work: Awaitable[object]) -> None:
        """Do something after the acknowledgement."""
        task = asyncio.create_task(_contained(work))
        self._running.add(task)
        task.add_done_callback(self._running.discard)


def _tenant(received: Asked) -> str:
    return received.incoming.account.tenant if isinstance(received, Heard) else received.tenant


def _reason(trouble: RateLimited | SendFailed | OutcomeUnknown | Unreachable) -> str:
    return "It asks for a pause." if isinstance(trouble, RateLimited) else trouble.reason


async def _contained(work: Awaitable[object]) -> None:
    try:
        await work
    except (RateLimited, SendFailed, OutcomeUnknown, Unreachable) as trouble:
        _log.warning("Something could not be shown in Slack", reason=_reason(trouble))
    except Exception as error:  # noqa: BLE001 - nobody awaits it
        _log.error("Something could not be shown in Slack", error)
