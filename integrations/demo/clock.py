"""The demo's clock: it begins on a school morning, runs while the demo runs, and can be moved forward.

It stores its offset from real time, so that every process of a demo reads the same.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Final

from sqlalchemy import Connection, delete, func, insert, select

from core.storage import tables
from integrations.real_time import real_time

BEGINS: Final = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)

_clock = tables.DemoClock.__table__
_inbox = tables.Inbox.__table__
_message = tables.BrowserMessage.__table__
_LAST_SEEN = (
    select(func.max(_inbox.c.received_at)),
    select(func.max(_message.c.sent_at)),
    select(func.max(_message.c.edited_at)),
)
_AHEAD = select(_clock.c.ahead_seconds)
_SET = insert(_clock)


class DemoClock:
    """Shows real time until ``go_on`` or ``join`` is called."""

    def __init__(self, real: Callable[[], datetime] = real_time) -> None:
        self._real = real
        self._ahead = timedelta(0)

    def __call__(self) -> datetime:
        return self._real() + self._ahead

    def go_on(self, connection: Connection) -> None:
        """Go on from where it was when the demo stopped: it doesn't run in between."""
        seen = [connection.scalar(last) for last in _LAST_SEEN]
        stood = max([BEGINS, *(moment for moment in seen if moment is not None)])
        self._set(connection, stood - self._real())

    def join(self, connection: Connection) -> None:
        """Follow the clock of a demo that another process runs."""
        ahead = connection.scalar(_AHEAD)
        if ahead is None:
            self.go_on(connection)
        else:
            self._ahead = timedelta(seconds=ahead)

    def forward(self, connection: Connection, to: datetime) -> None:
        """Move to a later time; an earlier one changes nothing."""
        self._set(connection, max(self._ahead, to - self._real()))

    def _set(self, connection: Connection, ahead: timedelta) -> None:
        seconds = ceil(ahead.total_seconds())  # Rounded up, so that the clock never goes back.
        connection.execute(delete(_clock))
        connection.execute(_SET, {"id": 1, "ahead_seconds": seconds})
        self._ahead = timedelta(seconds=seconds)
