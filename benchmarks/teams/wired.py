"""Activities as they arrive over the wire, with the Bot Connector's token, which stays the same for hours."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from tests.teams import activities
from tests.teams.playing_teams import Member
from tests.teams.signing import CONNECTOR, SERVICE_URL, claims

SOMEBODY = Member("00000000-0000-4000-8000-0000000000aa", "Priya Nair")


def token(service_url: str, now: datetime, **other: object) -> str:
    return CONNECTOR.token(claims(service_url, now, **other))


def hellos(number: int, now: datetime) -> list[bytes]:
    """Short messages, all with the same token."""
    shown = token(SERVICE_URL, now)
    return [request(activities.message(SOMEBODY, "hello", now, SERVICE_URL), shown) for _ in range(number)]


def strangers(number: int, now: datetime) -> list[bytes]:
    """The same, each with its own token."""
    every = (activities.message(SOMEBODY, "hello", now, SERVICE_URL) for _ in range(number))
    return [request(each, token(SERVICE_URL, now, jti=str(place))) for place, each in enumerate(every)]


def request(activity: dict[str, Any], shown: str) -> bytes:
    body = json.dumps(activity).encode()
    headers: Iterable[str] = (
        "POST /api/messages HTTP/1.1", "Host: bot.example", "User-Agent: Microsoft-SkypeBotApi",
        "Accept: */*", "Content-Type: application/json; charset=utf-8", f"Content-Length: {len(body)}",
        f"Authorization: Bearer {shown}",
    )  # fmt: skip
    return "\r\n".join((*headers, "", "")).encode() + body
