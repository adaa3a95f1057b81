"""Stay within Teams' rate limits: each conversation has a queue, and so does each organisation.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final

from integrations.pacing import PacedLine, Pause, Rate, Seconds

IN_A_CONVERSATION: Final = (Rate(4, 1 / 3), Rate(20, 0.75), Rate(600, 3.0))
"""At most 7 a second, 60 in half a minute, 1800 an hour."""
IN_A_TENANT: Final = (Rate(25, 0.04),)
"""At most 50 a second."""
_MOST_REMEMBERED: Final = 10_000


@dataclass(slots=True)
class TeamsPacer:
    seconds: Seconds = time.monotonic
    pause: Pause = asyncio.sleep
    _lines: dict[tuple[str, str], tuple[PacedLine, ...]] = field(default_factory=dict)

    async def turn(self, tenant: str, conversation: str = "") -> None:
        """Wait until a call is allowed in this organisation and, if it concerns one, in this conversation.

        Raises ``RateLimited`` if that would take too long.
        """
        for line in (*(self._of(tenant, conversation) if conversation else ()), *self._of(tenant)):
            await line.turn()

    def hold(self, tenant: str, conversation: str, seconds: float) -> None:
        """Call nothing there for this many seconds."""
        self._of(tenant, conversation)[0].hold(seconds)

    def _of(self, tenant: str, conversation: str = "") -> tuple[PacedLine, ...]:
        found = self._lines.get((tenant, conversation))
        if found is None:
            if len(self._lines) >= _MOST_REMEMBERED:
                self._lines.clear()
            rates = IN_A_CONVERSATION if conversation else IN_A_TENANT
            lines = tuple(PacedLine(rate, self.seconds, self.pause) for rate in rates)
            found = self._lines[tenant, conversation] = lines
        return found
