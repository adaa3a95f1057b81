"""Welcome a channel the bot was added to, once, on platforms that report this."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from bot.inbound.events import Conversation
from bot.messages import references
from core.services import people
from core.storage import outbox


def welcome(
    connection: Connection, channel: Conversation, event_id: str, now: datetime, turn: str | None = None
) -> frozenset[Conversation]:
    """Put the welcome into the outbox, in the partnership's language if the channel belongs to one; returns where it
    waits.
    """
    language = people.channel_language(connection, channel.platform, channel.tenant, channel.id)
    outbox.put(
        connection,
        platform=channel.platform,
        tenant=channel.tenant,
        conversation=channel.id,
        kind=channel.kind.value,
        key=f"welcome:{channel.platform}:{channel.tenant}:{event_id}",
        prompt=references.to_json(references.ChannelWelcome(language or "")),
        manner="once",
        now=now,
        turn=turn,
    )
    return frozenset({channel})
