"""Stay within Slack's rate limits: all calls of one method in one workspace share a queue.

https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from integrations.pacing import PacedLine, Pause, Rate, Seconds

IN_A_CHANNEL: Final = Rate(3, 1.0)
OF_METHOD: Final[Mapping[str, Rate]] = {
    "auth.teams.list": Rate(10, 3.0),
    "auth.test": Rate(10, 0.2),
    "chat.postMessage": Rate(20, 0.2),
    "chat.postEphemeral": Rate(20, 0.6),
    "chat.update": Rate(60, 0.2),
    "conversations.history": Rate(10, 1.2),
    "conversations.info": Rate(20, 1.2),
    "conversations.replies": Rate(10, 1.2),
    "conversations.open": Rate(20, 0.6),
    "files.getUploadURLExternal": Rate(10, 0.6),
    "files.completeUploadExternal": Rate(10, 0.6),
    "files.info": Rate(20, 0.6),
    "users.info": Rate(50, 0.6),
    "users.lookupByEmail": Rate(20, 1.2),
    "views.open": Rate(50, 0.6),
    "views.publish": Rate(50, 0.6),
}
"""By Slack's tiers (20, 50 and 100 a minute). ``chat.postMessage`` allows "several hundred" a minute in a workspace."""
_OTHERS: Final = Rate(10, 0.6)


@dataclass(slots=True)
class SlackPacer:
    """The queues of all workspaces."""

    seconds: Seconds = time.monotonic
    pause: Pause = asyncio.sleep
    in_a_channel: Rate = IN_A_CHANNEL
    of_method: Mapping[str, Rate] = field(default_factory=lambda: OF_METHOD)
    _lines: dict[tuple[str, str], PacedLine] = field(default_factory=dict)

    async def turn(self, tenant: str, method: str, channel: str | None = None) -> None:
        """Wait until this method may be called in this workspace and, where something is posted, in this channel."""
        if channel is not None:
            await self._line(tenant, channel, self.in_a_channel).turn()
        await self._line(tenant, method, self.of_method.get(method, _OTHERS)).turn()

    def hold(self, tenant: str, method: str, seconds: float) -> None:
        self._line(tenant, method, self.of_method.get(method, _OTHERS)).hold(seconds)

    def _line(self, tenant: str, name: str, rate: Rate) -> PacedLine:
        return self._lines.setdefault((tenant, name), PacedLine(rate, self.seconds, self.pause))
