"""Practice sharing as one of its two sides sees it. Who the other side is shows only once both have said yes."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from core.framework import Text
from core.values import value

STANDS_FOR: Final = timedelta(days=60)
"""A proposal that was not answered is let go after that."""
NOT_AGAIN_FOR: Final = timedelta(days=365)
"""Two schools are proposed to each other about a sub-theme once in that time."""


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
    """This side shares; otherwise it is helped."""
    school: str
    school_name: str
    partnership_name: str
    title: Text
    """The sub-theme's."""
    elsewhere: bool
    """The other school is in another partnership of a network."""
    says: bool | None
    """What this side has said; what the other has is nobody's business until both have said yes."""
    proposed_at: datetime
    other: Other | None
    """None until both have said yes."""

    def stands(self, now: datetime) -> bool:
        """It can still be answered, or has been by both."""
        return self.other is not None or now < self.proposed_at + STANDS_FOR
