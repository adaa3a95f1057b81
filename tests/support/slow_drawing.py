"""``serve`` as a real process that is drawing something for ever, from its start on.

``python -m tests.support.slow_drawing SECONDS``: the process that draws says its id on standard output. So many seconds
after it was told to stop it ends, whatever it does; without a number, after as many as ever.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from contextlib import suppress

from core.charts import pool
from integrations import runtime
from integrations.cli import app
from integrations.commands import serving


def draw_for_ever() -> bytes:
    os.write(1, f"Drawing: {os.getpid()}\n".encode())
    while True:
        time.sleep(60)


class BusyPool(pool.ChartPool):
    """Draws as soon as there is one."""

    def __init__(self) -> None:
        super().__init__()
        self._drawing = asyncio.ensure_future(self._draw())

    async def _draw(self) -> None:
        with suppress(pool.NotDrawn):
            await self.make(draw_for_ever)


if __name__ == "__main__":
    vars(runtime)["ChartPool"] = BusyPool
    if sys.argv[1:]:
        vars(serving)["SECONDS_TO_STOP"] = float(sys.argv[1])
    sys.argv = ["partnership-bot", "serve"]
    app()
