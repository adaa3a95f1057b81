"""What a Teams error means for a message, in the terms of ``bot.platform``.

A reason never repeats anything from the message: reasons are stored, and operators read them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from datetime import timedelta
from http import HTTPStatus
from typing import Final, TypeAlias

import httpx

from bot.platform import Cause, OutcomeUnknown, RateLimited, Rejected, SendFailed, Unreachable

Trouble: TypeAlias = RateLimited | SendFailed | OutcomeUnknown | Unreachable

SHORT_PAUSE: Final = 5
"""Seconds to wait if Teams asks for a pause without saying how long."""
LONGEST_PAUSE: Final = 3600

_STATES: Final[Mapping[str, Unreachable]] = {
    "MessageWritesBlocked": Unreachable("This person has blocked the bot in Teams."),
    "BotNotInConversationRoster": Unreachable(
        "The bot has not been added there in Teams, or was removed.", cause=Cause.NOT_IN_CHANNEL
    ),
    "BotDisabledByAdmin": Unreachable(
        "The organisation's administrator has switched the bot off in Teams.", cause=Cause.REMOVED
    ),
    "ConversationNotFound": Unreachable(
        "Teams does not know this conversation any more.", cause=Cause.CHANNEL_NOT_FOUND
    ),
    "ConversationBlockedByUser": Unreachable("This person has blocked the bot in Teams."),
    "UserNotFound": Unreachable("Teams does not know this person any more."),
    "ChannelNotFound": Unreachable(
        "The bot is not in this channel's team: add it there.\n"
        "Or Teams does not know the channel any more: check its id in the partnership's file.",
        cause=Cause.CHANNEL_NOT_FOUND,
    ),
    "ActivityNotFoundInConversation": Unreachable("That message is no longer there."),
    "TenantNotFound": Unreachable("Teams does not know this organisation any more.", cause=Cause.REMOVED),
}
"""https://learn.microsoft.com/microsoftteams/platform/bots/build-conversational-capability#status-codes-from-bot-apis"""
_NOT_DONE: Final = frozenset({412, 503})
"""Not done, but the same request may succeed later."""


def trouble_of(response: httpx.Response) -> Trouble:
    """What an unsuccessful response means for the message."""
    status, code = response.status_code, code_of(response)
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return RateLimited(timedelta(seconds=_seconds(response)))
    if code in _STATES:
        return copy(_STATES[code])
    if status == HTTPStatus.NOT_FOUND:
        reason = "Teams does not know this conversation, or that message, any more."
        return Unreachable(reason, cause=Cause.CHANNEL_NOT_FOUND)
    if status == HTTPStatus.UNAUTHORIZED:
        reason = "Teams does not accept the bot's token: check PARTNERSHIP_TEAMS__APP_ID and its secret."
        return SendFailed(reason, cause=Cause.REMOVED)
    if status in _NOT_DONE:
        return SendFailed("Teams is not well at the moment.", cause=Cause.UNWELL)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return OutcomeUnknown("Teams is not well at the moment.")
    return _refused(status, f"Teams refused it: {status} {code}".rstrip() + ".")


def _refused(status: int, reason: str) -> SendFailed:
    match status:
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            return Rejected(reason, plain_may_help=True, cause=Cause.TOO_LONG)
        case HTTPStatus.BAD_REQUEST:
            return Rejected(reason, plain_may_help=True)
        case HTTPStatus.FORBIDDEN:
            return Rejected(reason, cause=Cause.MAY_NOT_POST)
        case _:
            return SendFailed(reason)


def trouble_on_the_way(error: httpx.HTTPError) -> Trouble:
    """What a broken connection means for the message."""
    match error:
        case httpx.ConnectError() | httpx.ConnectTimeout() | httpx.PoolTimeout() | httpx.UnsupportedProtocol():
            return SendFailed("Teams could not be reached.", cause=Cause.UNWELL)
        case httpx.TimeoutException():
            return OutcomeUnknown("Teams did not answer in time.")
        case _:
            return OutcomeUnknown("The connection to Teams ended before it answered.")


def code_of(response: httpx.Response) -> str:
    """Teams' own code for the error; empty if there was none."""
    try:
        match response.json():
            case {"error": {"code": str(code)}}:
                return _printable(code)
    except ValueError:
        pass
    return ""


@contextmanager
def nothing_sent() -> Iterator[None]:
    """For calls that send nothing visible, so that the outcome is never in doubt."""
    try:
        yield
    except OutcomeUnknown as doubt:
        raise SendFailed(doubt.reason, cause=Cause.UNWELL) from None


def _seconds(response: httpx.Response) -> int:
    written = response.headers.get("Retry-After", "")
    seconds = int(written) if written.isascii() and written.isdigit() and len(written) < 6 else SHORT_PAUSE
    return min(max(seconds, 1), LONGEST_PAUSE)


def _printable(code: str) -> str:
    return "".join(each for each in code[:80] if each.isascii() and (each.isalnum() or each in "_:,.-"))
