"""The usual days of the tests: a summer cycle, while clocks in London stand an hour ahead of UTC.

In winter the two are the same, and a moment told or compared in UTC instead of local time passes unnoticed. What needs
winter, or the days on which the clocks change, says so with ``london``.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo


def london(written: str) -> datetime:
    """The moment (UTC) at which clocks in London show this, as ``2027-06-22 10:00``."""
    return _moment(written, "Europe/London")


def auckland(written: str) -> datetime:
    """The same for Auckland, where a school day begins on the day before in UTC."""
    return _moment(written, "Pacific/Auckland")


def _moment(written: str, zone: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


OPENS: Final = london("2027-06-07 08:00")
"""The Monday after half term."""
NOW: Final = london("2027-06-22 10:00")
"""A Tuesday."""
CLOSES: Final = london("2027-07-08 16:00")
"""A Thursday; term ends on Wednesday 21 July."""
