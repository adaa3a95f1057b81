"""The real time: the running bot uses this; the demo and the tests use clocks of their own."""

from __future__ import annotations

from datetime import UTC, datetime


def real_time() -> datetime:
    return datetime.now(UTC)
