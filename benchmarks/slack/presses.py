"""Button presses as Slack sends them: signed forms that contain the whole message."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any, Final
from urllib.parse import urlencode

SECRET: Final = "the-signing-secret"
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Press:
    tenant: str
    user: str
    channel: str
    ts: str
    value: str
    """What the button carries."""
    messages: int
    """How many messages the bot sends because of it."""


def request(press: Press, blocks: list[Any], at: datetime) -> bytes:
    """The press as it arrives over the wire, on a message with these blocks."""
    body = urlencode({"payload": json.dumps(_payload(press, blocks, at))}).encode()
    timestamp = str(int(at.timestamp()))
    digest = hmac.new(SECRET.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    headers = (
        "POST /slack/events HTTP/1.1", "Host: bot.example", "User-Agent: Slackbot 1.0", "Accept: */*",
        "Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(body)}",
        f"X-Slack-Request-Timestamp: {timestamp}", f"X-Slack-Signature: v0={digest}",
    )  # fmt: skip
    return "\r\n".join((*headers, "", "")).encode() + body


def _payload(press: Press, blocks: list[Any], at: datetime) -> dict[str, Any]:
    """https://docs.slack.dev/reference/interaction-payloads/block_actions-payload"""
    number = next(_numbers)
    place = {"message_ts": press.ts, "channel_id": press.channel, "is_ephemeral": False}
    return {
        "type": "block_actions",
        "user": {"id": press.user, "username": "leader", "name": "leader", "team_id": press.tenant},
        "api_app_id": "A0BOT",
        "token": "verification-token",
        "container": {"type": "message", **place},
        "trigger_id": f"{number}.1795000000.0123456789abcdef",
        "team": {"id": press.tenant, "domain": "schools"},
        "enterprise": None,
        "is_enterprise_install": False,
        "channel": {"id": press.channel, "name": "directmessage"},
        "message": {
            "user": "U0BOT", "type": "message", "ts": press.ts, "bot_id": "B0BOT", "app_id": "A0BOT",
            "team": press.tenant, "text": "Shared goals", "blocks": blocks,
        },
        "state": {"values": {}},
        "response_url": f"https://hooks.slack.com/actions/{press.tenant}/{number}/0123456789abcdef",
        "actions": [{
            "action_id": "press-1", "block_id": "b1", "text": {"type": "plain_text", "text": "3", "emoji": False},
            "value": press.value, "type": "button", "action_ts": f"{int(at.timestamp())}.{number % 1_000_000:06}",
        }],
    }  # fmt: skip
