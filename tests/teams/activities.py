"""What Teams sends, in the shape in which it sends it."""

from __future__ import annotations

from datetime import datetime
from itertools import count
from typing import Any, TypeAlias

from tests.teams.playing_teams import BOT_ID, Member
from tests.teams.signing import TENANT

Json: TypeAlias = dict[str, Any]

CHANNEL = "19:willow-valley@thread.tacv2"
TEAM = "19:the-team@thread.tacv2"
_numbers = count(1)


def new_id() -> str:
    return f"f:{next(_numbers):08}-4ad1-4be1-9a06-000000000000"


def talk_with(person: Member) -> str:
    """What Teams calls a person's own conversation with the bot."""
    return f"a:1_{person.directory_id}"


def activity(kind: str, sender: Member, at: datetime, service_url: str, **more: object) -> Json:
    return {
        "type": kind, "id": new_id(), "timestamp": at.isoformat().replace("+00:00", "Z"),
        "localTimestamp": at.isoformat(), "localTimezone": "Europe/London", "channelId": "msteams",
        "serviceUrl": service_url, "locale": "en-GB",
        "from": {"id": sender.id, "name": sender.name, "aadObjectId": sender.directory_id},
        "recipient": {"id": BOT_ID, "name": "Partnership bot"},
        "conversation": {
            "conversationType": "personal", "tenantId": sender.tenant, "id": talk_with(sender),
        },
        "channelData": {"tenant": {"id": sender.tenant}},
        "entities": [{"type": "clientInfo", "locale": "en-GB", "country": "GB", "platform": "Web"}],
    } | more  # fmt: skip


def message(sender: Member, text: str, at: datetime, service_url: str, **more: object) -> Json:
    return activity("message", sender, at, service_url, text=text, textFormat="plain", **more)


def edited(sender: Member, text: str, at: datetime, service_url: str, **more: object) -> Json:
    """A message whose text was changed: it has the id of the message."""
    data = {"channelData": {"tenant": {"id": sender.tenant}, "eventType": "editMessage"}}
    return message(sender, text, at, service_url, **data | {"type": "messageUpdate"} | more)


def in_channel(sender: Member, thread: str = "1795000000001", **more: object) -> Json:
    """What is different about everything that happens in the partnership's channel."""
    return {
        "conversation": {
            "isGroup": True, "conversationType": "channel", "tenantId": TENANT, "id": f"{CHANNEL};messageid={thread}",
        },
        "channelData": {
            "teamsChannelId": CHANNEL, "teamsTeamId": TEAM, "channel": {"id": CHANNEL},
            "team": {"id": TEAM, "name": "Willow Valley"}, "tenant": {"id": TENANT},
        },
    } | more  # fmt: skip


def mention(sender: Member, text: str, at: datetime, service_url: str, **more: object) -> Json:
    """The bot called by name in the channel."""
    called = "<at>Partnership bot</at>"
    entity = {"type": "mention", "text": called, "mentioned": {"id": BOT_ID, "name": "Partnership bot"}}
    there = in_channel(sender) | {"entities": [entity]} | more
    return message(sender, f"{called}&nbsp;{text}", at, service_url, **there)


def executed(sender: Member, data: Json, replies_to: str, at: datetime, service_url: str, **more: object) -> Json:
    value = {"action": {"type": "Action.Execute", "verb": "press", "data": data}, "trigger": "manual"}
    return activity(
        "invoke", sender, at, service_url, name="adaptiveCard/action", value=value, replyToId=replies_to, **more
    )


def submitted(sender: Member, data: Json, replies_to: str, at: datetime, service_url: str, **more: object) -> Json:
    return activity("message", sender, at, service_url, value=data, replyToId=replies_to, **more)


def installed(sender: Member, at: datetime, service_url: str, action: str = "add", **more: object) -> Json:
    return activity("installationUpdate", sender, at, service_url, action=action, **more)
