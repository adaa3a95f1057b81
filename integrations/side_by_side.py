"""Wait for several answers at once, a few at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Final, TypeVar

T = TypeVar("T")

_MOST: Final = 8


async def side_by_side(questions: Iterable[Awaitable[T]]) -> list[T]:
    """The answers in the order of the questions."""
    room = asyncio.Semaphore(_MOST)

    async def one(question: Awaitable[T]) -> T:
        async with room:
            return await question

    return await asyncio.gather(*map(one, questions))
