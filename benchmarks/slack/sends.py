"""Messages sent as the bot sends them, to a conversation in another workspace each time.

A contender of ``benchmarks.peer``: it does one round for each line it reads. Its arguments are the platform's address
and certificate.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from itertools import count

MESSAGES = 100
WORKSPACES = 50


async def rounds(api: str) -> None:
    # Imported only now: they read the trusted certificates on import.
    from bot.inbound.events import Conversation, Kind
    from bot.messages.blocks import Button, Buttons, Heading, Message, Paragraph
    from integrations.slack.client import SlackChat
    from integrations.slack.connection import Connection
    from integrations.slack.workspaces import Workspace

    class Everywhere:
        async def find(self, tenant: str) -> Workspace | None:
            return Workspace(tenant, f"xoxb-{tenant}")

        async def forget(self, tenant: str) -> None:
            """Do nothing: nobody removes the bot."""

    connection, numbers = Connection(api), count(1)
    chat = SlackChat(Everywhere(), connection)
    message = Message("k", (Heading("Hello"), Paragraph("How are you?"), Buttons((Button("Well", "w", "w"),))), "en")

    async def send(number: int) -> None:
        await chat.post(Conversation("slack", f"T{number % WORKSPACES}", f"C{number}", Kind.CHANNEL), message)

    while await asyncio.to_thread(sys.stdin.readline):
        begun = time.perf_counter()
        for _ in range(MESSAGES):
            await send(next(numbers))
        print((time.perf_counter() - begun) / MESSAGES, flush=True)
    await connection.close()


if __name__ == "__main__":
    os.environ["SSL_CERT_FILE"] = sys.argv[2]
    asyncio.run(rounds(sys.argv[1]))
