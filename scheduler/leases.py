"""Leases of claimed rows, renewed while this process works on them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from functools import partial

from core.log import Log
from core.storage import outbox
from core.storage.database import Database
from core.storage.outbox import OutboxItem

_log = Log(__name__)


class Leases:
    """The rows that this process has claimed.

    A lease is short, so that another process soon takes over from one that was killed; it is renewed three times
    before it would run out, so that nobody takes over from one that is at work.
    """

    def __init__(self, database: Database, clock: Callable[[], datetime], length: timedelta) -> None:
        self._database, self._clock, self._length = database, clock, length
        self._held: dict[int, OutboxItem] = {}
        self._next: asyncio.TimerHandle | None = None
        self._renewing: asyncio.Task[None] | None = None

    @contextmanager
    def held(self, item: OutboxItem | None) -> Iterator[None]:
        """This process works on the row."""
        if item is None:
            yield
            return
        self._held[item.id] = item
        if self._next is None and self._renewing is None:
            self._soon()
        try:
            yield
        finally:
            self._let_go(item)

    def _let_go(self, item: OutboxItem) -> None:
        if self._held.get(item.id) is item:
            del self._held[item.id]
        if not self._held and self._next is not None:
            self._next.cancel()
            self._next = None

    def _soon(self) -> None:
        self._next = asyncio.get_running_loop().call_later(self._length.total_seconds() / 4, self._begin)

    def _begin(self) -> None:
        self._next = None
        self._renewing = asyncio.create_task(self._renew())

    async def _renew(self) -> None:
        try:
            items, until = [*self._held.values()], self._clock() + self._length
            await self._database.write(partial(outbox.renew, items=items, until=until), brief=True)
        except Exception as error:  # noqa: BLE001 - the next time may succeed; otherwise another process takes over
            _log.error("Leases could not be renewed", error)
        finally:
            self._renewing = None
            if self._held:
                self._soon()
