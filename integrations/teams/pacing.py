"""Stay within Teams' rate limits: each conversation has a line, and so does each organisation.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
"""

from __future__ import annotations

import asyncio
import time
from typing import Final

from core.pace import PacedLine, Rate, Seconds
from integrations.pacing import Lines, LinesOfProcess, Pacer, Pause

IN_A_CONVERSATION: Final = (Rate(4, 1 / 3), Rate(20, 0.75), Rate(600, 3.0))
"""At most 7 a second, 60 in half a minute, 1800 an hour."""
IN_A_TENANT: Final = Rate(25, 0.04)
"""At most 50 a second."""
OF_TENANT: Final = PacedLine("organisation", IN_A_TENANT)
_MOST_REMEMBERED: Final = 30_000


class TeamsPacer:
    """The lines of all organisations.

    A conversation's are kept in each process. It is enough, since one process at a time sends there.
    """

    def __init__(self, seconds: Seconds = time.time, pause: Pause = asyncio.sleep, lines: Lines | None = None) -> None:
        """``lines``: those of the organisations, if other processes call them too."""
        self._tenants = Pacer(lines or LinesOfProcess(), seconds, pause)
        self._kept = LinesOfProcess()
        self._conversations = Pacer(self._kept, seconds, pause)

    async def turn(self, tenant: str, conversation: str = "", *, joined: bool = False) -> None:
        """Wait until a call is allowed in this organisation and, if it concerns one, in this conversation.

        ``joined``: it is in the organisation's line already, and its turn has come. Raises ``RateLimited`` if it would
        take too long.
        """
        if len(self._kept) >= _MOST_REMEMBERED:
            self._kept.forget()
        await self._conversations.turn(tenant, _lines(conversation))
        if not joined:
            await self._tenants.turn(tenant, [OF_TENANT])

    async def hold(self, tenant: str, conversation: str, seconds: float) -> None:
        """Call nothing there for this many seconds."""
        if not conversation:
            await self._tenants.hold(tenant, OF_TENANT, seconds)
            return
        await self._conversations.hold(tenant, _lines(conversation)[0], seconds)


def _lines(conversation: str) -> list[PacedLine]:
    if not conversation:
        return []
    return [PacedLine(f"{conversation} {number}", rate) for number, rate in enumerate(IN_A_CONVERSATION)]
