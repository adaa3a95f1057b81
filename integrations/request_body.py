"""Read a request's body, up to a maximum length."""

from __future__ import annotations

from collections.abc import AsyncIterator


async def read_body(stream: AsyncIterator[bytes], most: int) -> bytes:
    """The body, or just enough of it to see that it is longer than ``most`` bytes."""
    body = bytearray()
    async for chunk in stream:
        body += chunk
        if len(body) > most:
            break
    return bytes(body)
