"""Not faster than Teams takes: everything that goes into one conversation waits in one line, and so does everything
of one organisation.

https://learn.microsoft.com/microsoftteams/platform/bots/how-to/rate-limit
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import Final

from integrations.pacing import PacedLine, Pause, Rate, Seconds

IN_A_CONVERSATION: Final = (Rate(4, 1 / 3), Rate(20, 0.75), Rate(600, 3.0))
"""At most 7 in a second, 60 in half a minute, 1800 in an hour."""
IN_A_TENANT: Final = (Rate(25, 0.04),)
"""At most 50 in a second."""
_MOST_REMEMBERED: Final = 10_000


@dataclass(slots=True)
class TeamsPacer:
    seconds: Seconds = time.monotonic
    pause: Pause = asyncio.sleep
    _lines: dict[tuple[str, str], tuple[PacedLine, ...]] = field(default_factory=dict)

    async def turn(self, tenant: str, conversation: str = "") -> None:
        """Wait until something may be asked in this organisation and, where it is about one, in this conversation.

        Raises ``NotNow`` where it would take too long.
        """
        for line in (*(self._of(tenant, conversation) if conversation else ()), *self._of(tenant)):
            await line.turn()

    def hold(self, tenant: str, conversation: str, seconds: float) -> None:
        """Nobody goes there before these seconds are over."""
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
