"""The channels of people's direct messages, each of which has to be opened only once, whichever process does it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial

from core.services import conversation_addresses
from core.services.conversation_addresses import Reference
from core.storage.database import Database
from core.storage.outbox import Place
from integrations.slack.parse import PLATFORM


class DirectChannels:
    def __init__(self, database: Database | None = None, clock: Callable[[], datetime] | None = None) -> None:
        """Without a database they are known to this process alone."""
        self._database, self._clock = database, clock
        self._known: dict[tuple[str, str], str] = {}

    def remember(self, tenant: str, user: str, channel: str) -> None:
        """Something has just come from there."""
        self._known[tenant, user] = channel

    async def find(self, tenant: str, user: str) -> str | None:
        known = self._known.get((tenant, user))
        if known is None and self._database is not None:
            place = Place(PLATFORM, tenant, user)
            found = await self._database.read(partial(conversation_addresses.find, place=place), brief=True)
            if found is not None and found.address is not None:
                known = self._known[tenant, user] = found.address
        return known

    async def opened(self, tenant: str, user: str, channel: str) -> None:
        self.remember(tenant, user, channel)
        if self._database is not None and self._clock is not None:
            place, reference, now = Place(PLATFORM, tenant, user), Reference("", channel), self._clock()
            await self._database.write(
                partial(conversation_addresses.opened, place=place, reference=reference, now=now)
            )
