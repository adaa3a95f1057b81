"""Slack's ids, from what people copy: an id, a mention or a link.

An id is in capitals. In small letters it could be the name of a channel or a person, so it is not put right.
"""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import parse_qs

from core.pasted_text import PlatformIds, Unclear, link, token, unclear_id

_TENANT: Final = "[TE][A-Z0-9]+"
_USER: Final = "[UW][A-Z0-9]+"
_CHANNEL: Final = "[CG][A-Z0-9]+"
_HOST: Final = re.compile(r"(?:[a-z0-9-]+\.)*slack(?:-gov)?\.com")
_PLACE: Final = re.compile(
    f"/(?:client/(?P<tenant>{_TENANT})(?:/(?P<channel>{_CHANNEL}))?|archives/(?P<archive>{_CHANNEL})"
    f"|team/(?P<user>{_USER}))(?:/.*)?"
)
_ASKED: Final = {"team": "tenant", "id": "channel"}
"""As in slack://channel?team=…&id=… and in slack.com/app_redirect?team=…&channel=…."""
_MENTION: Final = re.compile(r"<?[@#]([A-Z0-9]+)(?:\|[^>]*)?>?")


def tenant_id(pasted: str) -> str:
    found = _in_link(pasted).get("tenant") or token(pasted)
    if re.fullmatch(_TENANT, found):
        return found
    where = "It begins with T, and stands in the browser's address: app.slack.com/client/T…"
    raise unclear_id(found, f"is not a workspace's id. {_capitals(found, _TENANT)}{where}")


def user_id(pasted: str) -> str:
    found = _in_link(pasted).get("user") or _mentioned(pasted)
    if re.fullmatch(_USER, found):
        return found
    where = "It begins with U or W: in their profile in Slack, choose Copy member ID."
    raise unclear_id(found, f"is not a person's id. {_capitals(found, _USER)}{where}")


def channel_id(pasted: str, tenant: str) -> str:
    linked = _in_link(pasted)
    if (of := linked.get("tenant", "")).startswith("T") and tenant.startswith("T") and of != tenant:
        raise Unclear(f"is a link into the workspace {of}, and the tenant here is another. Check the two.")
    found = linked.get("channel") or linked.get("archive") or _mentioned(pasted)
    if re.fullmatch(_CHANNEL, found):
        return found
    where = "It begins with C or G, and stands at the end of the channel's About, and of its link."
    what = "a conversation between people" if re.fullmatch("D[A-Z0-9]+", found) else "not a channel's id"
    raise unclear_id(found, f"is {what}. {_capitals(found, _CHANNEL)}{where}")


def _in_link(pasted: str) -> dict[str, str]:
    """The ids in one of Slack's links, each by what it is; nothing if this isn't one."""
    parts = link(pasted)
    if parts.scheme != "slack" and not _HOST.fullmatch(parts.hostname or ""):
        return {}
    asked = {_ASKED.get(key, key): values[0] for key, values in parse_qs(parts.query).items()}
    place = _PLACE.fullmatch(parts.path)
    return asked if place is None else {name: found for name, found in place.groupdict().items() if found}


def _mentioned(pasted: str) -> str:
    plain = token(pasted)
    found = _MENTION.fullmatch(plain) or _MENTION.fullmatch(f"<{plain}>")
    return found[1] if found else plain


def _capitals(text: str, pattern: str) -> str:
    """A suggestion where only the capitals are missing; a word without a digit is more likely a name."""
    meant = text.upper()
    return f"Did you mean {meant}? " if re.fullmatch(pattern, meant) and re.search("[0-9]", meant) else ""


SLACK_IDS: Final = PlatformIds(tenant_id, user_id, channel_id)
