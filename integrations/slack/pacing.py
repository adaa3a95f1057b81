"""Stay within Slack's rate limits: all calls of one method in one workspace share a line, whichever process makes them.

https://docs.slack.dev/apis/web-api/rate-limits
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from typing import Final

from core.pace import PacedLine, Rate, Seconds
from integrations.pacing import Lines, LinesOfProcess, Pacer, Pause

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
    "users.conversations": Rate(20, 1.2),
    "users.info": Rate(50, 0.6),
    "users.lookupByEmail": Rate(20, 1.2),
    "views.open": Rate(50, 0.6),
    "views.publish": Rate(50, 0.6),
}
"""By Slack's tiers (20, 50 and 100 a minute). ``chat.postMessage`` allows "several hundred" a minute in a workspace."""
_OTHERS: Final = Rate(10, 0.6)


class SlackPacer:
    """The lines of all workspaces.

    Somebody's direct messages have a line in each process. It is enough, since one process at a time sends there.
    """

    def __init__(
        self,
        seconds: Seconds = time.time,
        pause: Pause = asyncio.sleep,
        lines: Lines | None = None,
        *,
        in_a_channel: Rate = IN_A_CHANNEL,
        of_method: Mapping[str, Rate] = OF_METHOD,
    ) -> None:
        """``lines``: those of methods and channels, if other processes call them too."""
        self._in_a_channel, self._of_method = in_a_channel, of_method
        self._shared = Pacer(lines or LinesOfProcess(), seconds, pause)
        self._direct = Pacer(LinesOfProcess(), seconds, pause)

    def lines(self, method: str, channel: str | None = None) -> list[PacedLine]:
        """The lines of a call that other processes share; ``channel`` if it posts in one."""
        lines = [PacedLine(method, self._of_method.get(method, _OTHERS))]
        return lines if channel is None or _is_direct(channel) else [*lines, PacedLine(channel, self._in_a_channel)]

    async def turn(
        self, tenant: str, method: str, channel: str | None = None, *, joined: bool = False, bulk: bool = False
    ) -> None:
        """Wait until this method may be called in this workspace and, where something is posted, in this channel.

        ``joined``: it is in those lines already, and its turn has come; ``bulk``: nobody is waiting for it.
        """
        if channel is not None and _is_direct(channel):
            await self._direct.turn(tenant, [PacedLine(channel, self._in_a_channel)])
        if not joined:
            await self._shared.turn(tenant, self.lines(method, channel), bulk=bulk)

    async def hold(self, tenant: str, method: str, seconds: float) -> None:
        await self._shared.hold(tenant, self.lines(method)[0], seconds)


def _is_direct(channel: str) -> bool:
    return channel.startswith("D")
