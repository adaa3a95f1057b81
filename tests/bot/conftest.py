"""A partnership to talk in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from tests.support.world import World, memory


@pytest.fixture
def connection() -> Iterator[Connection]:
    """An empty database in memory."""
    with memory() as connected:
        yield connected


@pytest.fixture
def world(connection: Connection) -> World:
    """Five schools, one open cycle of the default enquiry, and nobody has said anything yet."""
    return World(connection)
