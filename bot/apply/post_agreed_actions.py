"""Tell everybody in a partnership's channels what its meeting agreed, and leads that it has been told."""

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
    """What has been agreed and not posted yet, which counts as posted now; none where there is no channel.

    With each lead's own card of such an action, which said when it would be posted.
    """
    if not people.channels_of(connection, partnership):
        return ()
    posting = agreed_actions_due.take_to_post(connection, partnership)
    if posting is None:
        return ()
    return (*_posts(connection, partnership, posting, "once"), *_cards(connection, partnership, posting))


def mended_actions(connection: Connection, partnership: str, posting: int) -> tuple[Post, ...]:
    """What was posted before, to say how things are now."""
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
