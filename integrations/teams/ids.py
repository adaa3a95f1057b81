"""Teams' ids, from what people copy: an id with capitals or braces, as it stands in a link, or the whole link."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import SplitResult, parse_qs, unquote

from core.pasted_text import PlatformIds, Unclear, guid, link, token, unclear_id

_CHANNEL: Final = re.compile(r"(19:[A-Za-z0-9._-]+@thread\.(?:tacv2|skype))(?:;messageid=[0-9]+)?")
"""One made before 2021 or so ends in ``skype``; that of a message in the channel says where its thread begins."""
_IN_LINK: Final = re.compile(r"/l/(?:channel|message)/([^/]+)(?:/.*)?")
_HOST: Final = re.compile(r"(?:[a-z0-9-]+\.)*teams\.(?:microsoft\.(?:com|us)|cloud\.microsoft|microsoftonline\.cn)")
_OF_THIS_BOT: Final = re.compile("29:[A-Za-z0-9_-]+")
_OF_CHATS: Final = "8:orgid:"
"""What Teams puts before a person's object id in its own addresses."""


def tenant_id(pasted: str) -> str:
    plain = token(pasted)
    found = guid(plain) or _tenant_of(link(pasted))
    if found is None:
        way_out = "Write the Directory (tenant) ID, which also stands in a channel's link after tenantId=."
        raise unclear_id(plain, f"is not the id of an organisation. {way_out}")
    return found


def user_id(pasted: str) -> str:
    plain = token(pasted)
    if found := guid(plain.removeprefix(_OF_CHATS)):
        return found
    if _OF_THIS_BOT.fullmatch(plain):
        return plain
    raise unclear_id(plain, f"is not a person's id. Write their Object ID in Entra{_or_email(plain)}.")


def channel_id(pasted: str, tenant: str) -> str:
    plain, parts = token(pasted), link(pasted)
    if (of := _tenant_of(parts)) and tenant and of != tenant:
        raise Unclear(f"is a link into the organisation {of}, and the tenant here is another. Check the two.")
    place = _IN_LINK.fullmatch(parts.path) if _is_of_teams(parts) else None
    if found := _CHANNEL.fullmatch(unquote(place[1] if place else plain)):
        return found[1]
    way_out = "Of the channel, choose Get link to channel, and write that link."
    raise unclear_id(
        unquote(plain), f"is {'not the link to' if _is_of_teams(parts) else 'not the id of'} a channel. {way_out}"
    )


def _is_of_teams(parts: SplitResult) -> bool:
    return _HOST.fullmatch(parts.hostname or "") is not None


def _tenant_of(parts: SplitResult) -> str | None:
    named = parse_qs(parts.query).get("tenantId", [""]) if _is_of_teams(parts) else [""]
    return guid(named[0])


def _or_email(plain: str) -> str:
    return ", or this address under email" if "@" in plain else ""


TEAMS_IDS: Final = PlatformIds(tenant_id, user_id, channel_id)
