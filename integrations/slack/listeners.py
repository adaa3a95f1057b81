"""What the bot listens for in Slack: an ordinary Bolt app, behind our own verification.

A listener parses the payload into our own types (``parse``), has the bot act on it (``hear``), and acknowledges it.
Requests are verified and decoded before they get here: Bolt's verification answers 500 to some garbage and logs what it
refuses, and its decoder takes most of its time.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import Final, Protocol

from slack_bolt import BoltResponse
from slack_bolt.async_app import AsyncAck, AsyncApp, AsyncBoltRequest
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk.web.async_client import AsyncWebClient

from core.log import Log
from integrations.slack import parse, words
from integrations.slack.connection import quiet_logger
from integrations.slack.form import CALLBACK
from integrations.slack.parse import Payload, Received
from integrations.slack.receive import NotDone

_log = Log(__name__)

_ANY: Final = re.compile("")
_NOT_OURS: Final = "\n".join(words.FOR_MEMBERS.values())


class Hear(Protocol):
    async def __call__(self, received: Received, *, again: bool = False) -> bool:
        """Do what was asked. False if the bot isn't installed; raises ``NotDone``."""
        ...


def bolt_app(hear: Hear, clock: Callable[[], datetime]) -> AsyncApp:
    app = _app()
    app.error(_answer_to)
    _listen_to_people(app, hear, clock)
    _listen_to_events(app, hear)
    return app


def _listen_to_people(app: AsyncApp, hear: Hear, clock: Callable[[], datetime]) -> None:
    # Presses first: they are the most frequent, and listeners are tried in order.
    @app.action(_ANY)
    async def pressed(ack: AsyncAck, body: Payload) -> None:
        await hear(parse.pressed(body))
        await ack()

    @app.view(CALLBACK)
    async def written(ack: AsyncAck, body: Payload) -> None:
        await hear(parse.written(body, clock()))
        await ack()

    @app.command(_ANY)
    async def commanded(ack: AsyncAck, body: Payload) -> None:
        if await hear(parse.commanded(body, clock())):
            await ack()
        else:
            await ack(_NOT_OURS, response_type="ephemeral")


def _listen_to_events(app: AsyncApp, hear: Hear) -> None:
    """Bolt itself acknowledges events, once their listener is done."""

    @app.event("message")
    async def typed(body: Payload, again: bool) -> None:
        await hear(parse.said(body), again=again)

    @app.event("app_home_opened")
    async def home_opened(body: Payload) -> None:
        await hear(parse.home_opened(body))

    @app.event("app_uninstalled")
    async def uninstalled(body: Payload) -> None:
        await hear(parse.uninstalled(body))

    @app.event("user_change")
    async def user_changed(body: Payload) -> None:
        await hear(parse.user_changed(body))

    @app.event("tokens_revoked")
    async def tokens_revoked(body: Payload) -> None:
        await hear(parse.tokens_revoked(body))


async def dispatch(app: AsyncApp, payload: Payload, *, again: bool = False) -> BoltResponse:
    """The response to a verified payload. ``again``: Slack has sent it before."""
    try:
        # The mode in which Bolt takes a payload that is already decoded, over HTTP too.
        request = AsyncBoltRequest(body=payload, mode="socket_mode", context={"again": again})
        return await app.async_dispatch(request)
    except Exception as error:  # noqa: BLE001 - Bolt trips over odd fields, even while it handles an error
        return await _answer_to(error)


async def _answer_to(error: Exception) -> BoltResponse:
    match error:
        case BoltUnhandledRequestError():
            return BoltResponse(status=200)  # Slack would send it again.
        case NotDone():
            return BoltResponse(status=503)  # Slack sends it again, or tells the person that it didn't work.
        case _:
            _log.error("Something from Slack could not be read", error)
            return BoltResponse(status=400)


def _app() -> AsyncApp:
    return AsyncApp(
        name="partnership-bot",
        logger=quiet_logger(),
        client=AsyncWebClient(logger=quiet_logger(), retry_handlers=[]),
        authorize=_authorize,
        signing_secret="",
        request_verification_enabled=False,
        ssl_check_enabled=False,
        ignoring_self_events_enabled=False,
        attaching_function_token_enabled=False,
        attaching_conversation_kwargs_enabled=False,
        # Otherwise Bolt polls every 10 ms for a listener's acknowledgement.
        process_before_response=True,
        raise_error_for_unhandled_request=True,
    )


async def _authorize(team_id: str | None) -> AuthorizeResult:
    """Bolt's client isn't used, so it needs no token. ``parse`` works out the workspace: for a message in a channel
    shared by several, Bolt takes the person's workspace for the app's.
    """
    return AuthorizeResult(enterprise_id=None, team_id=team_id)
