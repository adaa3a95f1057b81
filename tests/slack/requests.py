"""What Slack sends, signed as it signs it."""

from __future__ import annotations

import hashlib
import hmac
import json
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from typing import Any, TypeAlias
from urllib.parse import urlencode

from tests.slack.playing_slack import TEAM

Json: TypeAlias = dict[str, Any]

SECRET = "the-signing-secret"
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
_numbers = count(1)


@dataclass(frozen=True)
class Request:
    body: bytes
    content_type: str
    headers: dict[str, str] = field(default_factory=dict)


def signed(body: bytes, content_type: str, now: datetime, secret: str = SECRET) -> Request:
    """Written out again here, so that the bot's own arithmetic is checked by another."""
    timestamp = str(int(now.timestamp()))
    digest = hmac.new(secret.encode(), b":".join((b"v0", timestamp.encode(), body)), hashlib.sha256).hexdigest()
    headers = {"x-slack-request-timestamp": timestamp, "x-slack-signature": f"v0={digest}"}
    return Request(body, content_type, {"content-type": content_type, **headers})


def as_json(payload: Json, now: datetime) -> Request:
    return signed(json.dumps(payload).encode(), JSON, now)


def as_form(fields: dict[str, str], now: datetime) -> Request:
    return signed(urlencode(fields).encode(), FORM, now)


def interaction(payload: Json, now: datetime) -> Request:
    return as_form({"payload": json.dumps(payload)}, now)


def new_key(letter: str) -> str:
    return f"{letter}{next(_numbers):08}"


def event(inner: Json, *, team: str = TEAM, key: str | None = None, **more: object) -> Json:
    return {
        "token": "verification", "team_id": team, "api_app_id": "A1", "type": "event_callback", "event": inner,
        "event_id": key or new_key("Ev"), "event_time": 1795000000,
        "authorizations": [{"enterprise_id": None, "team_id": TEAM, "user_id": "U0BOT", "is_bot": True}],
        "is_ext_shared_channel": False, **more,
    }  # fmt: skip


def message(user: str, text: str, at: datetime, **more: object) -> Json:
    """A direct message, as Slack escapes what is typed."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    ts = f"{at.timestamp():.6f}"
    return {
        "type": "message", "channel_type": "im", "channel": f"D{user.removeprefix('U')}", "user": user,
        "text": escaped, "ts": ts, "event_ts": ts, "team": TEAM, "client_msg_id": new_key("c"),
    } | more  # fmt: skip


def edit(user: str, before: str, after: str, at: datetime, **more: object) -> Json:
    """Somebody has changed the text of a message that they had sent to the bot."""
    first = message(user, before, at)
    now = first | {"text": after, "edited": {"user": user, "ts": f"{at.timestamp():.6f}"}}
    return {
        "type": "message", "subtype": "message_changed", "hidden": True, "channel": first["channel"],
        "channel_type": "im", "ts": first["ts"], "event_ts": first["ts"], "message": now, "previous_message": first,
    } | more  # fmt: skip


def user_change(user: str, *, deleted: bool, **more: object) -> Json:
    """Something about somebody's account was changed: their name, their status, or whether they have one."""
    changed = {"id": user, "team_id": TEAM, "name": "someone", "deleted": deleted, "is_bot": False, "profile": {}}
    return {
        "type": "user_change", "user": changed | more, "cache_ts": 1795000000, "event_ts": "1795000000.000200",
    }  # fmt: skip


def press(
    user: str, channel: str, value: str, at: datetime, *, action_id: str = "press-1", ts: str = "1795000000.000001",
    **more: object,
) -> Json:  # fmt: skip
    return {
        "type": "block_actions", "user": {"id": user, "team_id": TEAM}, "team": {"id": TEAM, "domain": "schools"},
        "api_app_id": "A1", "token": "verification", "trigger_id": new_key("tr"), "channel": {"id": channel},
        "container": {"type": "message", "message_ts": ts, "channel_id": channel},
        "message": {"ts": ts, "team": TEAM}, "response_url": "https://hooks.slack.com/actions/T/1/x",
        "actions": [{
            "type": "button", "action_id": action_id, "block_id": "b", "value": value,
            "action_ts": f"{at.timestamp():.6f}",
        }],
    } | more  # fmt: skip


def home_opened(user: str, at: datetime, view: Json | None) -> Json:
    """Somebody looks at the bot's own tab, which may have been shown to them before."""
    shown = {} if view is None else {"view": view | {"id": "V0HOME", "type": "home"}}
    return {
        "type": "app_home_opened", "user": user, "channel": f"D{user.removeprefix('U')}", "tab": "home",
        "event_ts": f"{at.timestamp():.6f}",
    } | shown  # fmt: skip


def press_at_home(user: str, value: str, at: datetime, *, action_id: str = "press-1") -> Json:
    pressed = press(user, "", value, at, action_id=action_id)
    del pressed["channel"], pressed["message"], pressed["response_url"]
    return pressed | {
        "container": {"type": "view", "view_id": "V0HOME"},
        "view": {"id": "V0HOME", "team_id": TEAM, "type": "home", "callback_id": "home", "app_installed_team_id": TEAM},
    }


def command(user: str, channel: str, name: str, text: str = "", **more: str) -> dict[str, str]:
    return {
        "token": "verification", "team_id": TEAM, "team_domain": "schools", "channel_id": channel,
        "channel_name": "directmessage" if channel.startswith("D") else "partnership", "user_id": user,
        "user_name": "someone", "command": name, "text": text, "api_app_id": "A1",
        "response_url": "https://hooks.slack.com/commands/T/1/x", "trigger_id": new_key("tr"),
    } | more  # fmt: skip


def submission(user: str, view: Json, text: str) -> Json:
    return {
        "type": "view_submission", "team": {"id": TEAM, "domain": "schools"}, "user": {"id": user, "team_id": TEAM},
        "api_app_id": "A1", "token": "verification", "trigger_id": new_key("tr"),
        "view": view | {
            "state": {"values": {"text": {"text": {"type": "plain_text_input", "value": text}}}},
            "team_id": TEAM, "app_installed_team_id": TEAM, "hash": "1.x",
        },
        "response_urls": [],
    }  # fmt: skip
