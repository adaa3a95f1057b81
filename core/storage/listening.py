"""Hear at once that another process has put a message into the outbox. Only PostgreSQL tells.

Whoever sends looks at the outbox each second as well, so nothing depends on it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from core.log import Log
from core.storage.database import Database

CHANNEL: Final = "outbox"
"""As migration 0016 has it."""
_AGAIN_AFTER: Final = 30.0
"""Seconds before connecting again."""

_log = Log(__name__)


async def listen(database: Database, heard: Callable[[], None]) -> None:
    """Call ``heard`` for each message that no event caused, until cancelled; returns where nobody tells."""
    address = database.to_listen_at
    while address is not None:
        try:
            await _listen_at(address, heard)
        except Exception as error:  # noqa: BLE001 - the server was restarted, perhaps
            _log.warning("The database tells of no new messages for now", reason=type(error).__name__)
        await asyncio.sleep(_AGAIN_AFTER)


async def _listen_at(address: str, heard: Callable[[], None]) -> None:
    import psycopg  # A SQLite installation need not hold it.

    async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
        await connection.execute(f"LISTEN {CHANNEL}")
        heard()  # Something may have been put before.
        async for _ in connection.notifies():
            heard()
