"""What a Slack error means for a message, in the terms of ``bot.platform``.

A reason never repeats anything from the message: reasons are stored, and operators read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Final, TypeAlias

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.platform import OutcomeUnknown, RateLimited, SendFailed, Unreachable


class NoLongerActive(Unreachable):
    """Slack gives one code for either: the person or the bot is no longer active."""


Trouble: TypeAlias = RateLimited | SendFailed | OutcomeUnknown | Unreachable

SHORT_PAUSE: Final = 30
"""Seconds to wait if Slack asks for a pause without saying how long."""
LONGEST_PAUSE: Final = 3600

_GONE: Final[Mapping[str, str]] = {
    "channel_not_found": "Slack does not know this channel, or the bot is not in it: invite the bot there.",
    "not_in_channel": "The bot is not in this channel: invite it there.",
    "is_archived": "This channel is archived.",
    "user_not_found": "Slack does not know this person any more.",
    "cannot_dm_bot": "This is another bot, which can't be written to.",
    "messages_tab_disabled": "The app's messages are switched off: install it again from its manifest.",
    "token_revoked": "The bot was removed from this workspace.",
    "team_access_not_granted": "The bot may not act in this workspace.",
    "message_not_found": "That message is no longer there.",
    "cant_update_message": "That message can't be changed any more.",
    "edit_window_closed": "That message can't be changed any more.",
    "thread_not_found": "The message in whose thread it goes is no longer there.",
    "is_inactive": "That message is no longer there.",
}
_MENDABLE: Final[Mapping[str, str]] = {
    "invalid_auth": "Slack does not accept the bot token: check PARTNERSHIP_SLACK__BOT_TOKEN or install the app again.",
    "not_authed": "There is no bot token: set PARTNERSHIP_SLACK__BOT_TOKEN, or install the app.",
    "token_expired": "The bot token has expired: install the app again.",
    "restricted_action": "The workspace does not let the bot post here: ask its administrator.",
    "ekm_access_denied": "The workspace has switched off access to its messages for now.",
}
_MAY_HAVE_WORKED: Final = frozenset({"fatal_error", "internal_error", "service_unavailable", "request_timeout"})
NO_PRIVATE_WORD: Final = frozenset({"user_not_in_channel", "not_in_channel", "channel_not_found", "is_archived"})
"""One person in a channel can't be shown something there; there may be another way to tell them."""

NO_THREADS: Final = frozenset(
    {"restricted_action_non_threadable_channel", "restricted_action_thread_locked", "cannot_reply_to_message"}
)
"""Nobody can reply to this message, but the bot may still post in the channel itself."""
NO_LOOKING_BACK: Final = frozenset({"missing_scope", "not_allowed_token_type", "no_permission"})
"""The bot may not look. Slack allows only a person's token to read threads in channels.
https://docs.slack.dev/reference/methods/conversations.replies
"""


def trouble_of(error: Exception) -> Trouble:
    """What a call's error means for the message it should have sent."""
    match error:
        case SlackApiError():
            return _refused(error)
        case aiohttp.ClientConnectorError() | aiohttp.ConnectionTimeoutError():
            return SendFailed("Slack could not be reached.")
        case TimeoutError():
            return OutcomeUnknown("Slack did not answer in time.")
        case _:
            return OutcomeUnknown("The connection to Slack ended before it answered.")


def code_of(error: SlackApiError) -> str:
    """Slack's own code for the error; empty if there was none."""
    data = getattr(error.response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    return code if isinstance(code, str) else ""


def is_about_file(error: SlackApiError) -> bool:
    """Whether Slack refused a message because it hasn't processed its picture yet."""
    data = getattr(error.response, "data", None)
    return code_of(error) == "invalid_blocks" and "slack file" in str(data).replace("_", " ")


def _refused(error: SlackApiError) -> Trouble:
    status, code = getattr(error.response, "status_code", 0), code_of(error)
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        return RateLimited(timedelta(seconds=_seconds(error)), hold_all=True)
    if code == "user_disabled":
        return Unreachable("This person's Slack account was deactivated.", deactivated=True)
    if code == "account_inactive":
        return NoLongerActive("This person or the bot is no longer active in the workspace.")
    if code in _GONE:
        return Unreachable(_GONE[code])
    if code == "missing_scope":
        return SendFailed(_missing_scope(error))
    if code in _MENDABLE:
        return SendFailed(_MENDABLE[code])
    if not code or code in _MAY_HAVE_WORKED:
        return OutcomeUnknown("Slack is not well at the moment.")
    return SendFailed(f"Slack refused it: {_printable(code)}.")


def _seconds(error: SlackApiError) -> int:
    headers = getattr(error.response, "headers", {})
    written = str(headers.get("Retry-After", ""))
    seconds = int(written) if written.isascii() and written.isdigit() and len(written) < 6 else SHORT_PAUSE
    return min(max(seconds, 1), LONGEST_PAUSE)


def _missing_scope(error: SlackApiError) -> str:
    data = getattr(error.response, "data", None)
    needed = _printable(str(data.get("needed", ""))) if isinstance(data, dict) else ""
    return f"The Slack app lacks a permission ({needed or 'unknown'}): install it again from its manifest."


def _printable(code: str) -> str:
    return "".join(each for each in code[:80] if each.isascii() and (each.isalnum() or each in "_:,.-"))
