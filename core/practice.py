"""Practice sharing as one of its two sides sees it; the other side is named only once both have said yes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from core.framework import Text
from core.values import value

STANDS_FOR: Final = timedelta(days=60)
"""An unanswered proposal lapses after this time."""
NOT_AGAIN_FOR: Final = timedelta(days=365)
"""Two schools are matched on a sub-theme at most once in this time."""


@value
class Other:
    """Who the other side is."""

    school_name: str
    partnership_name: str
    person_name: str
    email: str | None


@value
class Match:
    id: int
    gives: bool
    """True if this side shares; otherwise it is being helped."""
    school: str
    school_name: str
    partnership_name: str
    title: Text
    """The sub-theme's."""
    elsewhere: bool
    """The other school is in another partnership of a network."""
    says: bool | None
    """This side's answer; the other's stays private until both have said yes."""
    proposed_at: datetime
    other: Other | None
    """None until both have said yes."""

    def stands(self, now: datetime) -> bool:
        """Whether it can still be answered, or both have said yes."""
        return self.other is not None or now < self.proposed_at + STANDS_FOR
