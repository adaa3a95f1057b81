"""Tell everybody in a partnership's channels what its meeting agreed."""

from __future__ import annotations

from sqlalchemy import Connection

from bot import said
from bot.events import Conversation, Kind
from bot.posting import Post
from core.services import agreed_due, people
from core.storage.outbox import Manner


def new_actions(connection: Connection, partnership: str) -> tuple[Post, ...]:
    """What has been agreed and not posted yet, which counts as posted now; none where there is no channel."""
    if not people.channels_of(connection, partnership):
        return ()
    posting = agreed_due.take_to_post(connection, partnership)
    return () if posting is None else _posts(connection, partnership, posting, "once")


def mended_actions(connection: Connection, partnership: str, posting: int) -> tuple[Post, ...]:
    """What was posted before, to say how things are now."""
    return _posts(connection, partnership, posting, "refresh")


def _posts(connection: Connection, partnership: str, posting: int, manner: Manner) -> tuple[Post, ...]:
    return tuple(
        Post(
            Conversation(each.platform, each.tenant, each.conversation, Kind.CHANNEL),
            f"actions:{posting}:{each.platform}:{each.tenant}:{each.conversation}",
            said.ActionsPosted(partnership, posting, each.language),
            manner=manner,
        )
        for each in people.channels_of(connection, partnership)
    )
