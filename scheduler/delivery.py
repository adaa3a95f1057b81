"""Delivery: sends what is waiting in the outbox to its platform, conversation by conversation.

Answers go at once, and conversations don't wait for one another. What nobody is waiting for goes workspace by
workspace, a few messages at a time, each when the platform's pace allows it. The claim on a row is committed before
anything is sent, and its outcome is recorded together with the next claim.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final, Literal, TypeAlias, TypeVar
from weakref import WeakValueDictionary

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
    Refused,
    SendFailed,
    Unreachable,
    Way,
)
from core.enquiry import Account
from core.log import Log, places
from core.services import deactivated_accounts, erasing, people
from core.storage import outbox, pace
from core.storage.database import Database
from core.storage.outbox import Claimed, OutboxItem, Place, Work
from scheduler.leases import Leases
from scheduler.notify import Ended, tell_leads_of_report, tell_leads_of_silence

Compose: TypeAlias = Callable[[OutboxItem], Awaitable[Message | None]]
"""Makes a row's message from current data; None where there is nothing left to say."""
Clock: TypeAlias = Callable[[], datetime]
Seconds: TypeAlias = Callable[[], float]
Pause: TypeAlias = Callable[[float], Awaitable[None]]

LEASE: Final = timedelta(seconds=4)
"""How soon another process takes over the rows of one that stopped. A lease is renewed while its row is worked on."""
PATIENCE: Final = 30.0
"""Timeout in seconds for making a message."""
ANSWERS_SIDE_BY_SIDE: Final = 64
BULK_SIDE_BY_SIDE: Final = 4
"""Bulk messages at a time in one workspace."""
BULK_IN_ALL: Final = 32
NOTHING_LEFT: Final = 8
"""After so many conversations in a row where nothing can be sent any more, the outbox is looked at again."""
LONGEST_TURN: Final = 4.0
"""Seconds that a claimed answer waits for its turn with the platform."""
SHORTEST_PAUSE: Final = timedelta(seconds=1)
SECONDS_TO_FINISH: Final = 5.0
LOOKS_EVERY: Final = 1.0
"""Seconds until what another process has put, or a pause that has ended, is noticed at the latest."""

Became: TypeAlias = Literal["sent", "edited", "paused", "retried", "in doubt", "given up", "not needed", "moved"]
_QUIET: Final[frozenset[Became]] = frozenset({"not needed", "moved"})
_WENT: Final[frozenset[Became]] = frozenset({"sent", "edited"})

T = TypeVar("T")

_log = Log(__name__)


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a claimed row."""

    became: Became
    write_down: Callable[[Connection], object]
    reason: str | None = None
    moved_to: frozenset[Place] = frozenset()
    for_stranger: bool = False


@dataclass(frozen=True, slots=True)
class Later:
    """The next row's turn with the platform comes in so many seconds; it isn't claimed."""

    seconds: float


@dataclass(frozen=True, slots=True)
class _Done:
    """What was done in a conversation."""

    sent: int
    more_later: bool = False
    """There is more, and its turn comes later."""


class Delivery:
    def __init__(  # noqa: PLR0913 - what it sends, where, and how time passes
        self,
        database: Database,
        platforms: Mapping[str, Platform],
        compose: Compose,
        clock: Clock,
        seconds: Seconds = time.time,
        pause: Pause = asyncio.sleep,
        phase: float = 0.0,
    ) -> None:
        """``phase``: where it begins in a list of conversations, from 0 to 1, so that processes don't run into one
        another.
        """
        self._database = database
        self._platforms = platforms
        self._compose = compose
        self._clock = clock
        self._seconds, self._pause, self._phase = seconds, pause, phase
        self._rests: dict[tuple[str, str], float] = {}
        """Until when a whole workspace has to be left alone, as far as this process knows."""
        self._room, self._bulk_room = asyncio.Semaphore(ANSWERS_SIDE_BY_SIDE), asyncio.Semaphore(BULK_IN_ALL)
        self._turns: WeakValueDictionary[Place, asyncio.Lock] = WeakValueDictionary()
        self._leases = Leases(database, clock, LEASE)
        self._answering: set[Place] = set()
        self._served: set[tuple[str, str]] = set()
        """Workspaces whose bulk is being sent."""
        self._awake = asyncio.Event()

    def claim(self, connection: Connection, conversations: Iterable[Conversation]) -> tuple[Claimed, ...]:
        """Claim the first row of each of these conversations, in the transaction that enqueued it: one disk wait fewer.

        Pass it to ``deliver`` after the commit; otherwise it is sent when the lease has run out. Messages that are
        sent at most once are left alone, since nobody could tell then whether they were sent.
        """
        now, served = self._clock(), {_place(each) for each in conversations if each.platform in self._platforms}
        # Always in the same order, so that transactions can't deadlock: conversations first, then the pace.
        claims = [outbox.claim(connection, place, now=now, lease=LEASE, once=False) for place in sorted(served)]
        turns = [self._turn(connection, item) for item in claims if item is not None]
        return tuple(each for each in turns if isinstance(each, Claimed))

    async def deliver(self, conversations: Iterable[Conversation], claimed: Iterable[Claimed] = ()) -> None:
        """Send what is waiting in these conversations, ``claimed`` first; never raises for what was not sent."""
        first = {each.item.place: each for each in claimed}
        places = {place for place in map(_place, conversations) if place.platform in self._platforms}
        await _together(self._empty(place, first.get(place)) for place in places)

    async def drain(self) -> int:
        """Send everything waiting on the platforms that this process serves; returns how many messages were sent."""
        return sum(await _together(self._what_can_go(await self._work())))

    async def run(self) -> None:
        """Send whatever can be sent, as soon as it can, until cancelled; then finish what is under way."""
        under_way: set[asyncio.Task[int]] = set()
        try:
            while True:
                self._awake.clear()
                for each in await self._whatever_happens():
                    task = asyncio.create_task(each)
                    under_way.add(task)
                    task.add_done_callback(under_way.discard)
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOKS_EVERY):
                        await self._awake.wait()
        finally:
            await _finished(under_way)

    def wake(self) -> None:
        """Something was put into the outbox."""
        self._awake.set()

    async def _whatever_happens(self) -> list[Coroutine[None, None, int]]:
        try:
            return self._what_can_go(await self._work())
        except Exception as error:  # noqa: BLE001 - the next look tries again
            _log.error("The outbox could not be looked at", error)
            return []

    async def _work(self) -> list[Work]:
        now, served = self._clock(), [*self._served]
        return await self._database.read(
            lambda connection: outbox.places_with_work(connection, self._platforms, now, served)
        )

    def _what_can_go(self, work: Sequence[Work]) -> list[Coroutine[None, None, int]]:
        """Send what isn't being sent by this process already: each awaits a conversation, or a workspace's bulk."""
        bulk: dict[tuple[str, str], list[Work]] = defaultdict(list)
        for each in work:
            if not each.is_awaited:
                bulk[each.place.platform, each.place.tenant].append(each)
        awaited = [each.place for each in work if each.is_awaited and each.place not in self._answering]
        answers = [_noted(self._answering, each, self._empty(each, None)) for each in awaited]
        of_workspaces = [(whose, of_it) for whose, of_it in bulk.items() if whose not in self._served]
        return answers + [_noted(self._served, whose, self._send_bulk(of_it)) for whose, of_it in of_workspaces]

    async def _send_bulk(self, work: Sequence[Work]) -> int:
        """Send what nobody in a workspace is waiting for, a few conversations at a time."""
        room, tasks, in_vain = asyncio.Semaphore(BULK_SIDE_BY_SIDE), [], 0
        begin = int(self._phase * len(work))
        async with asyncio.TaskGroup() as group:
            for each in (*work[begin:], *work[:begin]):
                await room.acquire()
                if in_vain == NOTHING_LEFT or self._has_to_rest(each.place):
                    break
                claimed = await self._claim_bulk(each)
                if claimed is None:
                    in_vain += 1
                    room.release()
                    continue
                in_vain = 0
                task = group.create_task(self._send_patiently(each, claimed))
                task.add_done_callback(lambda _: room.release())
                tasks.append(task)
        return sum(task.result() for task in tasks)

    async def _send_patiently(self, work: Work, claimed: Claimed | None) -> int:
        """Send what waits in one conversation; between two messages others may send there."""
        sent = 0
        while claimed is not None:
            done = await self._send_in(work.place, claimed)
            sent += done.sent
            claimed = await self._claim_bulk(work) if done.more_later else None
        return sent

    def _has_to_rest(self, place: Place) -> bool:
        return self._rests.get((place.platform, place.tenant), 0.0) > self._seconds()

    async def _claim_bulk(self, work: Work) -> Claimed | None:
        """The next row there, when its turn comes; nothing is claimed while the platform has to be waited for."""
        try:
            await self._make_ready(work)
            claimed = await self._database.write(partial(self._next, work.place, None), brief=True)
            while isinstance(claimed, Later):
                await self._pause(claimed.seconds)
                claimed = await self._database.write(partial(self._next, work.place, None), brief=True)
            return claimed
        except Exception as error:  # noqa: BLE001 - the other conversations must not suffer; the next look tries again
            _log.error("A conversation could not be served", error, platform=work.place.platform)
            return None

    async def _make_ready(self, work: Work) -> None:
        conversation, platform = Conversation(*work.place, Kind(work.kind)), self._platforms[work.place.platform]
        with suppress(SendFailed, OutcomeUnknown, Unreachable, TimeoutError):  # Sending will show what is wrong.
            async with asyncio.timeout(PATIENCE):
                while True:
                    try:
                        return await platform.ready(conversation)
                    except RateLimited as pause:
                        await self._pause(max(pause.after, SHORTEST_PAUSE).total_seconds())

    async def _empty(self, place: Place, first: Claimed | None) -> int:
        return (await self._send_in(place, first)).sent

    async def _send_in(self, place: Place, first: Claimed | None) -> _Done:
        """Send until nothing more can be sent there now."""
        # The database allows one sender per conversation at a time. The lock makes a second one in this process wait,
        # so that its rows have been sent when it returns.
        turn = self._turns.setdefault(place, asyncio.Lock())
        try:
            with self._leases.held(None if first is None else first.item):
                async with turn, self._room:
                    done, more_later = await self._send_all(place, first)
        except Exception as error:  # noqa: BLE001 - the other conversations must not suffer; the next look tries again
            _log.error("A conversation could not be served", error, platform=place.platform)
            return _Done(0)
        moved_to = {place for outcome in done for place in outcome.moved_to}
        if any(outcome.for_stranger for outcome in done):  # Perhaps it was the goodbye to somebody just erased.
            await self._finish_erasing()
        elsewhere = await _together(self._empty(each, None) for each in moved_to)
        return _Done(sum(outcome.became in _WENT for outcome in done) + sum(elsewhere), more_later)

    async def _send_all(self, place: Place, first: Claimed | None) -> tuple[list[Outcome], bool]:
        """The outcome of each row, and whether the turn of another comes later."""
        done: list[Outcome] = []
        claimed: Claimed | Later | None = first
        if claimed is None:
            claimed = await self._database.write(partial(self._next, place, None), brief=True)
        while isinstance(claimed, Claimed):
            item = claimed.item
            with self._leases.held(item), _told_if_left(item):
                outcome = replace(await self._in_turn(claimed), for_stranger=item.for_stranger)
                _tell_log(item, outcome)
                claimed = await self._database.write(partial(self._next, place, outcome), brief=True)
            done.append(outcome)
        return done, isinstance(claimed, Later)

    async def _in_turn(self, claimed: Claimed) -> Outcome:
        wait = claimed.goes_at - self._seconds()
        if wait > 0:
            await self._pause(wait)
        if claimed.item.is_answer:
            return await self._send(claimed.item)
        async with self._bulk_room:
            return await self._send(claimed.item)

    async def _finish_erasing(self) -> None:
        try:
            await erasing.finish(self._database, self._clock())
        except Exception as error:  # noqa: BLE001 - the next tick tries again
            _log.error("An erasure could not be finished", error)

    def _next(self, place: Place, before: Outcome | None, connection: Connection) -> Claimed | Later | None:
        """Claim the next row, in the same transaction that records the outcome of the previous one."""
        if before is not None:
            before.write_down(connection)
        item = outbox.claim(connection, place, now=self._clock(), lease=LEASE)
        return None if item is None else self._turn(connection, item)

    def _turn(self, connection: Connection, item: OutboxItem) -> Claimed | Later:
        """Join the platform's lines; if that would take too long, the row isn't claimed any more."""
        now, lines = self._seconds(), self._platforms[item.platform].lines(_conversation(item), _way(item))
        if not lines:
            return Claimed(item, now)
        patience = LONGEST_TURN if item.is_answer else 0.0
        wait = pace.join(
            connection, item.platform, item.tenant, lines, now=now, patience=patience, bulk=not item.is_answer
        )
        if wait <= patience:
            return Claimed(item, now + wait)
        later = self._clock() + timedelta(seconds=wait) if item.is_answer else None
        outbox.put_back(connection, item, later)
        return Later(wait)

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
            if whole_tenant:
                self._rests[item.platform, item.tenant] = self._seconds() + after.total_seconds()
            who = "It waits for its turn, for" if pause.own else "The platform asks for a pause of"
            reason = f"{who} {pause.after.total_seconds():.0f} s."
            return Outcome(
                "paused",
                lambda connection: outbox.hold_back(connection, item, until, whole_tenant=whole_tenant),
                reason,
            )
        except Refused as refusal:
            return await self._refused(item, message, refusal)
        except SendFailed as failure:
            return self._retry(item, failure.reason, failure.cause)
        except Unreachable as end:
            return self._ended(item, end)
        except OutcomeUnknown as doubt:
            return await self._after_doubt(item, doubt.reason)
        except Exception as error:  # noqa: BLE001 - whatever went wrong, the platform may have accepted the message
            return await self._after_doubt(item, _unexpected(item, error))

    async def _refused(self, item: OutboxItem, message: Message, refusal: Refused) -> Outcome:
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
        platform, conversation = self._platforms[item.platform], _conversation(item)
        if item.private_to is not None:
            shown = await platform.private(conversation, item.private_to, message)
            return self._sent(item, None) if shown else await self._elsewhere(item, item.private_to)
        if _way(item) == "edit" and item.posted is not None:
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
                found = await self._platforms[item.platform].find(_conversation(item), item.key, item.thread)
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


async def _noted(where: set[T], whose: T, work: Coroutine[None, None, int]) -> int:
    """Do the work; as long as it takes, ``whose`` it is stands there."""
    where.add(whose)
    try:
        return await work
    finally:
        where.discard(whose)


async def _together(work: Iterable[Coroutine[None, None, int]]) -> list[int]:
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(each) for each in work]
    return [task.result() for task in tasks]


async def _finished(under_way: Iterable[asyncio.Task[int]]) -> None:
    """What is under way may be finished, for a while: a message that is cut off may or may not have arrived."""
    if tasks := [*under_way]:
        _, late = await asyncio.wait(tasks, timeout=SECONDS_TO_FINISH)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


@contextmanager
def _told_if_left(item: OutboxItem) -> Iterator[None]:
    """A row that is cut off keeps its lease; after that it is sent, or nobody knows whether it was."""
    try:
        yield
    except asyncio.CancelledError:
        _log.warning("message left for later", turn=item.turn, platform=item.platform, row=item.id)
        raise


def _way(item: OutboxItem) -> Way:
    if item.private_to is not None:
        return "private"
    return "edit" if item.manner == "refresh" and item.posted is not None else "post"


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
