"""What a Slack error means for a message, in the terms of ``bot.platform``.

A reason never repeats anything from the message: reasons are stored, and operators read them.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import copy
from datetime import timedelta
from http import HTTPStatus
from typing import Final, TypeAlias

import aiohttp
from slack_sdk.errors import SlackApiError

from bot.platform import Cause, OutcomeUnknown, RateLimited, Rejected, SendFailed, Unreachable


class NoLongerActive(Unreachable):
    """Slack gives one code for either: the person or the bot is no longer active."""


Trouble: TypeAlias = RateLimited | SendFailed | OutcomeUnknown | Unreachable

SHORT_PAUSE: Final = 30
"""Seconds to wait if Slack asks for a pause without saying how long."""
LONGEST_PAUSE: Final = 3600

_GONE: Final[Mapping[str, Unreachable]] = {
    "channel_not_found": Unreachable(
        "The bot is not in this channel: invite it there.\n"
        "Or Slack does not know the channel any more: check its id in the partnership's file.",
        cause=Cause.CHANNEL_NOT_FOUND,
    ),
    "not_in_channel": Unreachable("The bot is not in this channel: invite it there.", cause=Cause.NOT_IN_CHANNEL),
    "user_disabled": Unreachable("This person's Slack account was deactivated.", deactivated=True),
    "account_inactive": NoLongerActive(
        "This person or the bot is no longer active in the workspace.", cause=Cause.REMOVED
    ),
    "is_archived": Unreachable("This channel is archived.", cause=Cause.ARCHIVED),
    "user_not_found": Unreachable("Slack does not know this person any more."),
    "cannot_dm_bot": Unreachable("This is another bot, which can't be written to."),
    "messages_tab_disabled": Unreachable("The app's messages are switched off: install it again from its manifest."),
    "token_revoked": Unreachable("The bot was removed from this workspace.", cause=Cause.REMOVED),
    "team_access_not_granted": Unreachable("The bot may not act in this workspace.", cause=Cause.REMOVED),
    "message_not_found": Unreachable("That message is no longer there."),
    "cant_update_message": Unreachable("That message can't be changed any more."),
    "edit_window_closed": Unreachable("That message can't be changed any more."),
    "thread_not_found": Unreachable("The message in whose thread it goes is no longer there."),
    "is_inactive": Unreachable("That message is no longer there."),
}
_MENDABLE: Final[Mapping[str, SendFailed]] = {
    "invalid_auth": SendFailed(
        "Slack does not accept the bot token: check PARTNERSHIP_SLACK__BOT_TOKEN.\n"
        "Or the app was removed from the workspace: install it again.",
        cause=Cause.REMOVED,
    ),
    "not_authed": SendFailed(
        "There is no bot token: set PARTNERSHIP_SLACK__BOT_TOKEN, or install the app.", cause=Cause.REMOVED
    ),
    "token_expired": SendFailed("The bot token has expired: install the app again.", cause=Cause.REMOVED),
    "ekm_access_denied": SendFailed(
        "The workspace has switched off access to its messages for now.", cause=Cause.MAY_NOT_POST
    ),
    "team_added_to_org": SendFailed("The workspace is being moved to another organisation.", cause=Cause.UNWELL),
    "org_login_required": SendFailed("The workspace is being moved to another organisation.", cause=Cause.UNWELL),
    "external_channel_migrating": SendFailed("The channel is being moved.", cause=Cause.UNWELL),
    "message_limit_exceeded": SendFailed("The workspace has sent too many messages.", cause=Cause.UNWELL),
}
"""Trying again later may help."""
_TOO_LONG: Final = frozenset({"msg_too_long", "msg_blocks_too_long", "too_many_attachments"})
_FORM: Final = frozenset({"invalid_blocks", "invalid_blocks_format", "no_text", "invalid_arguments"}) | _TOO_LONG
"""Slack objects to the message's form; it may take the same as plain text."""
_NOT_ALLOWED: Final[Mapping[str, str]] = {
    "no_permission": "The workspace does not let the bot do this: ask its administrator.",
    "as_user_not_supported": "Slack lets no app of this kind post: install the app again from its manifest.",
}
_BAD_REQUEST: Final = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
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
            return SendFailed("Slack could not be reached.", cause=Cause.UNWELL)
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
    if status == HTTPStatus.TOO_MANY_REQUESTS or code in {"ratelimited", "rate_limited"}:
        return RateLimited(timedelta(seconds=_seconds(error)), hold_all=True)
    if (known := _known(error, code)) is not None:
        return known
    if code in _FORM or status in _BAD_REQUEST:
        return _bad_form(code, status)
    if not code or code in _MAY_HAVE_WORKED:
        return OutcomeUnknown("Slack is not well at the moment.")
    return _not_allowed(code)


def _known(error: SlackApiError, code: str) -> Unreachable | SendFailed | None:
    if code in _GONE:
        return copy(_GONE[code])
    if code in _MENDABLE:
        return copy(_MENDABLE[code])
    if code == "missing_scope":
        return SendFailed(_missing_scope(error), cause=Cause.MAY_NOT_POST)
    if is_about_file(error):
        return SendFailed("Slack has not processed a picture of it yet.")
    return None


def _bad_form(code: str, status: int) -> Rejected:
    too_long = code in _TOO_LONG or status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    reason = f"Slack refused it: {_printable(code) or status}."
    return Rejected(reason, plain_may_help=True, cause=Cause.TOO_LONG if too_long else Cause.OTHER)


def _not_allowed(code: str) -> Rejected:
    if code.startswith("restricted_action"):
        reason = (
            "Only some people may post in this channel: let the bot post there, in the channel's settings.\n"
            "Or the workspace lets no app post: ask its administrator."
        )
        return Rejected(reason, cause=Cause.MAY_NOT_POST)
    if code in _NOT_ALLOWED:
        return Rejected(_NOT_ALLOWED[code], cause=Cause.MAY_NOT_POST)
    return Rejected(f"Slack refused it: {_printable(code)}.")


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
