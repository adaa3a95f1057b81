"""Delivery: sends what is waiting in the outbox to its platform, conversation by conversation.

Answers go at once, and conversations don't wait for one another. What nobody is waiting for goes workspace by
workspace, a few messages at a time, each when the platform's pace allows it. The claim on a row is committed before
anything is sent, and its outcome is recorded together with the next claim.
"""

from __future__ import annotations

import asyncio
import time
from collections import defaultdict
from collections.abc import Coroutine, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from typing import Final, TypeVar
from weakref import WeakValueDictionary

from sqlalchemy import Connection

from bot.inbound.events import Conversation, Kind
from bot.messages import references
from bot.platform import (
    OutcomeUnknown,
    Platform,
    RateLimited,
    SendFailed,
    Unreachable,
)
from core.log import Log
from core.pace import Pause, Seconds
from core.services import erasing
from core.storage import outbox, pace
from core.storage.database import Database
from core.storage.outbox import Claimed, DueConversation, OutboxItem, Place
from scheduler.leases import Leases
from scheduler.sending import PATIENCE, SHORTEST_PAUSE, Became, Clock, Compose, Outcome, Sender, conversation_of, way_of

LEASE: Final = timedelta(seconds=4)
"""How soon another process takes over the rows of one that stopped. A lease is renewed while its row is worked on."""
ANSWERS_SIDE_BY_SIDE: Final = 64
BULK_SIDE_BY_SIDE: Final = 4
"""Bulk messages at a time in one workspace."""
BULK_IN_ALL: Final = 32
NOTHING_LEFT: Final = 8
"""After so many conversations in a row where nothing can be sent any more, the outbox is looked at again."""
LONGEST_TURN: Final = 4.0
"""Seconds that a claimed answer waits for its turn with the platform."""
SECONDS_TO_FINISH: Final = 5.0
LOOKS_EVERY: Final = 1.0
"""Seconds until what another process has put, or a pause that has ended, is noticed at the latest."""

_QUIET: Final[frozenset[Became]] = frozenset({"not needed", "moved"})
_WENT: Final[frozenset[Became]] = frozenset({"sent", "edited"})

T = TypeVar("T")

_log = Log(__name__)


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
        self._clock = clock
        self._sender = Sender(database, platforms, compose, clock)
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
        self._ends = False
        """Nothing more is begun that nobody waits for."""

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
            self._ends = True
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

    async def _work(self) -> list[DueConversation]:
        now, served = self._clock(), [*self._served]
        return await self._database.read(
            lambda connection: outbox.places_with_work(connection, self._platforms, now, served)
        )

    def _what_can_go(self, work: Sequence[DueConversation]) -> list[Coroutine[None, None, int]]:
        """Send what isn't being sent by this process already: each awaits a conversation, or a workspace's bulk."""
        bulk: dict[tuple[str, str], list[DueConversation]] = defaultdict(list)
        for each in work:
            if not each.is_awaited:
                bulk[each.place.platform, each.place.tenant].append(each)
        awaited = [each.place for each in work if each.is_awaited and each.place not in self._answering]
        answers = [_noted(self._answering, each, self._empty(each, None)) for each in awaited]
        of_workspaces = [(whose, of_it) for whose, of_it in bulk.items() if whose not in self._served]
        return answers + [_noted(self._served, whose, self._send_bulk(of_it)) for whose, of_it in of_workspaces]

    async def _send_bulk(self, work: Sequence[DueConversation]) -> int:
        """Send what nobody in a workspace is waiting for, a few conversations at a time."""
        room, tasks, in_vain = asyncio.Semaphore(BULK_SIDE_BY_SIDE), [], 0
        begin = int(self._phase * len(work))
        async with asyncio.TaskGroup() as group:
            for each in (*work[begin:], *work[:begin]):
                await room.acquire()
                if self._ends or in_vain == NOTHING_LEFT or self._has_to_rest(each.place):
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

    async def _send_patiently(self, work: DueConversation, claimed: Claimed | None) -> int:
        """Send what waits in one conversation; between two messages others may send there."""
        sent = 0
        while claimed is not None:
            done = await self._send_in(work.place, claimed)
            sent += done.sent
            claimed = await self._claim_bulk(work) if done.more_later and not self._ends else None
        return sent

    def _has_to_rest(self, place: Place) -> bool:
        return self._rests.get((place.platform, place.tenant), 0.0) > self._seconds()

    async def _claim_bulk(self, work: DueConversation) -> Claimed | None:
        """The next row there, when its turn comes; nothing is claimed while the platform has to be waited for."""
        try:
            await self._make_ready(work)
            claimed = await self._database.write(partial(self._next, work.place, None), brief=True)
            while isinstance(claimed, Later):
                await self._pause(claimed.seconds)
                if self._ends:
                    return None
                claimed = await self._database.write(partial(self._next, work.place, None), brief=True)
            return claimed
        except Exception as error:  # noqa: BLE001 - the other conversations must not suffer; the next look tries again
            _log.error("A conversation could not be served", error, platform=work.place.platform)
            return None

    async def _make_ready(self, work: DueConversation) -> None:
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
                if outcome.rest is not None:
                    self._rests[item.platform, item.tenant] = self._seconds() + outcome.rest.total_seconds()
                _tell_log(item, outcome)
                claimed = await self._database.write(partial(self._next, place, outcome), brief=True)
            done.append(outcome)
        return done, isinstance(claimed, Later)

    async def _in_turn(self, claimed: Claimed) -> Outcome:
        wait = claimed.goes_at - self._seconds()
        if wait > 0:
            await self._pause(wait)
        if claimed.item.is_answer:
            return await self._sender.send(claimed.item)
        async with self._bulk_room:
            return await self._sender.send(claimed.item)

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
        now, lines = self._seconds(), self._platforms[item.platform].lines(conversation_of(item), way_of(item))
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


def _place(where: Conversation) -> Place:
    return Place(where.platform, where.tenant, where.id)


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
