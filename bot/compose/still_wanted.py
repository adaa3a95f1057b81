"""Whether a message that the clock planned is still worth sending."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.messages import references, references_partnership
from core.services import agreed_actions_due, nudges, practice_due, visibility_due


def still_wanted(
    connection: Connection, key: str, person: str | None, what: references.MessageReference, now: datetime
) -> bool:
    """Not in the evening, nor once it no longer matters: the school has submitted, the action is done.

    Ask this only of what goes at most once: whoever asked for a message wants it at any hour.
    """
    match what:
        case references_partnership.AgreedActionsCheckIn(partnership):
            return person is not None and agreed_actions_due.is_wanted(connection, partnership, person, now)
        case references_partnership.AskPractice(match_):
            return person is not None and practice_due.is_wanted(connection, match_, person, now)
        case references_partnership.AskVisibility(partnership):
            return visibility_due.is_wanted(connection, partnership, now)
        case references.Invitation() | references.Nudge():
            return nudges.is_wanted(connection, what.cycle, key, now)
        case _:
            return True
