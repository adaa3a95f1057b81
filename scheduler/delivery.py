"""Delivery: sends what is waiting in the outbox to its platform, conversation by conversation.

The rows of a conversation are sent one after another; different conversations in parallel. The claim on a row is
committed before anything is sent, and its outcome is recorded together with the next claim.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Literal, TypeAlias
from weakref import WeakValueDictionary

from sqlalchemy import Connection

from bot.apply.tell import tell_of_deactivated_account
from bot.inbound.events import Conversation, Kind
from bot.messages import references
from bot.messages.blocks import Message
from bot.platform import (
    OutcomeUnknown,
    Platform,
    RateLimited,
    SendFailed,
    Unreachable,
)
from core.enquiry import Account
from core.log import Log, places
from core.services import deactivated_accounts, erasing, people
from core.storage import outbox
from core.storage.database import Database
from core.storage.outbox import OutboxItem, Place
from scheduler.notify import tell_leads_of_end

Compose: TypeAlias = Callable[[OutboxItem], Awaitable[Message | None]]
"""Makes a row's message from current data; None where there is nothing left to say."""
Clock: TypeAlias = Callable[[], datetime]

LEASE: Final = timedelta(minutes=2)
PATIENCE: Final = 30.0
"""Timeout in seconds for each step of a message: making, sending, looking up. All three fit into the lease."""
SIDE_BY_SIDE: Final = 16
SHORTEST_PAUSE: Final = timedelta(seconds=1)

Became: TypeAlias = Literal["sent", "edited", "paused", "retried", "in doubt", "given up", "not needed", "moved"]
_QUIET: Final[frozenset[Became]] = frozenset({"not needed", "moved"})
_WENT: Final[frozenset[Became]] = frozenset({"sent", "edited"})

_log = Log(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a claimed row."""

    became: Became
    write_down: Callable[[Connection], object]
    reason: str | None = None
    moved_to: frozenset[Place] = frozenset()
    for_stranger: bool = False


class Delivery:
    def __init__(self, database: Database, platforms: Mapping[str, Platform], compose: Compose, clock: Clock) -> None:
        self._database = database
        self._platforms = platforms
        self._compose = compose
        self._clock = clock
        self._room = asyncio.Semaphore(SIDE_BY_SIDE)
        self._turns: WeakValueDictionary[Place, asyncio.Lock] = WeakValueDictionary()

    def claim(
        self, connection: Connection, conversations: Iterable[Conversation], leaving: str | None = None
    ) -> tuple[OutboxItem, ...]:
        """Claim the first row of each of these conversations, in the transaction that enqueued it: one disk wait fewer.

        Pass it to ``deliver`` after the commit; otherwise it is sent when the lease has run out. Messages that are
        sent at most once are left alone, since nobody could tell then whether they were sent.

        Edits of the message whose key is ``leaving`` are left for the next delivery there.
        """
        now, served = self._clock(), {_place(each) for each in conversations if each.platform in self._platforms}
        # Always in the same order, so that transactions can't deadlock.
        claims = (
            outbox.claim(connection, place, now=now, lease=LEASE, once=False, leaving=leaving)
            for place in sorted(served)
        )
        return tuple(item for item in claims if item is not None)

    async def deliver(
        self,
        conversations: Iterable[Conversation],
        claimed: Iterable[OutboxItem] = (),
        leaving: str | None = None,
    ) -> None:
        """Send what is waiting in these conversations, ``claimed`` first.

        Edits of the message whose key is ``leaving`` are not sent. Never raises for a message that was not sent.
        """
        await self._send_in(map(_place, conversations), {item.place: item for item in claimed}, leaving)

    async def drain(self) -> int:
        """Send everything waiting on the platforms that this process serves; returns how many messages were sent."""
        now = self._clock()
        return await self._send_in(
            await self._database.read(lambda connection: outbox.places_with_work(connection, self._platforms, now))
        )

    async def _send_in(
        self,
        places: Iterable[Place],
        claimed: Mapping[Place, OutboxItem] | None = None,
        leaving: str | None = None,
    ) -> int:
        first = claimed or {}
        served = {place for place in places if place.platform in self._platforms}
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(self._empty(place, first.get(place), leaving)) for place in served]
        done = [outcome for task in tasks for outcome in task.result()]
        moved_to = {place for outcome in done for place in outcome.moved_to}
        went = sum(outcome.became in _WENT for outcome in done)
        if any(outcome.for_stranger for outcome in done):  # Perhaps it was the goodbye to somebody just erased.
            await self._finish_erasing()
        return went + (await self._send_in(moved_to) if moved_to else 0)

    async def _empty(self, place: Place, first: OutboxItem | None, leaving: str | None) -> list[Outcome]:
        """Send until nothing more can be sent; returns the outcome of each row."""
        # The database allows one sender per conversation at a time. The lock makes a second one in this process wait,
        # so that its rows have been sent when it returns.
        turn = self._turns.setdefault(place, asyncio.Lock())
        try:
            async with turn, self._room:
                return await self._send_all(place, first, leaving)
        except Exception as error:  # noqa: BLE001 - the other conversations must not suffer; the next tick tries again
            _log.error("A conversation could not be served", error, platform=place.platform)
            return []

    async def _send_all(self, place: Place, first: OutboxItem | None, leaving: str | None) -> list[Outcome]:
        done: list[Outcome] = []
        item = first or await self._database.write(partial(self._claim, place, leaving, None), brief=True)
        while item is not None:
            outcome = replace(await self._send(item), for_stranger=item.for_stranger)
            _tell_log(item, outcome)
            item = await self._database.write(partial(self._claim, place, leaving, outcome), brief=True)
            done.append(outcome)
        return done

    async def _finish_erasing(self) -> None:
        try:
            await erasing.finish(self._database, self._clock())
        except Exception as error:  # noqa: BLE001 - the next tick tries again
            _log.error("An erasure could not be finished", error)

    def _claim(
        self, place: Place, leaving: str | None, before: Outcome | None, connection: Connection
    ) -> OutboxItem | None:
        """Claim the next row, in the same transaction that records the outcome of the previous one."""
        if before is not None:
            before.write_down(connection)
        return outbox.claim(connection, place, now=self._clock(), lease=LEASE, leaving=leaving)

    async def _send(self, item: OutboxItem) -> Outcome:
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
            return Outcome("not needed", lambda connection: outbox.superseded(connection, item))
        return await self._show(item, message)

    async def _show(self, item: OutboxItem, message: Message) -> Outcome:
        try:
            async with asyncio.timeout(PATIENCE):
                return await self._shown(item, message)
        except RateLimited as pause:
            until, whole_tenant = self._clock() + max(pause.after, SHORTEST_PAUSE), pause.hold_all
            reason = f"The platform asks for a pause of {pause.after.total_seconds():.0f} s."
            return Outcome(
                "paused",
                lambda connection: outbox.hold_back(connection, item, until, whole_tenant=whole_tenant),
                reason,
            )
        except SendFailed as failure:
            return self._retry(item, failure.reason)
        except Unreachable as end:
            return self._ended(item, end)
        except OutcomeUnknown as doubt:
            return await self._after_doubt(item, doubt.reason)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the platform may have accepted the message
            return await self._after_doubt(item, _unexpected(item, error))

    def _ended(self, item: OutboxItem, end: Unreachable) -> Outcome:
        now = self._clock()

        def write_down(connection: Connection) -> None:
            if item.thread is not None:
                outbox.dead(connection, item, end.reason)
                return
            whose = deactivated_accounts.joined_at(connection, item.place) if end.deactivated else None
            if whose is None:
                if outbox.gone(connection, item, end.reason) and not end.deactivated:
                    tell_leads_of_end(connection, item, now)
            elif outbox.dead(connection, item, end.reason):
                tell_of_deactivated_account(connection, whose.account, now)

        return Outcome("given up", write_down, end.reason)

    async def _shown(self, item: OutboxItem, message: Message) -> Outcome:
        platform, conversation = self._platforms[item.platform], _conversation(item)
        if item.private_to is not None:
            shown = await platform.private(conversation, item.private_to, message)
            return self._sent(item, None) if shown else await self._elsewhere(item, item.private_to)
        if item.manner == "refresh" and item.posted is not None:
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
            why = f"It may have been sent or not, and is not sent again. {reason}"
            return Outcome("in doubt", lambda connection: outbox.unknown(connection, item, why), reason)
        return self._retry(item, reason)

    async def _found(self, item: OutboxItem) -> str | None:
        """Look for a message with this key that we have no record of; not the one that was there before."""
        if item.private_to is not None:
            return None
        try:
            async with asyncio.timeout(PATIENCE):
                found = await self._platforms[item.platform].find(_conversation(item), item.key, item.thread)
        except Exception as error:  # noqa: BLE001 - a search that fails has found nothing
            _log.error("message not looked up", error, turn=item.turn, platform=item.platform, row=item.id)
            return None
        return None if found == item.posted else found

    def _sent(self, item: OutboxItem, message_id: str | None) -> Outcome:
        now = self._clock()
        became: Became = "sent" if message_id is None or message_id != item.posted else "edited"
        return Outcome(became, lambda connection: outbox.sent(connection, item, message_id, now))

    def _retry(self, item: OutboxItem, reason: str) -> Outcome:
        now = self._clock()
        became: Became = "given up" if outbox.is_last_attempt(item) else "retried"
        return Outcome(became, lambda connection: outbox.retry(connection, item, reason, now), reason)

    def _dead(self, item: OutboxItem, reason: str) -> Outcome:
        return Outcome("given up", lambda connection: outbox.dead(connection, item, reason), reason)


def _place(where: Conversation) -> Place:
    return Place(where.platform, where.tenant, where.id)


def _conversation(item: OutboxItem) -> Conversation:
    return Conversation(item.platform, item.tenant, item.conversation, Kind(item.kind))


def _tell_log(item: OutboxItem, outcome: Outcome) -> None:
    became = outcome.became
    write = _log.debug if became in _QUIET else _log.info if became in _WENT or became == "paused" else _log.warning
    write(
        f"message {became}",
        turn=item.turn,
        platform=item.platform,
        row=item.id,
        what=references.kind_of(item.prompt),
        attempt=item.attempts if item.attempts > 1 else None,
        reason=outcome.reason,
    )


def _unexpected(item: OutboxItem, error: Exception) -> str:
    _log.error("message failed", error, turn=item.turn, platform=item.platform, row=item.id)
    return f"Something unexpected went wrong in the bot: {places(error)}."
