"""The time as it is: what runs for real is given this, and the demo and the tests a clock of their own."""

from __future__ import annotations

from datetime import UTC, datetime


def real_time() -> datetime:
    return datetime.now(UTC)
