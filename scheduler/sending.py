"""Send one claimed message, and find out what became of it: sent, refused, in doubt, or to be tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, TypeAlias

from sqlalchemy import Connection

from bot.apply.tell import tell_of_deactivated_account
from bot.inbound.events import Conversation, Kind
from bot.messages import references
from bot.messages.blocks import Message
from bot.messages.plain_text import only_text
from bot.platform import (
    LONGEST_CALL,
    Cause,
    OutcomeUnknown,
    Platform,
    RateLimited,
    Rejected,
    SendFailed,
    Unreachable,
    Way,
)
from core.enquiry import Account
from core.log import Log, places
from core.services import deactivated_accounts, people
from core.storage import outbox
from core.storage.database import Database
from core.storage.outbox import OutboxItem, Place
from scheduler.notify import Ended, tell_leads_of_report, tell_leads_of_silence

Compose: TypeAlias = Callable[[OutboxItem], Awaitable[Message | None]]
"""Makes a row's message from current data; None where there is nothing left to say."""
Clock: TypeAlias = Callable[[], datetime]

PATIENCE: Final = 30.0
"""Timeout in seconds for making a message."""
SHORTEST_PAUSE: Final = timedelta(seconds=1)

Became: TypeAlias = Literal["sent", "edited", "paused", "retried", "in doubt", "given up", "not needed", "moved"]

_log = Log(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a claimed row."""

    became: Became
    write_down: Callable[[Connection], object]
    reason: str | None = None
    moved_to: frozenset[Place] = frozenset()
    for_stranger: bool = False
    rest: timedelta | None = None
    """How long the platform wants the whole workspace to be left alone."""


class Sender:
    def __init__(self, database: Database, platforms: Mapping[str, Platform], compose: Compose, clock: Clock) -> None:
        self._database, self._platforms, self._compose, self._clock = database, platforms, compose, clock

    async def send(self, item: OutboxItem) -> Outcome:
        """Raises nothing for a message that was not sent, whatever the reason."""
        if item.interrupted and item.manner == "once":
            return await self._after_doubt(item, "The bot stopped while it was sending this.")
        if item.thread_key is not None and item.thread is None:
            # Whether it failed or its outcome is unknown: alone it would make no sense, and "Post again" posts both.
            reason = "The message in whose thread it goes was not sent, or may not have been."
            return self._dead(item, reason)
        if item.attempts > outbox.MOST_ATTEMPTS:
            return self._dead(item, "The bot stopped each time it tried to send this.")
        try:
            async with asyncio.timeout(PATIENCE):
                message = await self._compose(item)
        except Exception as error:  # noqa: BLE001 - a message that cannot be made must not stop the others
            return self._retry(item, _unexpected(item, error))
        if message is None:
            return self._settled(item, "not needed", lambda connection: outbox.superseded(connection, item), "failed")
        if item.manner == "once" and not await self._is_calling(item):
            return Outcome("not needed", lambda _: None, "Another process has taken it over.")
        return await self._show(item, message)

    async def _is_calling(self, item: OutboxItem) -> bool:
        """Note that it may have arrived from now on: after a crash nobody could tell, and it is never sent twice."""
        now = self._clock()
        return await self._database.write(lambda connection: outbox.is_calling(connection, item, now), brief=True)

    async def _show(self, item: OutboxItem, message: Message) -> Outcome:
        try:
            async with asyncio.timeout(LONGEST_CALL):
                return await self._shown(item, message)
        except RateLimited as pause:
            after, whole_tenant = max(pause.after, SHORTEST_PAUSE), pause.hold_all
            until = self._clock() + after
            who = "It waits for its turn, for" if pause.own else "The platform asks for a pause of"
            reason = f"{who} {pause.after.total_seconds():.0f} s."
            return Outcome(
                "paused",
                lambda connection: outbox.hold_back(connection, item, until, whole_tenant=whole_tenant),
                reason,
                rest=after if whole_tenant else None,
            )
        except Rejected as refusal:
            return await self._refused(item, message, refusal)
        except SendFailed as failure:
            return self._retry(item, failure.reason, failure.cause)
        except Unreachable as end:
            return self._ended(item, end)
        except OutcomeUnknown as doubt:
            return await self._after_doubt(item, doubt.reason)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the platform may have accepted the message
            return await self._after_doubt(item, _unexpected(item, error))

    async def _refused(self, item: OutboxItem, message: Message, refusal: Rejected) -> Outcome:
        """The second refusal ends it. As plain text a message may be taken that was refused for its form."""
        plain = only_text(message)
        if refusal.plain_may_help and message != plain:
            _log.warning("message refused", turn=item.turn, platform=item.platform, row=item.id, reason=refusal.reason)
            return await self._show(item, plain)
        if item.attempts > 1 or message == plain:
            return self._dead(item, refusal.reason, refusal.cause)
        return self._retry(item, refusal.reason, refusal.cause)

    def _ended(self, item: OutboxItem, end: Unreachable) -> Outcome:
        now = self._clock()

        def write_down(connection: Connection) -> None:
            if item.thread is not None:
                outbox.dead(connection, item, end.reason)
                return
            whose = deactivated_accounts.joined_at(connection, item.place) if end.deactivated else None
            if whose is None:
                if outbox.gone(connection, item, end.reason) and not end.deactivated:
                    tell_leads_of_silence(connection, item, now)
                    tell_leads_of_report(connection, item, "failed", now, end.cause)
            elif outbox.dead(connection, item, end.reason):
                tell_of_deactivated_account(connection, whose.account, now)

        return Outcome("given up", write_down, end.reason)

    async def _shown(self, item: OutboxItem, message: Message) -> Outcome:
        platform, conversation = self._platforms[item.platform], conversation_of(item)
        if item.private_to is not None:
            shown = await platform.private(conversation, item.private_to, message)
            return self._sent(item, None) if shown else await self._elsewhere(item, item.private_to)
        if way_of(item) == "edit" and item.posted is not None:
            try:
                await platform.edit(conversation, item.posted, message)
                return self._sent(item, item.posted)
            except Unreachable:
                pass  # Somebody deleted that message; posting will show whether the conversation is gone too.
        return self._sent(item, await platform.post(conversation, message, item.thread))

    async def _elsewhere(self, item: OutboxItem, user: str) -> Outcome:
        account = Account(item.platform, item.tenant, user)
        direct = await self._database.read(lambda connection: people.direct_conversation(connection, account))
        if direct is None:
            reason = "Only one person may see this, and they have no conversation of their own with the bot."
            return self._dead(item, reason)
        place = Place(item.platform, item.tenant, direct)
        return Outcome(
            "moved", lambda connection: outbox.readdress(connection, item, direct), moved_to=frozenset({place})
        )

    async def _after_doubt(self, item: OutboxItem, reason: str) -> Outcome:
        found = await self._found(item)
        if found is not None and item.manner == "once":
            return self._sent(item, found)
        if found is not None:
            now = self._clock()
            return Outcome("retried", lambda connection: outbox.found(connection, item, found, now), reason)
        if item.manner == "once":
            why = f"It may or may not have been sent, and won't be sent again. {reason}"
            return self._settled(
                item, "in doubt", lambda connection: outbox.unknown(connection, item, why), "doubtful", reason
            )
        return self._retry(item, reason)

    async def _found(self, item: OutboxItem) -> str | None:
        """Look for a message with this key that we have no record of; not the one that was there before."""
        if item.private_to is not None:
            return None
        try:
            async with asyncio.timeout(LONGEST_CALL):
                found = await self._platforms[item.platform].find(conversation_of(item), item.key, item.thread)
        except Exception as error:  # noqa: BLE001 - a search that fails has found nothing
            _log.error("message not looked up", error, turn=item.turn, platform=item.platform, row=item.id)
            return None
        return None if found == item.posted else found

    def _sent(self, item: OutboxItem, message_id: str | None) -> Outcome:
        now = self._clock()
        became: Became = "sent" if message_id is None or message_id != item.posted else "edited"
        return self._settled(item, became, lambda connection: outbox.sent(connection, item, message_id, now), "arrived")

    def _retry(self, item: OutboxItem, reason: str, cause: Cause = Cause.OTHER) -> Outcome:
        if item.attempts >= outbox.MOST_ATTEMPTS:
            return self._dead(item, f"Given up after {item.attempts} attempts. {reason}", cause)
        now = self._clock()
        return Outcome("retried", lambda connection: outbox.retry(connection, item, reason, now), reason)

    def _dead(self, item: OutboxItem, reason: str, cause: Cause = Cause.OTHER) -> Outcome:
        return self._settled(
            item, "given up", lambda connection: outbox.dead(connection, item, reason), "failed", reason, cause
        )

    def _settled(
        self,
        item: OutboxItem,
        became: Became,
        settle: Callable[[Connection], bool],
        ended: Ended,
        reason: str | None = None,
        cause: Cause = Cause.OTHER,
    ) -> Outcome:
        """It has ended; whoever has to know of that is told with it."""
        if references.kind_of(item.prompt) != "report":
            return Outcome(became, settle, reason)
        now = self._clock()

        def write_down(connection: Connection) -> None:
            if settle(connection):
                tell_leads_of_report(connection, item, ended, now, cause)

        return Outcome(became, write_down, reason)


def way_of(item: OutboxItem) -> Way:
    if item.private_to is not None:
        return "private"
    return "edit" if item.manner == "refresh" and item.posted is not None else "post"


def conversation_of(item: OutboxItem) -> Conversation:
    return Conversation(item.platform, item.tenant, item.conversation, Kind(item.kind))


def _unexpected(item: OutboxItem, error: Exception) -> str:
    _log.error("message failed", error, turn=item.turn, platform=item.platform, row=item.id)
    return f"Something unexpected went wrong in the bot: {places(error)}."
