"""Messages sent with Slack's client out of the box; the arguments are the platform's address and certificate."""

from __future__ import annotations

import asyncio
import os
import sys
import time
from typing import Any

MESSAGES = 100
BLOCKS: list[dict[str, Any]] = [
    {"type": "header", "text": {"type": "plain_text", "text": "Hello", "emoji": False}},
    {"type": "section", "text": {"type": "plain_text", "text": "How are you?", "emoji": False}},
    {
        "type": "actions",
        "elements": [
            {"type": "button", "text": {"type": "plain_text", "text": "Well"}, "action_id": "press-1", "value": "w"}
        ],
    },
]


async def rounds(api: str) -> None:
    from slack_sdk.web.async_client import AsyncWebClient

    client = AsyncWebClient("xoxb-T0A", base_url=api)
    while await asyncio.to_thread(sys.stdin.readline):
        begun = time.perf_counter()
        for number in range(MESSAGES):
            await client.chat_postMessage(channel=f"C{number}", text="Hello", blocks=BLOCKS)
        print((time.perf_counter() - begun) / MESSAGES, flush=True)


if __name__ == "__main__":
    os.environ["SSL_CERT_FILE"] = sys.argv[2]
    asyncio.run(rounds(sys.argv[1]))
