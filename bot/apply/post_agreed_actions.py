"""Post what a meeting agreed in the partnership's channels, and tell leads that it has been posted."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import Connection

from bot.apply.enqueue import key_of
from bot.apply.post_report import Post
from bot.inbound.events import Conversation, Kind
from bot.messages import references_partnership
from core.services import agreed_actions_due, people
from core.storage.outbox import Manner


def new_actions(connection: Connection, partnership: str) -> tuple[Post, ...]:
    """The agreed actions not posted yet, marked as posted from now on; none where there is no channel.

    Includes the lead's own card of each, which said when it would be posted.
    """
    if not people.channels_of(connection, partnership):
        return ()
    posting = agreed_actions_due.take_to_post(connection, partnership)
    if posting is None:
        return ()
    return (*_posts(connection, partnership, posting, "once"), *_cards(connection, partnership, posting))


def mended_actions(connection: Connection, partnership: str, posting: int) -> tuple[Post, ...]:
    """Messages posted earlier, to be edited so that they show the current state."""
    return _posts(connection, partnership, posting, "refresh")


def _cards(connection: Connection, partnership: str, posting: int) -> Iterator[Post]:
    for action in agreed_actions_due.posted_under(connection, posting):
        what = references_partnership.AgreedActionCard(action)
        key = key_of(what)
        assert key is not None
        for card in agreed_actions_due.shown_to_leads(connection, partnership, key):
            where = Conversation(card.place.platform, card.place.tenant, card.place.conversation, Kind.DIRECT)
            yield Post(where, key, what, manner="refresh", person=card.person)


def _posts(connection: Connection, partnership: str, posting: int, manner: Manner) -> tuple[Post, ...]:
    return tuple(
        Post(
            Conversation(each.platform, each.tenant, each.conversation, Kind.CHANNEL),
            f"actions:{posting}:{each.platform}:{each.tenant}:{each.conversation}",
            references_partnership.AgreedActionsPosted(partnership, posting, each.language),
            manner=manner,
        )
        for each in people.channels_of(connection, partnership)
    )
