"""What people have still to be told, once each, of something that others did or that a file brought."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Connection, and_, delete, insert, select

from core.services import people
from core.storage import tables
from core.values import value

STANDS_FOR: Final = timedelta(days=60)
"""After that it is no news, to somebody who could not be reached before."""

_notice = tables.Notice.__table__


class What(StrEnum):
    ACCOUNT_PASSED_ON = "account-passed-on"
    """Their account was somebody else's, who takes no part any more."""
    LEADS_NO_MORE = "leads-no-more"
    """They no longer lead a school."""
    RESPONSE_PASSED_ON = "response-passed-on"
    """What their predecessor has said in the open cycle is theirs to go on with."""
    STANDS_IN = "stands-in"
    """A leader asks them, as deputy, to answer."""
    LAST_REPORT = "last-report"
    """They lead a school now, and may see its last report."""
    CYCLE_DATES = "cycle-dates"
    """Dates are missing for a cycle of theirs, or it has no day for a reminder."""


@value
class Notice:
    id: int
    person: str
    what: What
    about: Mapping[str, Any]


def add(connection: Connection, person: str, what: What, at: datetime, **about: object) -> None:
    """Tell this person at the next occasion from that moment on."""
    connection.execute(insert(_notice), {"person_id": person, "what": what.value, "about": about, "made_at": at})


def waits(connection: Connection) -> bool:
    return connection.scalar(select(_notice.c.id).limit(1)) is not None


def take(connection: Connection, now: datetime) -> tuple[Notice, ...]:
    """Those whose readers can be reached now. They are gone with the transaction that tells them."""
    connection.execute(delete(_notice).where(_notice.c.made_at <= now - STANDS_FOR))
    reached = people.can_be_reached(_notice.c.person_id)
    due = and_(reached, _notice.c.made_at <= now)
    rows = connection.execute(select(_notice).where(due).order_by(_notice.c.id).with_for_update()).all()
    connection.execute(delete(_notice).where(_notice.c.id.in_([row.id for row in rows])))
    return tuple(Notice(row.id, row.person_id, What(row.what), row.about) for row in rows)
